package ai.pediscreen.telemetry.drift;

import java.util.Arrays;

/**
 * Judges many p-values together, so that a chosen share of those that pass is false, however many
 * there are. Thread-safe.
 */
public final class FalseDiscoveryRate {

  private FalseDiscoveryRate() {}

  /**
   * Which p-values pass: the smallest ones, up to the last that is at most its rank times {@code
   * rate} divided by how many there are.
   *
   * <p>Source: Benjamini and Hochberg, Controlling the False Discovery Rate (1995). Holds for
   * independent looks and for those that rise and fall together, as an organisation's and all
   * organisations' do (Benjamini and Yekutieli, 2001).
   *
   * @param pValues each 0 to 1; none gives none
   * @param rate how many of those that pass may be false, over 0 and under 1
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public static boolean[] passing(double[] pValues, double rate) {
    if (!(rate > 0 && rate < 1)) {
      throw new IllegalArgumentException("rate must be over 0 and under 1, but is " + rate);
    }
    double[] ascending = pValues.clone();
    Arrays.sort(ascending);
    double last = -1;
    for (int i = 0; i < ascending.length; i++) {
      if (!(ascending[i] >= 0 && ascending[i] <= 1)) {
        throw new IllegalArgumentException(
            "p-values must be between 0 and 1, but one is " + ascending[i]);
      }
      if (ascending[i] <= rate * (i + 1) / ascending.length) {
        last = ascending[i];
      }
    }
    boolean[] passing = new boolean[pValues.length];
    for (int i = 0; i < passing.length; i++) {
      passing[i] = pValues[i] <= last;
    }
    return passing;
  }
}

package ai.pediscreen.telemetry.bench;

import java.util.Arrays;

/** How long each of some requests took. Immutable. */
final class Latencies {

  private final int[] micros;

  private Latencies(int[] micros) {
    this.micros = micros;
  }

  /** Values in microseconds and any order. */
  static Latencies ofMicros(int[] values) {
    return ofMicros(values, values.length);
  }

  /** The first values, in microseconds and any order. */
  static Latencies ofMicros(int[] values, int count) {
    int[] sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    return new Latencies(sorted);
  }

  int count() {
    return micros.length;
  }

  /**
   * The latency that a share of the requests did not exceed (nearest rank).
   *
   * @param share between 0 and 1
   * @return milliseconds; 0 without requests
   */
  double percentileMillis(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share must be between 0 and 1, was " + share);
    }
    if (micros.length == 0) {
      return 0;
    }
    int rank = Math.max(1, (int) Math.ceil(share * micros.length));
    return micros[rank - 1] / 1e3;
  }
}

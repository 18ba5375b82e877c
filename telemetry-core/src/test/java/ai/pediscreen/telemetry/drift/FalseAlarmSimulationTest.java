package ai.pediscreen.telemetry.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How often a day cries wolf when nothing has changed: lognormal latencies in whole milliseconds
 * (median 800, σ 0.6), a day against the week before it, both from the same distribution. SEED, 10
 * buckets, 95 %. The naive rule alarms on an index over 0.2 whatever the samples' size.
 *
 * <p>The random seed is fixed, so the table in the package's course is this one. The standard error
 * of a rate of 6 % is 0.5 points in 2000 days and 0.75 in 1000.
 */
class FalseAlarmSimulationTest {

  private static final double NAIVE_ALARM = 0.2;

  /** What days without drift gave, in percent of days. */
  record Rates(double naive, double significant, double moderate, double alarm) {}

  @ParameterizedTest
  @CsvSource({"10, 70, 2000", "100, 700, 2000", "500, 3500, 1000", "1000, 7000, 1000"})
  void falseAlerts_areAsRareAsPromised(int day, int week, int days) {
    Rates rates = simulate(day, week, days);
    System.out.printf(
        "no drift, %4d against %4d: naive %.1f %%, significant %.1f %%, MODERATE %.1f %%,"
            + " SIGNIFICANT %.1f %%%n",
        day, week, rates.naive, rates.significant, rates.moderate, rates.alarm);

    if (day == 10) {
      assertThat(rates.naive).isGreaterThan(99);
      assertThat(rates.alarm).isZero();
      assertThat(rates.moderate).isZero();
    } else {
      assertThat(rates.significant).isBetween(1.0, 8.0);
      assertThat(rates.alarm).isLessThanOrEqualTo(rates.significant);
      assertThat(rates.alarm).isLessThanOrEqualTo(rates.naive);
    }
  }

  private static Rates simulate(int daySize, int weekSize, int days) {
    Random random = new Random(20_261_123L + daySize);
    var psi = PopulationStabilityIndex.standard();
    int naive = 0;
    int significant = 0;
    int moderate = 0;
    int alarm = 0;
    for (int i = 0; i < days; i++) {
      var result = psi.compare(latencies(random, weekSize), latencies(random, daySize));
      naive += result.index() > NAIVE_ALARM ? 1 : 0;
      significant += result.significant() ? 1 : 0;
      moderate += result.verdict() == DriftVerdict.MODERATE ? 1 : 0;
      alarm += result.verdict() == DriftVerdict.SIGNIFICANT ? 1 : 0;
    }
    return new Rates(
        percent(naive, days),
        percent(significant, days),
        percent(moderate, days),
        percent(alarm, days));
  }

  private static double percent(int some, int days) {
    return 100.0 * some / days;
  }

  private static int[] latencies(Random random, int size) {
    int[] latencies = new int[size];
    for (int i = 0; i < size; i++) {
      latencies[i] = (int) Math.round(800 * Math.exp(0.6 * random.nextGaussian()));
    }
    return latencies;
  }
}

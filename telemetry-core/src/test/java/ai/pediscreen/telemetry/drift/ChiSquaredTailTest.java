package ai.pediscreen.telemetry.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Random;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.HypergeometricDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares with commons-statistics, and with printed tables. */
class ChiSquaredTailTest {

  /** Percent: a relative error of 1e-11. */
  private static final double CLOSE = 1e-9;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 9, 10, 28, 29, 30, 31, 99, 1_000, 9_999, 100_000})
  void survival_agreesWithTheLibrary_fromOneToZero(int degrees) {
    ChiSquaredDistribution library = ChiSquaredDistribution.of(degrees);

    for (double share : new double[] {1e-9, 0.01, 0.3, 0.7, 0.9, 1, 1.01, 1.1, 1.5, 3, 10, 600}) {
      double statistic = share * degrees;
      double expected = library.survivalProbability(statistic);
      if (expected > 1e-290) {
        assertThat(ChiSquaredTail.survival(statistic, degrees))
            .as("survival(%s, %d)", statistic, degrees)
            .isCloseTo(expected, withinPercentage(CLOSE));
      }
    }
    assertThat(ChiSquaredTail.survival(0, degrees)).isOne();
    assertThat(ChiSquaredTail.survival(1e300, degrees)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 9, 10, 29, 30, 99, 1_000, 100_000})
  void quantile_invertsTheTail(int degrees) {
    ChiSquaredDistribution library = ChiSquaredDistribution.of(degrees);
    for (double probability :
        new double[] {1e-30, 1e-6, 0.05, 0.4, 0.5, 0.6, 0.9, 0.95, 0.99, 0.999, 1 - 1e-12}) {
      double quantile = ChiSquaredTail.quantile(probability, degrees);
      assertThat(quantile)
          .as("quantile(%s, %d)", probability, degrees)
          .isCloseTo(
              probability < 0.5
                  ? library.inverseCumulativeProbability(probability)
                  : library.inverseSurvivalProbability(1 - probability),
              within(1e-8 * Math.max(1e-7, quantile)));
      assertThat(ChiSquaredTail.survival(quantile, degrees))
          .isCloseTo(
              1 - probability, withinPercentage(1e-9 / Math.min(1, 1e6 * (1 - probability))));
    }
  }

  /** NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4. */
  @ParameterizedTest
  @CsvSource({"1, 0.95, 3.841", "9, 0.95, 16.919", "9, 0.99, 21.666", "100, 0.999, 149.449"})
  void quantile_agreesWithTheTables(int degrees, double probability, double expected) {
    assertThat(ChiSquaredTail.quantile(probability, degrees)).isCloseTo(expected, within(0.0005));
  }

  @Test
  void fishersTest_agreesWithTheLibrary() {
    long seed = Long.getLong("telemetry.test.seed", new Random().nextLong());
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      int of = 1 + random.nextInt(200_000);
      int nowOf = 1 + random.nextInt(random.nextBoolean() ? 30 : 2_000);
      int some = random.nextInt(1 + Math.min(of, 20));
      int now = random.nextInt(1 + Math.min(nowOf, 20));
      int with = some + now;
      if (with == 0 || with == of + nowOf || (double) with * nowOf / (of + nowOf) >= 20) {
        continue;
      }
      HypergeometricDistribution chance = HypergeometricDistribution.of(of + nowOf, with, nowOf);
      double expected =
          2 * Math.min(chance.cumulativeProbability(now), chance.survivalProbability(now - 1));

      assertThat(ShareTest.pValue(some, of, now, nowOf))
          .as("seed %d: %d of %d, %d of %d", seed, some, of, now, nowOf)
          .isCloseTo(Math.min(1, expected), withinPercentage(1e-8));
    }
  }

  @Test
  void fishersTest_isExact_inTheFarthestTails() {
    assertThat(ShareTest.pValue(0, 1_000_000_000_000L, 100_000, 100_000)).isZero();
    assertThat(ShareTest.pValue(100_000, 100_000, 0, 1_000_000_000_000L)).isZero();
    assertThat(ShareTest.pValue(1, 1, 0, 1)).isOne();
  }
}

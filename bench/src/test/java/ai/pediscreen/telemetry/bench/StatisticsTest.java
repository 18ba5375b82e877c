package ai.pediscreen.telemetry.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.pediscreen.telemetry.bench.Statistics.Spread;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {

  @Test
  void spread_ofFive_isMedianMinimumAndMaximum() {
    Spread spread = Statistics.spread(List.of(5.0, 1.0, 3.0, 9.0, 4.0));
    assertThat(spread).isEqualTo(new Spread(4, 1, 9, 5));
    assertThat(spread.noise()).isEqualTo(2);
  }

  @Test
  void spread_ofFour_hasTheMeanOfTheMiddleTwo() {
    assertThat(Statistics.spread(List.of(4.0, 1.0, 2.0, 8.0)).median()).isEqualTo(3);
  }

  @Test
  void spread_ofNoValues_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Statistics.spread(List.of()));
  }

  @Test
  void noise_isZero_whenTheMedianIsZero() {
    assertThat(Statistics.spread(List.of(0.0)).noise()).isZero();
  }

  @Test
  void percentile_isTheNearestRank() {
    int[] hundred = new int[200];
    for (int i = 0; i < 100; i++) {
      hundred[i] = (100 - i) * 1_000;
    }
    Latencies latencies = Latencies.ofMicros(hundred, 100);
    assertThat(latencies.count()).isEqualTo(100);
    assertThat(latencies.percentileMillis(0)).isEqualTo(1);
    assertThat(latencies.percentileMillis(0.5)).isEqualTo(50);
    assertThat(latencies.percentileMillis(0.99)).isEqualTo(99);
    assertThat(latencies.percentileMillis(0.991)).isEqualTo(100);
    assertThat(latencies.percentileMillis(1)).isEqualTo(100);
    assertThat(Latencies.ofMicros(hundred, 0).percentileMillis(0.5)).isZero();
  }

  @Test
  void percentile_isRefused_outsideZeroToOne() {
    Latencies one = Latencies.ofMicros(new int[] {1}, 1);
    assertThatIllegalArgumentException().isThrownBy(() -> one.percentileMillis(Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> one.percentileMillis(1.1));
  }

  @Test
  void figures_separateThousands() {
    assertThat(Figures.number(1_234_567.891, 1)).isEqualTo("1 234 567.9");
    assertThat(Figures.number(Double.NaN, 1)).isEqualTo("–");
    assertThat(Figures.spread(new Spread(2, 1, 3, 3), 0)).isEqualTo("2 (1–3)");
    assertThat(Figures.spread(new Spread(2, 2, 2, 1), 0)).isEqualTo("2");
  }
}

package ai.pediscreen.telemetry.event;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TokensTest {

  @Test
  void tokens_areZero_whenTheEventHasNone() {
    assertThat(event("1").build().tokens()).isSameAs(Tokens.NONE);
    assertThat(event("1").asks("task", "screen").build().tokens().isNone()).isTrue();
    assertThat(event("1").build().isUnpriced()).isFalse();
  }

  @Test
  void currentNames_takePrecedenceOverOlderOnes() {
    TelemetryEvent event =
        event("1")
            .asks("prompt_tokens", 1)
            .asks("input_tokens", 2)
            .says("completion_tokens", 3)
            .says("output_tokens", 4)
            .build();

    assertThat(event.tokens()).isEqualTo(new Tokens(2, 0, 0, 4, 0));
  }

  @Test
  void counts_areWholeNumbersWithinBounds_andElseAbsent() {
    assertThat(input(0)).isZero();
    assertThat(input(Tokens.MAX)).isEqualTo(Tokens.MAX);
    assertThat(input(new BigDecimal("1e3"))).isEqualTo(1_000);
    assertThat(input(12.0)).isEqualTo(12);
    assertThat(input(Tokens.MAX + 1)).isZero();
    assertThat(input(-1)).isZero();
    assertThat(input(12.5)).isZero();
    assertThat(input(new BigDecimal("1e300"))).isZero();
    assertThat(input(BigInteger.TWO.pow(64))).isZero();
    assertThat(input("12")).isZero();
    assertThat(input(true)).isZero();
    assertThat(input(null)).isZero();
  }

  @Test
  void callWithTokensAndNoCost_isUnpriced() {
    assertThat(event("1").asks("input_tokens", 1).build().isUnpriced()).isTrue();
    assertThat(event("1").asks("input_tokens", 1).cost("0").build().isUnpriced()).isFalse();
    assertThat(event("1").asks("input_tokens", 0).build().isUnpriced()).isFalse();
  }

  @Test
  void negative_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Tokens(0, 0, -1, 0, 0))
        .withMessageContaining("tokens must be 0 or more");
  }

  private static long input(@Nullable Object value) {
    return event("1").asks("input_tokens", value).build().tokens().input();
  }
}

package ai.pediscreen.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TelemetryCallTest {

  private final FaultyStore store = new FaultyStore();
  private final Telemetry telemetry =
      Telemetry.builder().store(store).clock(() -> FaultyStore.NOW).build();

  @AfterEach
  void close() {
    telemetry.close();
  }

  @Test
  void call_isRecorded_withItsLatencyAndFields() {
    try (TelemetryCall call = telemetry.start("medgemma-4b")) {
      call.org("clinic-7").tokens(12, 34).fallbackTo("gemini-flash").status(200);
      call.with(event -> event.region("eu"));
    }

    TelemetryEvent event = recorded();
    assertThat(event.timestamp()).isEqualTo(FaultyStore.NOW);
    assertThat(event.modelId()).isEqualTo("medgemma-4b");
    assertThat(event.orgId()).isEqualTo("clinic-7");
    assertThat(event.region()).isEqualTo("eu");
    assertThat(event.request()).isEqualTo(Map.of("input_tokens", 12L));
    assertThat(event.response().additional()).isEqualTo(Map.of("output_tokens", 34L));
    assertThat(event.response().latencyMillis()).isBetween(0L, 60_000L);
    assertThat(event.isFallback()).isTrue();
    assertThat(event.isError()).isFalse();
  }

  @Test
  void callWithoutOutcome_isAnError() {
    assertThatThrownBy(
            () -> {
              try (TelemetryCall call = telemetry.start("m")) {
                call.tokens(1, 2);
                throw new IOException("Ada Lovelace");
              }
            })
        .isInstanceOf(IOException.class);

    assertThat(recorded().errorReason()).isEqualTo("incomplete");
  }

  @Test
  void work_returnsItsResult_andCountsAsSuccess() {
    assertThat(telemetry.<String, RuntimeException>call("m", call -> "answer")).isEqualTo("answer");

    assertThat(recorded().response().statusCode()).isEqualTo(200);
  }

  @Test
  void workThatThrows_isAnError_withTheClassAndNeverTheMessage() {
    assertThatThrownBy(
            () ->
                telemetry.call(
                    "m",
                    call -> {
                      call.status(200);
                      throw new IOException("Ada Lovelace");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("Ada Lovelace");

    TelemetryEvent event = recorded();
    assertThat(event.errorReason()).isEqualTo("IOException");
    assertThat(event.toMap().toString()).doesNotContain("Ada");
  }

  @Test
  void invalidField_losesTheEvent_andNothingElse() {
    try (TelemetryCall call = telemetry.start("m")) {
      call.tokens(-1, 0).status(200);
    }
    TelemetryCall twice = telemetry.start("m".repeat(300)).status(200);
    twice.close();
    twice.close();

    assertThat(telemetry.flush(Duration.ofSeconds(60))).isEqualTo(new Delivery(0, 0, 2));
    assertThat(telemetry.drops()).containsEntry(DropReason.REFUSED, 2L);
  }

  @ParameterizedTest
  @MethodSource
  void refusal_isExplainedInTheWarning(Consumer<TelemetryCall> sets, String why) {
    try (LoggedMessages log = new LoggedMessages()) {
      TelemetryCall call = telemetry.start("m");
      sets.accept(call);
      call.with(event -> event.with("s", Double.NaN)).close();
      telemetry.close();

      assertThat(log.messages())
          .contains("telemetry events were dropped: 1 REFUSED; first refusal: " + why);
    }
  }

  static List<Arguments> refusal_isExplainedInTheWarning() {
    return List.of(
        refused(call -> call.tokens(-1, 2), "tokens must be 0 or more"),
        refused(
            call -> call.with(event -> event.tokens(-1, 2)).status(200),
            "tokens must be 0 or more"),
        refused(
            call ->
                call.with(
                    event -> {
                      throw new IllegalStateException("Ada Lovelace");
                    }),
            "the code that sets fields of the call threw java.lang.IllegalStateException"));
  }

  private static Arguments refused(Consumer<TelemetryCall> sets, String why) {
    return Arguments.of(sets, why);
  }

  @Test
  void refusalAtTheEnd_isExplainedToo() {
    try (LoggedMessages log = new LoggedMessages()) {
      telemetry.start("m").status(9_999).close();
      telemetry.close();

      assertThat(log.messages())
          .anyMatch(message -> message.contains("response.status_code must be an integer"));
    }
  }

  private TelemetryEvent recorded() {
    telemetry.flush(Duration.ofSeconds(60));
    assertThat(store.ids()).hasSize(1);
    return store.kept.page(FaultyStore.everything(), null, 1).get(0);
  }
}

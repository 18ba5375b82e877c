package ai.pediscreen.telemetry.server.http.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.FieldFault;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import ai.pediscreen.telemetry.server.http.protocol.RefusedEventException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BatchOutcomeTest {

  private final BatchOutcome outcome = new BatchOutcome();

  @Test
  void firstHundredFaults_areNamed_andOtherEventsByIndex() {
    for (int index = 0; index < 10_000; index++) {
      outcome.refused(index, twoFaults());
    }

    JsonNode json = outcome.toJson();

    assertThat(outcome.status()).isEqualTo(422);
    assertThat(json.path("rejected").intValue()).isEqualTo(10_000);
    assertThat(json.path("errors")).hasSize(100);
    assertThat(json.path("errors").get(99).path("index").intValue()).isEqualTo(49);
    assertThat(json.path("rejected_indexes").textValue()).isEqualTo("0-9999");
  }

  @Test
  void hundredFaults_areAllNamed_withoutIndexes() {
    for (int index = 0; index < 50; index++) {
      outcome.refused(index, twoFaults());
    }
    outcome.stored(50, "e", Receipt.accepted());

    assertThat(outcome.status()).isEqualTo(207);
    assertThat(outcome.toJson().path("errors")).hasSize(100);
    assertThat(outcome.toJson().has("rejected_indexes")).isFalse();
  }

  @Test
  void faults_areInTheOrderOfTheBatch() {
    for (int index = 9_999; index >= 0; index--) {
      outcome.stored(
          index, "e-" + index, index % 2 == 0 ? Receipt.refused("no") : Receipt.duplicate());
    }

    JsonNode json = outcome.toJson();

    assertThat(json.path("rejected").intValue()).isEqualTo(5_000);
    assertThat(json.path("duplicates").intValue()).isEqualTo(5_000);
    assertThat(json.path("errors")).hasSize(100);
    assertThat(json.path("errors").get(0).path("event_id").textValue()).isEqualTo("e-0");
    assertThat(json.path("errors").get(99).path("index").intValue()).isEqualTo(198);
    assertThat(json.path("rejected_indexes").textValue()).startsWith("0,2,4,").endsWith(",9998");
    assertThat(AnswerJson.bytes(outcome.toJson())).hasSizeLessThan(40_000);
  }

  private static RefusedEventException twoFaults() {
    return new RefusedEventException(
        EventDecoder.INVALID_FIELD,
        null,
        List.of(new FieldFault("event_id", "is missing"), new FieldFault("timestamp", "too")));
  }
}

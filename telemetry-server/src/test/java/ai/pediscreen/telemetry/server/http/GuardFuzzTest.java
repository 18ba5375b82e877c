package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.InvalidEventException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Map;

/** Any text anywhere in an event: what the guard has let pass it lets pass again, unchanged. */
class GuardFuzzTest {

  private final PhiGuard guard = PhiGuard.redacting();

  @FuzzTest
  void guardedEvent_isFinal_andHasNoFindings(FuzzedDataProvider data) {
    String id = data.consumeString(40);
    String key = data.consumeString(40);
    String value = data.consumeString(700);
    String text = data.consumeRemainingAsString();
    PhiGuard.find(value);
    TelemetryEvent event;
    try {
      event =
          TelemetryEvent.read(
                  Map.of(
                      "event_id",
                      "e-1",
                      "timestamp",
                      "2026-03-10T12:00:00Z",
                      "case_id",
                      id,
                      "request",
                      Map.of(key, value, "prompt", text),
                      "note",
                      List.of(value, Map.of("name", text))))
              .event();
    } catch (InvalidEventException e) {
      return;
    }
    TelemetryEvent guarded = guard.apply(event);
    assertThat(guard.apply(guarded)).isEqualTo(guarded);
    assertThat(TelemetryEvent.fromStored(guarded.toMap())).isEqualTo(guarded);
  }
}

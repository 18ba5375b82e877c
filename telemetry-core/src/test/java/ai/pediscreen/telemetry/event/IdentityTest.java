package ai.pediscreen.telemetry.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What looks the same is the same: the contract's row on ids, phrase by phrase. */
class IdentityTest {

  @ParameterizedTest
  @DisplayName("contract: \"`event_id`, `org_id`, `model_id` are trimmed\"")
  @ValueSource(
      strings = {
        "r3",
        "r3 ",
        " r3",
        "\u00a0r3",
        "r3\u200b",
        "\ufeffr3",
        "r3\u2060\u2003",
        "\u202dr3\u202c"
      })
  void ids_areTrimmed_andOtherwiseVerbatim(String sent) {
    ReadEvent read = TelemetryEvent.read(event(sent, sent, sent));

    assertThat(read.event().eventId()).isEqualTo("r3");
    assertThat(read.event().orgId()).isEqualTo("r3");
    assertThat(read.event().modelId()).isEqualTo("r3");
    assertThat(read.verbatim()).isEqualTo(sent.equals("r3"));
    assertThat(TelemetryEvent.fromMap(read.event().toMap())).isEqualTo(read.event());
    assertThat(read.event().withOrgId(sent)).isEqualTo(read.event());
    assertThat(new Model(sent, null, null, Map.of()).modelId()).isEqualTo("r3");
    assertThat(OrgScope.of(sent)).isEqualTo(OrgScope.of("r3"));
    assertThat(OrgFilter.of(sent)).isEqualTo(OrgFilter.of("r3"));
    assertThat(OrgPermission.of(sent)).isEqualTo(OrgPermission.of("r3"));
  }

  @ParameterizedTest
  @DisplayName("contract: \"one of blanks or invisible characters alone is refused or absent\"")
  @ValueSource(strings = {" ", "\u00a0", "\u200b", "\ufeff", " \u200d\u3000", "\u3164", "\u2800"})
  void idsWithoutVisibleCharacters_areRefusedOrAbsent(String sent) {
    assertThatThrownBy(() -> TelemetryEvent.fromMap(event(sent, "o", "m")))
        .hasMessageContaining("event_id must be 1 to 128 characters long");
    TelemetryEvent event = TelemetryEvent.fromMap(event("e", sent, sent));
    assertThat(event.orgId()).isNull();
    assertThat(event.modelId()).isNull();
    assertThatThrownBy(() -> OrgScope.of(sent)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> OrgFilter.of(sent)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> OrgPermission.of(sent)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @DisplayName("contract: \"invisible characters within are refused\"")
  @ValueSource(strings = {"r\u200b3", "r\u200d3", "r\ufeff3", "r\u00ad3", "r\u202e3", "r\u31643"})
  void idsWithInvisibleCharactersWithin_areRefused(String sent) {
    assertThatThrownBy(() -> TelemetryEvent.fromMap(event(sent, sent, sent)))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining("event_id must not contain invisible characters")
        .hasMessageContaining("org_id must not contain invisible characters")
        .hasMessageContaining("model.model_id must not contain invisible characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"r\u200b3", "r\u200d3", "r\ufeff3", "r\u00ad3", "r\u202e3", "r\u31643"})
  void earlierEvents_areReadAsStored(String stored) {
    TelemetryEvent event = TelemetryEvent.fromStored(event(stored, stored, stored));
    assertThat(event.eventId()).isEqualTo(stored);
    assertThat(event.orgId()).isEqualTo(stored);
    assertThat(event.modelId()).isEqualTo(stored);
    assertThat(TelemetryEvent.fromStored(event.toMap())).isEqualTo(event);
    assertThatThrownBy(() -> TelemetryEvent.fromStored(event("a\nb", "o", "m")))
        .hasMessageContaining("event_id must not contain control characters");
  }

  @Test
  void otherTexts_andBlanksWithin_areUnchanged() {
    Map<String, Object> map = event("r 3", "Klinik\u00a0Nord", "m");
    map.put("app", "a\u200b");
    ReadEvent read = TelemetryEvent.read(map);
    assertThat(read.event().eventId()).isEqualTo("r 3");
    assertThat(read.event().orgId()).isEqualTo("Klinik\u00a0Nord");
    assertThat(read.event().app()).isEqualTo("a\u200b");
    assertThat(read.verbatim()).isTrue();
  }

  private static Map<String, Object> event(String eventId, String orgId, String modelId) {
    Map<String, Object> map = new HashMap<>();
    map.put("event_id", eventId);
    map.put("timestamp", "2026-03-10T12:00:00Z");
    map.put("org_id", orgId);
    map.put("model", Map.of("model_id", modelId));
    return map;
  }
}

package ai.pediscreen.telemetry.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SampleEventsTest {

  private static final Instant AT = Instant.parse("2026-03-09T07:05:03.045Z");
  private static final int EVENTS = 9_000;

  private final SampleEvents samples = new SampleEvents(1);

  @Test
  void events_haveTheFieldsOfRealSenders() throws IOException {
    Set<String> ids = new HashSet<>();
    Set<String> pairs = new HashSet<>();
    List<Integer> lengths = new ArrayList<>();
    int errors = 0;
    int fallbacks = 0;
    for (int number = 0; number < EVENTS; number++) {
      JsonNode event = event(number);
      ids.add(event.path("event_id").asText());
      pairs.add(event.path("org_id").asText() + event.path("model").path("model_id").asText());
      lengths.add(samples.length(number));
      JsonNode response = event.path("response");
      boolean error = response.path("status_code").asInt() != 200;
      assertThat(response.has("error_code")).isEqualTo(error);
      errors += error ? 1 : 0;
      fallbacks += response.has("fallback_to") ? 1 : 0;
      assertThat(response.path("latency_ms").asInt()).isBetween(1, 60_000);
    }
    assertThat(ids).hasSize(EVENTS).allMatch(id -> id.matches("[0-9a-f-]{36}"));
    assertThat(pairs).hasSize(100);
    assertThat(lengths).allMatch(length -> length >= 500 && length <= 700);
    assertThat(errors).isBetween(EVENTS / 100, EVENTS * 3 / 100);
    assertThat(fallbacks).isBetween(EVENTS * 2 / 100, EVENTS * 4 / 100);
  }

  @Test
  void timestamp_isTheOneGiven() throws IOException {
    assertThat(event(7).path("timestamp").asText()).isEqualTo(AT.toString());
  }

  @Test
  void ids_differ_whenSeedsDiffer() throws IOException {
    assertThat(event(7)).isEqualTo(event(7));
    byte[] bytes = new byte[1_000];
    int end = new SampleEvents(1L << 40).write(7, AT.toEpochMilli(), bytes, 0);
    assertThat(new String(bytes, 0, end, US_ASCII))
        .doesNotContain(event(7).path("event_id").asText());
  }

  private JsonNode event(long number) throws IOException {
    byte[] bytes = new byte[1_000];
    int end = samples.write(number, AT.toEpochMilli(), bytes, 3);
    assertThat(end - 3).isEqualTo(samples.length(number));
    return new ObjectMapper().readTree(new String(bytes, 3, end - 3, US_ASCII));
  }
}

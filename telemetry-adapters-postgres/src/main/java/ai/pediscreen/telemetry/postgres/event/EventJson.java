package ai.pediscreen.telemetry.postgres.event;

import ai.pediscreen.telemetry.event.InvalidEventException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events as they are stored. */
public final class EventJson {

  /**
   * Decimals are read as they were written. What is stored has passed the limits there are, so none
   * of size is set here: one event that could not be read would keep all others from being read.
   * Names are not kept in a table, for senders could choose some that collide there.
   */
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNameLength(Integer.MAX_VALUE)
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNumberLength(Integer.MAX_VALUE)
                          .build())
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final TypeReference<Map<String, @Nullable Object>> OBJECT =
      new TypeReference<>() {};

  private EventJson() {}

  /** What is stored of an event: its sender's own characters, or else what it says. */
  public static String json(ScopedEvent scoped) {
    String written = scoped.json();
    try {
      return written == null ? JSON.writeValueAsString(scoped.event().toMap()) : written;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event holds only JSON values", e);
    }
  }

  /** An event of its stored payload. */
  public static TelemetryEvent event(String payload) {
    try {
      return TelemetryEvent.fromStored(JSON.readValue(payload, OBJECT));
    } catch (JsonProcessingException | InvalidEventException e) {
      throw new IllegalStateException("a stored event cannot be read", e);
    }
  }
}

package ai.pediscreen.telemetry.server.http.ingest;

import ai.pediscreen.telemetry.event.FieldFault;
import ai.pediscreen.telemetry.event.InvalidEventException;
import ai.pediscreen.telemetry.event.ReadEvent;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.protocol.RefusedEventException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes an event that may be kept of the bytes of one JSON document. Thread-safe. */
public final class EventDecoder {

  /** How large one event may be. */
  static final int MAX_EVENT_BYTES = 256 * 1024;

  static final String INVALID_JSON = "INVALID_JSON";
  static final String INVALID_FIELD = "INVALID_FIELD";
  static final String EVENT_TOO_LARGE = "EVENT_TOO_LARGE";

  private static final String EVENT = "event";

  /**
   * Deeper than the 64 levels that the event rules allow, so that those can name the fault; and not
   * so deep that a stack could overflow.
   */
  private static final int MAX_NESTING = 200;

  private static final int MAX_NUMBER_LENGTH = 1_000;

  private final ObjectReader reader;
  private final PhiGuard guard;

  public EventDecoder(PhiGuard guard) {
    this.guard = guard;
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_NESTING)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxNameLength(MAX_EVENT_BYTES)
                    .maxStringLength(MAX_EVENT_BYTES)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // UTF-8 and nothing else; and names that senders choose are not worth interning.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
    this.reader =
        JsonMapper.builder(factory)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(Object.class);
  }

  /**
   * The event, as the guard lets it pass and as one that the caller may write. Its characters go
   * along if nothing was changed.
   *
   * @throws RefusedEventException with all that is wrong with it
   */
  public ScopedEvent decode(Caller caller, byte[] body, EventDocuments.Span document) {
    return decode(caller, object(body, document), () -> text(body, document));
  }

  /**
   * The fields of one document.
   *
   * @throws RefusedEventException if it is no JSON object, or too large
   */
  Map<String, @Nullable Object> object(byte[] body, EventDocuments.Span document) {
    if (document.length() > MAX_EVENT_BYTES) {
      throw new RefusedEventException(
          EVENT_TOO_LARGE, null, "must be at most " + MAX_EVENT_BYTES + " bytes long");
    }
    return object(json(body, document));
  }

  /**
   * The event with these fields, as the guard lets it pass and as one that the caller may write.
   *
   * @param json the characters in which it came, to be kept if nothing was changed; gives null
   *     where there are none
   * @throws RefusedEventException with all that is wrong with it
   */
  public ScopedEvent decode(
      Caller caller, Map<String, @Nullable Object> object, Supplier<@Nullable String> json) {
    try {
      ReadEvent read = TelemetryEvent.read(object);
      TelemetryEvent event = caller.claim(guard.apply(read.event()));
      boolean unchanged = read.verbatim() && event.equals(read.event());
      return new ScopedEvent(caller.reach(), event, unchanged ? json.get() : null);
    } catch (InvalidEventException e) {
      throw new RefusedEventException(INVALID_FIELD, validEventId(object, e.faults()), e.faults());
    }
  }

  private static String text(byte[] body, EventDocuments.Span document) {
    return new String(body, document.from(), document.length(), StandardCharsets.UTF_8);
  }

  private @Nullable Object json(byte[] body, EventDocuments.Span document) {
    if (document.length() == 0) {
      throw unreadable("must not be empty");
    }
    try {
      return reader.readValue(body, document.from(), document.length());
    } catch (StreamConstraintsException e) {
      throw unreadable(
          "must not be nested so deeply, nor hold a number of over %d digits"
              .formatted(MAX_NUMBER_LENGTH));
    } catch (NumberFormatException e) {
      throw unreadable("must not hold a number with an exponent of over nine digits");
    } catch (IOException e) {
      // The parser's message would quote the document.
      throw unreadable("must be one valid JSON document in UTF-8 without duplicate keys");
    }
  }

  @SuppressWarnings("unchecked") // the keys of a decoded JSON object are strings
  private static Map<String, @Nullable Object> object(@Nullable Object json) {
    if (!(json instanceof Map<?, ?> map)) {
      throw new RefusedEventException(
          INVALID_FIELD, null, List.of(new FieldFault(EVENT, "must be an object")));
    }
    return (Map<String, @Nullable Object>) map;
  }

  /**
   * The id if it may be repeated in the answer: it is valid and does not look like an identifier of
   * a person.
   */
  private static @Nullable String validEventId(
      Map<String, @Nullable Object> object, List<FieldFault> faults) {
    boolean refused = faults.stream().anyMatch(fault -> fault.field().equals("event_id"));
    return !refused
            && object.get("event_id") instanceof String eventId
            && PhiGuard.find(eventId).isEmpty()
        ? eventId
        : null;
  }

  private static RefusedEventException unreadable(String message) {
    return new RefusedEventException(INVALID_JSON, null, message);
  }
}

package ai.pediscreen.telemetry.server.otlp;

import ai.pediscreen.telemetry.event.FieldFault;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of spans and log records. Messages to and from a model are left out, unless the
 * settings keep them; of all other attributes only those of {@link CallField} are kept.
 *
 * <p>Used by one thread at a time.
 */
public final class CallMapping {

  private static final String INFERENCE = "gen_ai.client.inference.operation.details";
  private static final String EXCEPTION = "exception";
  private static final int TRACE_ID_BYTES = 16;
  private static final int SPAN_ID_BYTES = 8;
  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final boolean keepsContent;
  private final @Nullable String keyOrg;
  private Resource resource = Resource.getDefaultInstance();
  private Attributes ofResource = Attributes.NONE;

  /**
   * @param keepsContent whether messages and prompts become a part of events
   * @param keyOrg organisation of the sender's key; null if it may write for any
   */
  public CallMapping(boolean keepsContent, @Nullable String keyOrg) {
    this.keepsContent = keepsContent;
    this.keyOrg = keyOrg;
  }

  /** What a span is. */
  public MappedRecord map(Resource of, Span span) {
    Attributes attributes = new Attributes(span.getAttributesList());
    String kind = CallKind.ofNoCall(attributes);
    if (kind != null) {
      return new MappedRecord.Ignored(kind);
    }
    List<FieldFault> faults = new ArrayList<>();
    String id = id(span.getTraceId(), span.getSpanId());
    if (id == null) {
      faults.add(
          new FieldFault("trace_id and span_id", "must have 16 and 8 bytes that are not all zero"));
    }
    long start = span.getStartTimeUnixNano();
    long end = span.getEndTimeUnixNano();
    if (start == 0) {
      faults.add(new FieldFault("start_time_unix_nano", "is required"));
    }
    if (end != 0 && Long.compareUnsigned(end, start) < 0) {
      faults.add(new FieldFault("end_time_unix_nano", "must not be before the start"));
    }
    if (id == null || !faults.isEmpty()) {
      return new MappedRecord.Faulty(faults);
    }
    CallEvent event = event(of, attributes, id, start);
    event.put("trace_id", hex(span.getTraceId()));
    if (end != 0) {
      event.response("latency_ms", Long.divideUnsigned(end - start, 1_000_000));
    }
    boolean failed = span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR;
    event.response("status_code", failed ? failure(attributes) : 200);
    event.response("error_code", errorCode(attributes, span));
    return new MappedRecord.Call(event.toMap());
  }

  /** What a log record is. It is the same call as the span whose ids it bears. */
  public MappedRecord map(Resource of, LogRecord record) {
    Attributes attributes = new Attributes(record.getAttributesList());
    String kind = CallKind.ofNoCall(attributes);
    String errorType = attributes.text(CallField.ERROR_CODE);
    boolean named = attributes.text(CallField.MODEL_ID) != null;
    boolean inference = INFERENCE.equals(name(record, attributes));
    boolean undecided = kind == null || (kind.equals(CallKind.OTHER) && named);
    if (!undecided || !(inference || errorType != null)) {
      return new MappedRecord.Ignored(kind == null ? CallKind.OTHER : kind);
    }
    long time =
        record.getTimeUnixNano() == 0 ? record.getObservedTimeUnixNano() : record.getTimeUnixNano();
    if (time == 0) {
      return new MappedRecord.Faulty(List.of(new FieldFault("time_unix_nano", "is required")));
    }
    String id = id(record.getTraceId(), record.getSpanId());
    CallEvent event = event(of, attributes, id == null ? Fingerprint.of(of, record) : id, time);
    if (id != null) {
      event.put("trace_id", hex(record.getTraceId()));
    }
    event.response("status_code", errorType == null ? 200 : failure(attributes));
    event.response("error_code", errorType);
    return new MappedRecord.Call(event.toMap());
  }

  private CallEvent event(Resource of, Attributes attributes, String id, long unixNanos) {
    if (!of.equals(resource)) {
      resource = of;
      ofResource = new Attributes(of.getAttributesList());
    }
    CallEvent event = new CallEvent();
    event.put("event_id", id);
    event.put(
        "timestamp",
        Instant.ofEpochSecond(
            Long.divideUnsigned(unixNanos, NANOS_PER_SECOND),
            Long.remainderUnsigned(unixNanos, NANOS_PER_SECOND)));
    event.put("org_id", org());
    for (CallField field :
        List.of(
            CallField.APP,
            CallField.REGION,
            CallField.AGENT,
            CallField.CASE_ID,
            CallField.USER_ID,
            CallField.MODEL_ID,
            CallField.ADAPTER_ID,
            CallField.OPERATION,
            CallField.FALLBACK_TO)) {
      event.put(field, (field.isOfResource() ? ofResource : attributes).text(field));
    }
    String provider = attributes.text(CallField.PROVIDER);
    event.put(CallField.PROVIDER, provider == null ? null : Providers.current(provider));
    for (CallField field :
        List.of(
            CallField.INPUT_TOKENS,
            CallField.CACHE_READ_TOKENS,
            CallField.CACHE_WRITE_TOKENS,
            CallField.OUTPUT_TOKENS,
            CallField.REASONING_TOKENS)) {
      event.put(field, attributes.count(field));
    }
    event.put(CallField.COST, attributes.value(CallField.COST));
    if (keepsContent) {
      for (Content content : Content.values()) {
        event.put(content.path(), content.of(attributes));
      }
    }
    return event;
  }

  /** A tenant attribute is used only where the key has no organisation. */
  private @Nullable String org() {
    if (keyOrg == null) {
      return ofResource.text(CallField.ORG_ID);
    }
    return ofResource.text(CallField.ORG_ID.attributes().get(0));
  }

  /** A failed call counts as one, also where an intermediary had answered 200. */
  private static long failure(Attributes attributes) {
    Long status = attributes.count(CallField.STATUS_CODE);
    return status == null || (status >= 200 && status <= 299) ? 500 : status;
  }

  private static @Nullable String errorCode(Attributes attributes, Span span) {
    String errorType = attributes.text(CallField.ERROR_CODE);
    if (errorType != null) {
      return errorType;
    }
    for (Span.Event event : span.getEventsList()) {
      if (event.getName().equals(EXCEPTION)) {
        return new Attributes(event.getAttributesList()).text("exception.type");
      }
    }
    return null;
  }

  private static @Nullable String name(LogRecord record, Attributes attributes) {
    return record.getEventName().isEmpty() ? attributes.text("event.name") : record.getEventName();
  }

  private static @Nullable String id(ByteString traceId, ByteString spanId) {
    return isId(traceId, TRACE_ID_BYTES) && isId(spanId, SPAN_ID_BYTES)
        ? hex(traceId) + hex(spanId)
        : null;
  }

  private static boolean isId(ByteString id, int bytes) {
    if (id.size() != bytes) {
      return false;
    }
    for (int i = 0; i < bytes; i++) {
      if (id.byteAt(i) != 0) {
        return true;
      }
    }
    return false;
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }
}

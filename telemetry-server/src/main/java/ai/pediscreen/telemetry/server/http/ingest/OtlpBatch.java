package ai.pediscreen.telemetry.server.http.ingest;

import ai.pediscreen.telemetry.event.FieldFault;
import ai.pediscreen.telemetry.event.InvalidEventException;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.protocol.BodyBytes;
import ai.pediscreen.telemetry.server.http.protocol.RefusedEventException;
import ai.pediscreen.telemetry.server.otlp.CallMapping;
import ai.pediscreen.telemetry.server.otlp.MappedRecord;
import ai.pediscreen.telemetry.server.otlp.wire.OtlpBody;
import ai.pediscreen.telemetry.server.otlp.wire.OtlpEncoding;
import ai.pediscreen.telemetry.server.otlp.wire.OtlpSignal;
import ai.pediscreen.telemetry.server.otlp.wire.UnreadableOtlpException;
import com.google.protobuf.Message;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The spans or log records of a request, and what becomes of them: what is no call is counted by
 * kind, and what is refused by reason. Used by one thread at a time.
 */
public final class OtlpBatch implements BatchSource {

  private static final String UNREADABLE = "UNREADABLE_RECORD";
  private static final int MAX_REASONS = 5;

  private final OtlpSignal signal;
  private final OtlpEncoding encoding;
  private final byte[] bytes;
  private final OtlpBody body;
  private final Caller caller;
  private final PhiGuard guard;
  private final CallMapping mapping;
  private final BitSet tooLarge = new BitSet();
  private final Map<String, Long> ignored = new TreeMap<>();
  private final Map<String, Long> refusedWith = new TreeMap<>();
  private final Map<String, Long> reasons = new LinkedHashMap<>();
  private long refused;

  /**
   * @param bytes the request, inflated
   * @param caller whose calls they must be
   * @param guard what every event must pass
   * @param keepsContent whether messages and prompts are kept
   * @throws UnreadableOtlpException if it is no request of this signal
   */
  public OtlpBatch(
      OtlpSignal signal,
      OtlpEncoding encoding,
      BodyBytes bytes,
      Caller caller,
      PhiGuard guard,
      boolean keepsContent)
      throws UnreadableOtlpException {
    this.signal = signal;
    this.encoding = encoding;
    this.bytes = bytes.array();
    this.body = OtlpBody.read(signal, encoding, bytes.array(), bytes.length());
    this.caller = caller;
    this.guard = guard;
    this.mapping = new CallMapping(keepsContent, caller.reach().orgId());
  }

  @Override
  public int size() {
    return body.records();
  }

  @Override
  public long cost(int index) {
    int from = body.from(index);
    long cost =
        switch (encoding) {
          case PROTOBUF -> body.messageBytes(index);
          case JSON ->
              DecodedSize.of(bytes, new EventDocuments.Span(from, from + body.length(index)));
        };
    if (cost > DecodedSize.MAX_OF_EVENT) {
      tooLarge.set(index);
      return 0;
    }
    return cost;
  }

  @Override
  public @Nullable ScopedEvent read(int index) {
    MappedRecord mapped = tooLarge.get(index) ? null : mapped(index);
    if (mapped instanceof MappedRecord.Call call) {
      return admitted(call);
    }
    if (mapped instanceof MappedRecord.Ignored no) {
      ignored.merge(no.kind(), 1L, Long::sum);
    } else if (mapped instanceof MappedRecord.Faulty faulty) {
      refuse(EventDecoder.INVALID_FIELD, faulty.faults());
    } else if (tooLarge.get(index)) {
      refuse(EventDecoder.EVENT_TOO_LARGE, fault("is too large"));
    } else {
      refuse(UNREADABLE, fault("cannot be decoded"));
    }
    return null;
  }

  /** Whether over so many records are calls; decodes them, and keeps none. */
  boolean hasMoreCallsThan(int limit) {
    int calls = 0;
    for (int i = 0; i < size() && calls <= limit; i++) {
      calls += cost(i) > 0 && mapped(i) instanceof MappedRecord.Call ? 1 : 0;
    }
    return calls > limit;
  }

  /** What a record is; null if it cannot be decoded. */
  private @Nullable MappedRecord mapped(int index) {
    Message record = body.record(index);
    if (record == null) {
      return null;
    }
    Resource resource = body.resource(index);
    return record instanceof LogRecord log
        ? mapping.map(resource, log)
        : mapping.map(resource, (Span) record);
  }

  @Override
  public void stored(int index, String eventId, Receipt receipt) {
    if (receipt.status() == Receipt.Status.REFUSED) {
      refused++;
      String reason = receipt.reason() == null ? "was refused" : receipt.reason();
      reasons.merge("the event " + reason, 1L, Long::sum);
    }
  }

  /** How many calls were refused. */
  public long refused() {
    return refused;
  }

  /**
   * Reports how often each kind was ignored, and how often each error code was the reason of a
   * refusal.
   */
  void tell(BiConsumer<String, Long> kinds, BiConsumer<String, Long> errorCodes) {
    ignored.forEach(kinds);
    refusedWith.forEach(errorCodes);
  }

  /** One sentence that counts the reasons, and holds no value that was sent. */
  String message() {
    StringBuilder text =
        new StringBuilder("%d of %d %ss refused".formatted(refused, size(), signal.noun()));
    String separator = ": ";
    for (Map.Entry<String, Long> reason : reasons.entrySet()) {
      text.append(separator).append(reason.getValue()).append(" × ").append(reason.getKey());
      separator = "; ";
    }
    return text.toString();
  }

  private @Nullable ScopedEvent admitted(MappedRecord.Call call) {
    try {
      TelemetryEvent event = guard.apply(TelemetryEvent.read(call.event()).event());
      return new ScopedEvent(caller.reach(), caller.claim(event));
    } catch (InvalidEventException e) {
      refuse(EventDecoder.INVALID_FIELD, e.faults());
    } catch (RefusedEventException e) {
      refuse(e.errorCode(), e.faults());
    }
    return null;
  }

  private List<FieldFault> fault(String message) {
    return List.of(new FieldFault("the " + signal.noun(), message));
  }

  private void refuse(String errorCode, List<FieldFault> faults) {
    refused++;
    refusedWith.merge(errorCode, 1L, Long::sum);
    String reason = faults.get(0).field() + " " + faults.get(0).message();
    if (reasons.containsKey(reason) || reasons.size() < MAX_REASONS) {
      reasons.merge(reason, 1L, Long::sum);
    } else {
      reasons.merge("other reasons", 1L, Long::sum);
    }
  }
}

package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.event.FieldFault;
import ai.pediscreen.telemetry.event.InvalidEventException;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.ScopedEvent;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.otlp.CallMapping;
import ai.pediscreen.telemetry.server.otlp.Mapped;
import ai.pediscreen.telemetry.server.otlp.OtlpBody;
import ai.pediscreen.telemetry.server.otlp.OtlpSignal;
import com.google.protobuf.Message;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What becomes of the spans or log records of a request: calls that may be kept are handed on, what
 * is no call is counted by kind, and what is refused by reason. Used by one thread at a time.
 */
final class OtlpOutcome implements OtlpBody.Visitor {

  private static final String UNREADABLE = "UNREADABLE_RECORD";
  private static final int MAX_REASONS = 5;

  private final OtlpSignal signal;
  private final Caller caller;
  private final PhiGuard guard;
  private final CallMapping mapping;
  private final Consumer<ScopedEvent> calls;
  private final Map<String, Long> ignored = new TreeMap<>();
  private final Map<String, Long> refusedWith = new TreeMap<>();
  private final Map<String, Long> reasons = new LinkedHashMap<>();
  private long records;
  private long refused;

  /**
   * @param calls takes the events that may be kept, in order
   */
  OtlpOutcome(
      OtlpSignal signal,
      Caller caller,
      PhiGuard guard,
      boolean keepsContent,
      Consumer<ScopedEvent> calls) {
    this.signal = signal;
    this.caller = caller;
    this.guard = guard;
    this.mapping = new CallMapping(keepsContent, caller.reach().orgId());
    this.calls = calls;
  }

  @Override
  public void record(Resource resource, Message record) {
    records++;
    Mapped mapped =
        record instanceof LogRecord log
            ? mapping.map(resource, log)
            : mapping.map(resource, (Span) record);
    if (mapped instanceof Mapped.Ignored no) {
      ignored.merge(no.kind(), 1L, Long::sum);
    } else if (mapped instanceof Mapped.Faulty faulty) {
      refuse(EventDecoder.INVALID_FIELD, faulty.faults());
    } else if (mapped instanceof Mapped.Call call) {
      admit(call);
    }
  }

  @Override
  public void unreadable() {
    records++;
    refuse(UNREADABLE, List.of(new FieldFault("the " + signal.noun(), "cannot be decoded")));
  }

  /** Counts what the store said. */
  void stored(List<Receipt> receipts) {
    for (Receipt receipt : receipts) {
      if (receipt.status() == Receipt.Status.REFUSED) {
        refused++;
        String reason = receipt.reason() == null ? "was refused" : receipt.reason();
        reasons.merge("the event " + reason, 1L, Long::sum);
      }
    }
  }

  /** How many calls were refused. */
  long refused() {
    return refused;
  }

  /** Tells how often each kind was ignored, and each error code was the reason of a refusal. */
  void tell(BiConsumer<String, Long> kinds, BiConsumer<String, Long> errorCodes) {
    ignored.forEach(kinds);
    refusedWith.forEach(errorCodes);
  }

  /** One sentence that counts the reasons, and holds no value that was sent. */
  String message() {
    StringBuilder text =
        new StringBuilder("%d of %d %ss refused".formatted(refused, records, signal.noun()));
    String separator = ": ";
    for (Map.Entry<String, Long> reason : reasons.entrySet()) {
      text.append(separator).append(reason.getValue()).append(" × ").append(reason.getKey());
      separator = "; ";
    }
    return text.toString();
  }

  private void admit(Mapped.Call call) {
    try {
      TelemetryEvent event = guard.apply(TelemetryEvent.fromMap(call.event()));
      calls.accept(new ScopedEvent(caller.reach(), caller.claim(event)));
    } catch (InvalidEventException e) {
      refuse(EventDecoder.INVALID_FIELD, e.faults());
    } catch (RefusedEventException e) {
      refuse(e.errorCode(), e.faults());
    }
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

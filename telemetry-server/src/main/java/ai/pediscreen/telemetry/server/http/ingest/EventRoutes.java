package ai.pediscreen.telemetry.server.http.ingest;

import ai.pediscreen.telemetry.event.FieldFault;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import ai.pediscreen.telemetry.server.http.protocol.BodyBudget;
import ai.pediscreen.telemetry.server.http.protocol.BodyBytes;
import ai.pediscreen.telemetry.server.http.protocol.BodyFormat;
import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.RefusedEventException;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code POST /events}. */
public final class EventRoutes {

  /** Where events are sent. */
  public static final String PATH = "/events";

  private final IngestRequests requests;
  private final Consumer<String> refused;
  private final EventDecoder decoder;

  /**
   * @param guard what every event must pass
   * @param refused receives the error code of each refused event
   */
  public EventRoutes(IngestRequests requests, PhiGuard guard, Consumer<String> refused) {
    this.decoder = new EventDecoder(guard);
    this.requests = requests;
    this.refused = refused;
  }

  public void post(Context ctx) {
    BodyFormat format = BodyFormat.of(ctx.header("Content-Type"));
    requests.begin(ctx, body -> append(ctx, format, body));
  }

  /** Completes when the answer is there, with whether the store has answered. */
  private CompletableFuture<Boolean> append(Context ctx, BodyFormat format, BodyBytes body) {
    EventDocuments.Span whole = EventDocuments.trimmed(body.array(), body.length());
    if (format == BodyFormat.LINES) {
      return batch(ctx, body, EventDocuments.ofLines(body.array(), whole));
    }
    if (EventDocuments.isArray(body.array(), whole)) {
      return batch(ctx, body, EventDocuments.ofArray(body.array(), whole));
    }
    return single(ctx, body, whole);
  }

  private CompletableFuture<Boolean> single(
      Context ctx, BodyBytes body, EventDocuments.Span document) {
    requests.count(ctx, 1);
    BodyBudget.Lease lease = requests.decodedLease();
    boolean queued = false;
    try {
      if (document.length() <= EventDecoder.MAX_EVENT_BYTES) {
        lease.take(DecodedSize.of(body.array(), document));
      }
      ScopedEvent event = decoder.decode(Caller.of(ctx), body.array(), document);
      String eventId = event.event().eventId();
      CompletableFuture<Boolean> answered =
          requests.append(ctx, event, lease, receipt -> answer(ctx, eventId, receipt));
      queued = true;
      return answered;
    } catch (RefusedEventException e) {
      refused.accept(e.errorCode());
      throw problem(e).exception();
    } finally {
      if (!queued) {
        lease.close();
      }
    }
  }

  private CompletableFuture<Boolean> batch(
      Context ctx, BodyBytes body, List<EventDocuments.Span> documents) {
    requests.count(ctx, documents.size());
    EventBatch events = new EventBatch(decoder, Caller.of(ctx), body.array(), documents, refused);
    return requests.append(ctx, events, () -> answer(ctx, events.outcome()));
  }

  private static void answer(Context ctx, String eventId, Receipt receipt) {
    String status =
        switch (receipt.status()) {
          case ACCEPTED -> "accepted";
          case DUPLICATE -> "duplicate";
          case REFUSED ->
              throw Problem.refusedEvent(
                      BatchOutcome.STORE_REFUSED,
                      List.of(new FieldFault("event", reason(receipt.reason()))))
                  .exception();
        };
    ctx.status(202)
        .contentType(AnswerJson.CONTENT_TYPE)
        .result(
            AnswerJson.bytes(AnswerJson.object().put("status", status).put("event_id", eventId)));
  }

  private static void answer(Context ctx, BatchOutcome outcome) {
    ctx.status(outcome.status())
        .contentType(AnswerJson.CONTENT_TYPE)
        .result(AnswerJson.bytes(outcome.toJson()));
  }

  /** A single event's refusal is the request's. */
  private static Problem problem(RefusedEventException e) {
    return switch (e.errorCode()) {
      case EventDecoder.INVALID_JSON -> Problem.invalidJson("the body " + e.description());
      case EventDecoder.EVENT_TOO_LARGE ->
          Problem.of(413, e.errorCode(), "an event " + e.description());
      case Caller.FORBIDDEN_ORG ->
          new Problem(
              403, e.errorCode(), "the event was refused, see errors", e.faults(), Map.of());
      default -> Problem.refusedEvent(e.errorCode(), e.faults());
    };
  }

  private static String reason(@Nullable String reason) {
    return reason == null ? "was refused" : reason;
  }
}

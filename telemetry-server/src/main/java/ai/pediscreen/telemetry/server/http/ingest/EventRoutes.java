package ai.pediscreen.telemetry.server.http.ingest;

import ai.pediscreen.telemetry.event.FieldFault;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.spi.GroupCommitter;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.access.SenderLimits;
import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import ai.pediscreen.telemetry.server.http.protocol.BodyBudget;
import ai.pediscreen.telemetry.server.http.protocol.BodyBytes;
import ai.pediscreen.telemetry.server.http.protocol.BodyFormat;
import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.RefusedEventException;
import ai.pediscreen.telemetry.server.http.protocol.RequestBodies;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /events}. A body that is slow to come is waited for without a thread; then a thread
 * reads and checks it and hands the events over, and the request waits for the commit without a
 * thread again. So neither a slow sender nor a hanging store delays others.
 */
public final class EventRoutes {

  private final GroupCommitter committer;
  private final RequestBodies bodies;
  private final BodyBudget decoded;
  private final SenderLimits limits;
  private final Executor executor;
  private final Consumer<String> refused;
  private final EventDecoder decoder;

  /**
   * @param guard what every event must pass
   * @param decoded the memory budget for events that are decoded and not stored yet
   * @param limits how many events each may send
   * @param executor runs what is left to do when events are durable
   * @param refused receives the error code of each refused event
   */
  public EventRoutes(
      GroupCommitter committer,
      PhiGuard guard,
      RequestBodies bodies,
      BodyBudget decoded,
      SenderLimits limits,
      Executor executor,
      Consumer<String> refused) {
    this.decoder = new EventDecoder(guard);
    this.committer = committer;
    this.bodies = bodies;
    this.decoded = decoded;
    this.limits = limits;
    this.executor = executor;
    this.refused = refused;
  }

  public void post(Context ctx) {
    limits.requireRoom(ctx);
    BodyFormat format = BodyFormat.of(ctx.header("Content-Type"));
    bodies.whenRead(ctx, executor, body -> append(ctx, format, body));
  }

  /** Completes when the answer is there. */
  private CompletableFuture<Void> append(Context ctx, BodyFormat format, BodyBytes body) {
    EventDocuments.Span whole = EventDocuments.trimmed(body.array(), body.length());
    if (format == BodyFormat.LINES) {
      return batch(ctx, body, EventDocuments.ofLines(body.array(), whole));
    }
    if (EventDocuments.isArray(body.array(), whole)) {
      return batch(ctx, body, EventDocuments.ofArray(body.array(), whole));
    }
    return single(ctx, body, whole);
  }

  private CompletableFuture<Void> single(
      Context ctx, BodyBytes body, EventDocuments.Span document) {
    limits.used(ctx, 1);
    BodyBudget.Lease lease = decoded.lease();
    boolean queued = false;
    try {
      if (document.length() <= EventDecoder.MAX_EVENT_BYTES) {
        lease.take(DecodedSize.of(body.array(), document));
      }
      ScopedEvent event = decoder.decode(Caller.of(ctx), body.array(), document);
      CompletableFuture<List<Receipt>> receipts = committer.append(List.of(event));
      queued = true;
      CompletableFuture<?> unused = receipts.whenComplete((stored, failure) -> lease.close());
      String eventId = event.event().eventId();
      return CommitAnswers.after(
          ctx, executor, receipts, stored -> answer(ctx, eventId, stored.get(0)));
    } catch (RefusedEventException e) {
      refused.accept(e.errorCode());
      throw problem(e).exception();
    } finally {
      if (!queued) {
        lease.close();
      }
    }
  }

  private CompletableFuture<Void> batch(
      Context ctx, BodyBytes body, List<EventDocuments.Span> documents) {
    limits.used(ctx, documents.size());
    EventBatch events = new EventBatch(decoder, Caller.of(ctx), body.array(), documents, refused);
    BatchAppend append = new BatchAppend(events, committer, decoded, executor);
    CompletableFuture<Void> answered =
        CommitAnswers.after(ctx, executor, append.done(), nothing -> answer(ctx, events.outcome()));
    append.begin();
    return answered;
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

package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.event.FieldFault;
import ai.pediscreen.telemetry.event.GroupCommitter;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.ScopedEvent;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.logging.TraceContext;
import io.javalin.http.Context;
import java.io.EOFException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /events}. A thread reads and checks the body and hands the events over; the request
 * then waits for the commit without a thread, so a store that hangs holds up no other route.
 */
final class EventRoutes {

  /** From the whole body to an answer; leaves time to send it within five seconds. */
  private static final long STORE_DEADLINE_MILLIS = 4_500;

  /** A batch is read in parts, so that the first is stored while the next is read. */
  private static final int PART_EVENTS = 125;

  private final GroupCommitter committer;
  private final RequestBodies bodies;
  private final Executor executor;
  private final Consumer<String> refused;
  private final EventDecoder decoder;

  /**
   * @param guard what every event must pass
   * @param executor runs what is left to do when events are durable
   * @param refused hears the error code of each event that is refused
   */
  EventRoutes(
      GroupCommitter committer,
      PhiGuard guard,
      RequestBodies bodies,
      Executor executor,
      Consumer<String> refused) {
    this.decoder = new EventDecoder(guard);
    this.committer = committer;
    this.bodies = bodies;
    this.executor = executor;
    this.refused = refused;
  }

  void post(Context ctx) throws EOFException {
    BodyBudget.Lease lease = bodies.lease();
    boolean waits = false;
    try {
      BodyFormat format = BodyFormat.of(ctx.header("Content-Type"));
      BodyBytes body = bodies.read(ctx, lease);
      long arrivedNanos = System.nanoTime();
      EventDocuments.Span whole = EventDocuments.trimmed(body.array(), body.length());
      if (format == BodyFormat.LINES) {
        waits = batch(ctx, body, EventDocuments.ofLines(body.array(), whole), arrivedNanos, lease);
      } else if (EventDocuments.isArray(body.array(), whole)) {
        waits = batch(ctx, body, EventDocuments.ofArray(body.array(), whole), arrivedNanos, lease);
      } else {
        single(ctx, body, whole, arrivedNanos, lease);
        waits = true;
      }
    } finally {
      if (!waits) {
        lease.close();
      }
    }
  }

  private void single(
      Context ctx,
      BodyBytes body,
      EventDocuments.Span document,
      long arrivedNanos,
      BodyBudget.Lease lease) {
    ScopedEvent event;
    try {
      event = decoder.decode(Caller.of(ctx), body.array(), document);
    } catch (RefusedEventException e) {
      refused.accept(e.errorCode());
      throw problem(e).exception();
    }
    answerAfter(
        ctx,
        List.of(committer.append(List.of(event))),
        arrivedNanos,
        lease,
        receipts -> answer(ctx, event.event().eventId(), receipts.get(0)));
  }

  private boolean batch(
      Context ctx,
      BodyBytes body,
      List<EventDocuments.Span> documents,
      long arrivedNanos,
      BodyBudget.Lease lease) {
    BatchOutcome outcome = new BatchOutcome();
    List<CompletableFuture<List<Receipt>>> parts = new ArrayList<>();
    for (int from = 0; from < documents.size(); from += PART_EVENTS) {
      List<EventDocuments.Span> part =
          documents.subList(from, Math.min(from + PART_EVENTS, documents.size()));
      List<ScopedEvent> events = outcome.read(decoder, Caller.of(ctx), body.array(), part);
      if (!events.isEmpty()) {
        parts.add(committer.append(events));
      }
    }
    outcome.refusals().forEach(refused);
    if (parts.isEmpty()) {
      answer(ctx, outcome);
      return false;
    }
    answerAfter(
        ctx,
        parts,
        arrivedNanos,
        lease,
        receipts -> {
          outcome.stored(receipts);
          answer(ctx, outcome);
        });
    return true;
  }

  /** Answers when all parts are durable, when one has failed, or when it takes too long. */
  private void answerAfter(
      Context ctx,
      List<CompletableFuture<List<Receipt>>> parts,
      long arrivedNanos,
      BodyBudget.Lease lease,
      Consumer<List<Receipt>> answer) {
    long spentMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - arrivedNanos);
    CompletableFuture<?> answered =
        CompletableFuture.allOf(parts.toArray(new CompletableFuture<?>[0]))
            .orTimeout(Math.max(1, STORE_DEADLINE_MILLIS - spentMillis), TimeUnit.MILLISECONDS)
            .handleAsync(
                (nothing, failure) -> {
                  if (failure != null) {
                    // What still waits in the queue is taken out: it is sent again.
                    parts.forEach(part -> part.cancel(false));
                    throw asAnswer(failure);
                  }
                  answer.accept(parts.stream().flatMap(part -> part.join().stream()).toList());
                  return null;
                },
                TraceContext.executor(TraceId.of(ctx), executor))
            .whenComplete((nothing, failure) -> lease.close());
    ctx.future(() -> answered);
  }

  private static RuntimeException asAnswer(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof TimeoutException || cause instanceof CancellationException) {
      return Problem.storeUnavailable().exception();
    }
    return cause instanceof RuntimeException unchecked ? unchecked : new CompletionException(cause);
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

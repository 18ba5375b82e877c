package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.event.FieldFault;
import ai.pediscreen.telemetry.event.GroupCommitter;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.ScopedEvent;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import io.javalin.http.Context;
import java.io.EOFException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /events}. A thread reads and checks the body and hands the events over; the request
 * then waits for the commit without a thread, so a store that hangs holds up no other route.
 */
final class EventRoutes {

  /** A batch is read in parts, so that the first is stored while the next is read. */
  private static final int PART_EVENTS = 125;

  private final GroupCommitter committer;
  private final RequestBodies bodies;
  private final CommitAnswers answers;
  private final Consumer<String> refused;
  private final EventDecoder decoder;

  /**
   * @param guard what every event must pass
   * @param answers lets requests wait for the commit
   * @param refused hears the error code of each event that is refused
   */
  EventRoutes(
      GroupCommitter committer,
      PhiGuard guard,
      RequestBodies bodies,
      CommitAnswers answers,
      Consumer<String> refused) {
    this.decoder = new EventDecoder(guard);
    this.committer = committer;
    this.bodies = bodies;
    this.answers = answers;
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
    answers.after(
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
    answers.after(
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

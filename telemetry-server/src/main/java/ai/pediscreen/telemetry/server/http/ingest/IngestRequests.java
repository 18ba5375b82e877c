package ai.pediscreen.telemetry.server.http.ingest;

import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.spi.GroupCommitter;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.server.http.access.SenderLimits;
import ai.pediscreen.telemetry.server.http.protocol.BodyBudget;
import ai.pediscreen.telemetry.server.http.protocol.BodyBytes;
import ai.pediscreen.telemetry.server.http.protocol.RequestBodies;
import ai.pediscreen.telemetry.server.http.threads.AfterDispatch;
import ai.pediscreen.telemetry.server.http.threads.HttpTimer;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What all requests with events go through, whatever their format. A body that is slow to come is
 * waited for without a thread; then a thread reads and checks it and hands the events over, and the
 * request waits for the commit without a thread again. If the store is idle that thread appends a
 * single event itself, after the dispatch; one at a time does. So neither a slow sender nor a
 * hanging store delays others. Thread-safe.
 */
public final class IngestRequests {

  private static final Duration REFUSAL_DELAY = Duration.ofMillis(500);

  private final GroupCommitter committer;
  private final RequestBodies bodies;
  private final SenderLimits limits;
  private final HttpTimer timer;
  private final Executor answers;
  private final Executor longTasks;
  private final BodyBudget decoded = BodyBudget.ofHeapForEvents(DecodedSize.MAX_OF_EVENT);
  private final AdmissionLimit admission = new AdmissionLimit(System::nanoTime);

  /**
   * @param limits how many events each may send
   * @param timer ends waits for the store
   * @param answers runs what is left to do when a single event is durable that another thread has
   *     appended, and refuses
   * @param longTasks runs what is left to do when a body has come late or has many events
   */
  public IngestRequests(
      GroupCommitter committer,
      RequestBodies bodies,
      SenderLimits limits,
      HttpTimer timer,
      Executor answers,
      Executor longTasks) {
    this.committer = committer;
    this.bodies = bodies;
    this.limits = limits;
    this.timer = timer;
    this.answers = answers;
    this.longTasks = longTasks;
  }

  /**
   * Hands the body of a request over, if its sender may send events now.
   *
   * @param use what is done with it; completes when the answer is there, with whether the store has
   *     answered
   */
  void begin(Context ctx, Function<BodyBytes, CompletableFuture<Boolean>> use) {
    limits.requireRoom(ctx);
    String sender = SenderLimits.sender(ctx);
    bodies.whenRead(
        ctx,
        longTasks,
        body -> {
          CompletableFuture<Boolean> answered = admission.begin(sender, () -> use.apply(body));
          return answered == null ? refuse(body) : answered;
        });
  }

  /**
   * Later, as if it had waited: many senders come again at once, and to refuse them as fast as they
   * come would take the processor from those that were let in.
   */
  private CompletableFuture<Boolean> refuse(BodyBytes body) {
    body.free();
    return CompletableFuture.supplyAsync(
        () -> {
          throw new StoreUnavailableException("too many requests with events are under way");
        },
        CompletableFuture.delayedExecutor(
            REFUSAL_DELAY.toMillis(), TimeUnit.MILLISECONDS, answers));
  }

  /** Counts events that were read, towards what the sender may send. */
  void count(Context ctx, int events) {
    limits.used(ctx, events);
  }

  /** The memory budget for events that are decoded and not stored yet. */
  BodyBudget.Lease decodedLease() {
    return decoded.lease();
  }

  /**
   * Stores one event.
   *
   * @param lease pays for it; closed once it is stored, or is not to be
   * @param answer gives the answer, once it is durable
   * @return completes when the answer is there, as {@link #begin} wants it
   */
  CompletableFuture<Boolean> append(
      Context ctx, ScopedEvent event, BodyBudget.Lease lease, Consumer<Receipt> answer) {
    AfterDispatch after = ctx.attribute(AfterDispatch.ATTRIBUTE);
    if (after == null || !after.isOpen()) {
      return whenStored(ctx, answers, committer.append(List.of(event)), lease, answer);
    }
    CompletableFuture<List<Receipt>> receipts = committer.enqueue(List.of(event));
    after.then(
        () -> {
          // With its own event stored, it has no reason to wait for the store with others'.
          if (!receipts.isDone()) {
            committer.appendWaiting();
          }
        });
    return whenStored(ctx, after.orElse(answers), receipts, lease, answer);
  }

  private CompletableFuture<Boolean> whenStored(
      Context ctx,
      Executor executor,
      CompletableFuture<List<Receipt>> receipts,
      BodyBudget.Lease lease,
      Consumer<Receipt> answer) {
    CompletableFuture<?> unused = receipts.whenComplete((stored, failure) -> lease.close());
    return CommitAnswers.after(
        ctx,
        timer,
        executor,
        receipts,
        stored -> {
          answer.accept(stored.get(0));
          return true;
        });
  }

  /**
   * Stores a batch.
   *
   * @param answer gives the answer, once all of it is durable
   * @return completes when the answer is there, as {@link #begin} wants it
   */
  CompletableFuture<Boolean> append(Context ctx, BatchSource batch, Runnable answer) {
    BatchAppend append = new BatchAppend(batch, committer, decoded, longTasks);
    CompletableFuture<Boolean> answered =
        CommitAnswers.after(
            ctx,
            timer,
            longTasks,
            append.done(),
            byTheStore -> {
              answer.run();
              return byTheStore;
            });
    append.begin();
    return answered;
  }
}

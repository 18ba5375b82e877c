package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.server.logging.TraceContext;
import io.javalin.http.Context;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Lets requests wait for the commit of their events without a thread. Thread-safe. */
final class CommitAnswers {

  /** From the whole body to an answer; leaves time to send it within five seconds. */
  private static final long STORE_DEADLINE_MILLIS = 4_500;

  private final Executor executor;

  /**
   * @param executor runs what is left to do when events are durable
   */
  CommitAnswers(Executor executor) {
    this.executor = executor;
  }

  /**
   * Answers when all parts are durable, when one has failed, or when it takes too long.
   *
   * @param arrivedNanos when the body was there
   * @param lease closed when all is done
   * @param answer what is to be done with the receipts, in the order of the parts
   */
  void after(
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
      return new StoreUnavailableException("events were not stored in time", cause);
    }
    return cause instanceof RuntimeException unchecked ? unchecked : new CompletionException(cause);
  }
}

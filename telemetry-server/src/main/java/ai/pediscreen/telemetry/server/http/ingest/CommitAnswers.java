package ai.pediscreen.telemetry.server.http.ingest;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.server.http.protocol.TraceId;
import ai.pediscreen.telemetry.server.http.threads.AfterDispatch;
import ai.pediscreen.telemetry.server.http.threads.HttpTimer;
import ai.pediscreen.telemetry.server.logging.TraceContext;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;

/** Lets requests wait for the commit of their events without a thread. */
final class CommitAnswers {

  /** From the whole body to an answer, which leaves time to send it within five seconds. */
  private static final Duration STORE_LIMIT = Duration.ofMillis(4_500);

  /** A connection that is read again so late is closed. */
  private static final Duration READ_DELAY = Duration.ofSeconds(1);

  private CommitAnswers() {}

  /**
   * Answers when all is durable, when something has failed, or when it takes too long.
   *
   * @param timer ends the wait
   * @param executor runs what is left to do then
   * @param stored completed with a failure if it takes too long
   * @param answer gives the answer
   * @return completes when the answer is there, with what that function gave
   */
  static <T, R> CompletableFuture<R> after(
      Context ctx,
      HttpTimer timer,
      Executor executor,
      CompletableFuture<T> stored,
      Function<T, R> answer) {
    timer.limit(stored, STORE_LIMIT);
    return stored.handleAsync(
        (result, failure) -> {
          AfterDispatch after = ctx.attribute(AfterDispatch.ATTRIBUTE);
          if (after != null && after.isBusyElsewhere(READ_DELAY)) {
            // Nothing more is read from this connection until its thread is back from the store.
            ctx.header(HttpHeader.CONNECTION.asString(), HttpHeaderValue.CLOSE.asString());
          }
          if (failure != null) {
            throw asAnswer(failure);
          }
          return answer.apply(result);
        },
        TraceContext.executor(TraceId.of(ctx), executor));
  }

  private static RuntimeException asAnswer(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof TimeoutException || cause instanceof CancellationException) {
      return new StoreUnavailableException("events were not stored in time", cause);
    }
    return cause instanceof RuntimeException unchecked ? unchecked : new CompletionException(cause);
  }
}

package ai.pediscreen.telemetry.server.metrics;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.job.JobQueueUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cached value whose source may be slow or unavailable. It is refreshed on demand when it is old,
 * one refresh at a time; the caller that caused the refresh waits a little for it, and all others
 * get the last value. Thread-safe.
 *
 * @param <T> the value
 */
final class CachedFigure<T> {

  private static final Logger LOG = LoggerFactory.getLogger(CachedFigure.class);

  private final Supplier<T> source;
  private final Duration age;
  private final Duration patience;
  private final Executor executor;

  private volatile @Nullable Answer<T> last;

  // Guarded by this.
  private CompletableFuture<Void> question = CompletableFuture.completedFuture(null);
  private @Nullable Long askedAtNanos;

  /**
   * @param source reads the value; may throw
   * @param age the shortest time between two refreshes
   * @param patience how long a caller waits for a refresh
   * @param executor where the source is read
   */
  CachedFigure(Supplier<T> source, Duration age, Duration patience, Executor executor) {
    this.source = source;
    this.age = age;
    this.patience = patience;
    this.executor = executor;
  }

  /** Refreshes if the value is old, and waits a little for it. */
  void refresh() {
    CompletableFuture<Void> asked = askIfOld();
    if (asked != null) {
      asked.copy().completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS).join();
    }
  }

  /** The last answer; null if there was none. */
  @Nullable T last() {
    Answer<T> answer = last;
    return answer == null ? null : answer.value();
  }

  /** A figure of the last answer; NaN if there was none. */
  double figure(ToDoubleFunction<T> figure) {
    Answer<T> answer = last;
    return answer == null ? Double.NaN : figure.applyAsDouble(answer.value());
  }

  /** Seconds since the last answer; NaN if there was none. */
  double ageSeconds() {
    Answer<T> answer = last;
    return answer == null ? Double.NaN : (System.nanoTime() - answer.nanos()) / 1e9;
  }

  private synchronized @Nullable CompletableFuture<Void> askIfOld() {
    long now = System.nanoTime();
    if (!question.isDone() || (askedAtNanos != null && now - askedAtNanos < age.toNanos())) {
      return null;
    }
    askedAtNanos = now;
    question = CompletableFuture.runAsync(this::ask, executor);
    return question;
  }

  private void ask() {
    try {
      last = new Answer<>(source.get(), System.nanoTime());
    } catch (StoreUnavailableException | JobQueueUnavailableException e) {
      // Other parts report the outage; here the age of the last answer does.
      LOG.debug("a metric cannot be read", e);
    } catch (RuntimeException e) {
      LOG.warn("a metric cannot be read; its last value is served", e);
    }
  }

  private record Answer<T>(T value, long nanos) {}
}

package ai.pediscreen.telemetry.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Figures that come from the store or Redis, with the age of each. Thread-safe. */
final class AskedFigures implements AutoCloseable {

  private static final Duration AGE = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final MeterRegistry registry;
  private final List<CachedFigure<?>> asked = new CopyOnWriteArrayList<>();
  private final ExecutorService askers =
      Executors.newFixedThreadPool(
          2,
          task -> {
            Thread thread = new Thread(task, "metrics");
            // A question that hangs must not keep the process alive.
            thread.setDaemon(true);
            return thread;
          });

  AskedFigures(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Figures that this question is answered with. */
  <T> CachedFigure<T> of(String source, Supplier<T> question) {
    CachedFigure<T> answer = new CachedFigure<>(question, AGE, PATIENCE, askers);
    asked.add(answer);
    Gauge.builder("telemetry.figures.age.seconds", answer::ageSeconds)
        .description("Age of the figures that were read from the database or Redis")
        .tag("source", source)
        .register(registry);
    return answer;
  }

  /** Asks anew for those that are old, and waits a little. */
  void refresh() {
    asked.forEach(CachedFigure::refresh);
  }

  @Override
  public void close() {
    askers.shutdownNow();
  }
}

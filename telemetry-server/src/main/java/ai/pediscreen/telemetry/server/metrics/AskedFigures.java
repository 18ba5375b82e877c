package ai.pediscreen.telemetry.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Figures that the database or Redis must be asked for, with how old each is. Thread-safe. */
final class AskedFigures implements AutoCloseable {

  private static final Duration AGE = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final MeterRegistry registry;
  private final List<Refreshed<?>> asked = new CopyOnWriteArrayList<>();
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
  <T> Refreshed<T> of(String source, Supplier<T> question) {
    Refreshed<T> answer = new Refreshed<>(question, AGE, PATIENCE, askers);
    asked.add(answer);
    Gauge.builder("telemetry.figures.age.seconds", answer::ageSeconds)
        .description("How old the figures are that somebody else was asked for")
        .tag("source", source)
        .register(registry);
    return answer;
  }

  /** Asks anew for those that are old, and waits a little. */
  void refresh() {
    asked.forEach(Refreshed::refresh);
  }

  @Override
  public void close() {
    askers.shutdownNow();
  }
}

package ai.pediscreen.telemetry.server.cli.data;

import ai.pediscreen.telemetry.server.assembly.Shutdown;
import ai.pediscreen.telemetry.server.takeover.EventSource;
import ai.pediscreen.telemetry.server.takeover.ImportFigures;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Consumer;

/** How far an import is, how fast it goes and how long it will take. Used by one thread. */
final class ImportProgress implements Consumer<ImportFigures> {

  /** Where there is no bar that moves, a line is written once in a while. */
  private static final Duration LINES = Duration.ofSeconds(10);

  private final Progress bar;
  private final boolean terminal;
  private final PrintStream out;
  private final EventSource source;
  private final long startNanos = System.nanoTime();
  private long linesWritten;

  ImportProgress(boolean terminal, PrintStream out, EventSource source) {
    this.terminal = terminal;
    this.out = out;
    this.source = source;
    this.bar = Progress.of(terminal, out, Math.max(1, source.total()));
  }

  @Override
  public void accept(ImportFigures figures) {
    Shutdown.check();
    long elapsed = System.nanoTime() - startNanos;
    String text = text(figures.read(), source.done(), source.total(), Duration.ofNanos(elapsed));
    if (terminal && source.total() > 0) {
      bar.at(source.done(), text);
      if (source.done() >= source.total()) {
        bar.end();
      }
    } else if (elapsed / LINES.toNanos() > linesWritten) {
      linesWritten = elapsed / LINES.toNanos();
      out.println(text);
    }
  }

  static String text(long events, long done, long total, Duration elapsed) {
    double seconds = Math.max(0.001, elapsed.toMillis() / 1_000.0);
    String rate = "%d events, %.0f a second".formatted(events, events / seconds);
    if (total <= 0 || done == 0) {
      return rate;
    }
    // A service that runs adds to what was there at first.
    long end = Math.max(total, done);
    long left = Math.round(seconds * (end - done) / done);
    return "%s, %d %% done, %d:%02d left".formatted(rate, 100 * done / end, left / 60, left % 60);
  }
}

package ai.pediscreen.telemetry.server;

import java.io.PrintStream;
import java.time.LocalDate;

/**
 * How far a run over days is: a bar that moves on a terminal, a line for each day elsewhere.
 *
 * <p>Not safe for use by several threads at once.
 */
final class Progress {

  private static final int WIDTH = 30;

  private final boolean terminal;
  private final PrintStream out;
  private final long total;
  private long done;

  private Progress(boolean terminal, PrintStream out, long total) {
    this.terminal = terminal;
    this.out = out;
    this.total = total;
  }

  /**
   * Nothing done yet.
   *
   * @param terminal whether the output is one
   * @param total how many days there are; at least 1
   */
  static Progress of(boolean terminal, PrintStream out, long total) {
    return new Progress(terminal, out, total);
  }

  /** One more day is done. */
  void done(LocalDate day, int aggregates) {
    done++;
    if (terminal) {
      int filled = (int) (WIDTH * done / total);
      out.printf(
          "\r[%s%s] %d/%d  %s: %d aggregates ",
          "=".repeat(filled), " ".repeat(WIDTH - filled), done, total, day, aggregates);
      out.flush();
    } else {
      out.printf("%s: %d aggregates%n", day, aggregates);
    }
  }

  /** All is done. */
  void end() {
    if (terminal) {
      out.println();
    }
  }
}

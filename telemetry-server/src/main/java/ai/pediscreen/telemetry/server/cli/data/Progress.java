package ai.pediscreen.telemetry.server.cli.data;

import java.io.PrintStream;
import java.time.LocalDate;

/**
 * How far a run is: a bar that moves on a terminal, a line for each day elsewhere.
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
   * @param total how much there is to do; at least 1
   */
  static Progress of(boolean terminal, PrintStream out, long total) {
    return new Progress(terminal, out, total);
  }

  /** One more day is done, with so many of what it is done for. */
  void done(LocalDate day, long count, String what) {
    String line = "%s: %d %s".formatted(day, count, what);
    if (terminal) {
      at(done + 1, line);
    } else {
      out.println(line);
    }
  }

  /** So much is done; moves the bar, and says nothing where there is none. */
  void at(long nowDone, String what) {
    done = Math.min(nowDone, total);
    if (terminal) {
      int filled = (int) (WIDTH * done / total);
      out.printf(
          "\r[%s%s] %d/%d  %s ", "=".repeat(filled), " ".repeat(WIDTH - filled), done, total, what);
      out.flush();
    }
  }

  /** All is done. */
  void end() {
    if (terminal) {
      out.println();
    }
  }
}

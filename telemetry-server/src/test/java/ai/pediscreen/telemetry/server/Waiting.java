package ai.pediscreen.telemetry.server;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;

/** Waits for what other processes do, no longer than it takes and never for ever. */
public final class Waiting {

  private static final Duration PAUSE = Duration.ofMillis(5);

  private Waiting() {}

  /** Asks until the answer is true; an exception counts as not yet. */
  public static void until(String what, Duration limit, Callable<Boolean> condition) {
    long start = System.nanoTime();
    Exception last = null;
    while (System.nanoTime() - start < limit.toNanos()) {
      try {
        if (condition.call()) {
          return;
        }
        last = null;
      } catch (Exception e) {
        last = e;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    fail(what, limit, last);
  }

  private static void fail(String what, Duration limit, @Nullable Exception last) {
    Assertions.fail("not within " + limit + ": " + what, last);
  }
}

package ai.pediscreen.telemetry.server.embedded;

import ai.pediscreen.telemetry.server.embedded.process.PostmasterFile;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One running postmaster. Either a child of this process, whose end the operating system reports at
 * once, or not (left by a server that was killed, or detached by {@code pg_ctl}), and then asked
 * after many times a second.
 */
final class Postmaster {
  private static final Duration GLANCE = Duration.ofMillis(20);

  /** Longer than any wait, shorter than an overflow. */
  private static final Duration FOREVER = Duration.ofDays(36_500);

  private final long pid;
  private final @Nullable Process child;
  private final BooleanSupplier alive;
  private final Signals signals;

  private Postmaster(long pid, @Nullable Process child, BooleanSupplier alive, Signals signals) {
    this.pid = pid;
    this.child = child;
    this.alive = alive;
    this.signals = signals;
  }

  static Postmaster child(Process process, Signals signals) {
    return new Postmaster(process.pid(), process, process::isAlive, signals);
  }

  static Postmaster stranger(long pid, BooleanSupplier alive, Signals signals) {
    return new Postmaster(pid, null, alive, signals);
  }

  long pid() {
    return pid;
  }

  boolean isAlive() {
    return alive.getAsBoolean();
  }

  /** Returns when it has ended. A stopped process (SIGSTOP) has not. */
  void awaitExit() throws InterruptedException {
    while (!awaitExit(FOREVER)) {
      // A century has passed.
    }
  }

  /** Whether it ended within that time. */
  boolean awaitExit(Duration limit) throws InterruptedException {
    if (child != null) {
      return child.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
    long start = System.nanoTime();
    while (isAlive()) {
      if (System.nanoTime() - start >= limit.toNanos()) {
        return false;
      }
      Thread.sleep(GLANCE.toMillis());
    }
    return true;
  }

  /** How it ended, if that is known. */
  String end() {
    if (child == null || child.isAlive()) {
      return "unknown exit value";
    }
    int value = child.exitValue();
    return value > 128 ? "signal " + (value - 128) : "exit value " + value;
  }

  /** Waits until it takes connections; false when it ended instead or the time was over. */
  boolean awaitReady(Cluster cluster, Duration limit) throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < limit.toNanos()) {
      Optional<PostmasterFile> file = PostmasterFile.read(cluster.postmasterFile());
      if (file.isPresent() && file.get().pid() == pid && file.get().ready()) {
        return true;
      }
      if (awaitExit(GLANCE)) {
        return false;
      }
    }
    return false;
  }

  /**
   * Stops it: fast (sessions are ended, everything is written), then immediately (the next start
   * recovers from the log), then by force. Nothing committed is lost in any of the three.
   */
  void stop(Duration fast, Duration immediate) throws IOException, InterruptedException {
    // Its pid may belong to another process by now.
    if (!isAlive()) {
      return;
    }
    signals.interrupt(pid);
    if (awaitExit(fast)) {
      return;
    }
    signals.quit(pid);
    if (awaitExit(immediate)) {
      return;
    }
    kill();
    awaitExit(immediate);
  }

  void kill() {
    if (isAlive()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }
}

package ai.pediscreen.telemetry.server.logging;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** The request that a thread works for, by its trace id: every line that it logs bears it. */
public final class TraceContext {

  static final String KEY = "trace_id";

  private TraceContext() {}

  /**
   * Work that returns something.
   *
   * @param <T> what it returns
   * @param <E> what it throws
   */
  @FunctionalInterface
  public interface Work<T extends @Nullable Object, E extends Exception> {
    /** Does it. */
    T run() throws E;
  }

  /** Does work for a request, in this thread. */
  public static <T extends @Nullable Object, E extends Exception> T call(
      String traceId, Work<T, E> work) throws E {
    String before = MDC.get(KEY);
    MDC.put(KEY, traceId);
    try {
      return work.run();
    } finally {
      if (before == null) {
        MDC.remove(KEY);
      } else {
        MDC.put(KEY, before);
      }
    }
  }

  /** Does work for a request, in this thread. */
  public static void run(String traceId, Runnable work) {
    call(
        traceId,
        () -> {
          work.run();
          return null;
        });
  }

  /** Threads that work for a request. */
  public static Executor executor(String traceId, Executor threads) {
    return work -> threads.execute(() -> run(traceId, work));
  }
}

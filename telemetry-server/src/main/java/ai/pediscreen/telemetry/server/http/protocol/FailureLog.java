package ai.pediscreen.telemetry.server.http.protocol;

import ai.pediscreen.telemetry.server.logging.Logging;
import ai.pediscreen.telemetry.server.logging.TraceContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs an unexpected failure once, with the trace id of the answer. If memory has run out, the
 * process ends.
 */
public final class FailureLog {

  private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);

  private FailureLog() {}

  public static void unexpected(String traceId, Throwable failure) {
    TraceContext.run(traceId, () -> LOG.error("a request failed", failure));
    Logging.endIfOutOfMemory(failure);
  }
}

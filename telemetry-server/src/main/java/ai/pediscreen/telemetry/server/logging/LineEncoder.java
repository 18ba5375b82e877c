package ai.pediscreen.telemetry.server.logging;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import org.jspecify.annotations.Nullable;

/** Writes what was logged as lines, each of which begins a log entry or continues a stack trace. */
abstract class LineEncoder extends EncoderBase<ILoggingEvent> {

  /** The lines of one entry, the last one ended. */
  abstract String lines(ILoggingEvent event);

  @Override
  public final byte[] encode(ILoggingEvent event) {
    return lines(event).getBytes(UTF_8);
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  /** The message, within one line. */
  static String message(ILoggingEvent event) {
    return LogText.plain(String.valueOf(event.getFormattedMessage()));
  }

  /** The request that was worked for; null if it was none. */
  static @Nullable String traceId(ILoggingEvent event) {
    String traceId = event.getMDCPropertyMap().get(TraceContext.KEY);
    return traceId == null ? null : LogText.plain(traceId);
  }

  /** What was thrown; null if nothing was. */
  static @Nullable Throwable failure(ILoggingEvent event) {
    return event.getThrowableProxy() instanceof ThrowableProxy proxy ? proxy.getThrowable() : null;
  }
}

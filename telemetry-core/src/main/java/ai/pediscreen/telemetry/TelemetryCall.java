package ai.pediscreen.telemetry;

import ai.pediscreen.telemetry.event.InvalidEventException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.TelemetryEventBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A running call of a model, as {@link Telemetry#start} begins it. {@link #close} records the
 * event, with the time since the beginning as its latency. Nothing here throws: an event that
 * breaks a rule is dropped and counted as {@link DropReason#REFUSED}; the warning of dropped events
 * says why.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class TelemetryCall implements AutoCloseable {

  /** The error code of a call without an outcome. */
  private static final String INCOMPLETE = "incomplete";

  private static final int LONGEST_ERROR_CODE = 128;

  private final Telemetry telemetry;
  private final TelemetryEventBuilder event;
  private final long begunAtNanos = System.nanoTime();
  private boolean outcome;

  /** Why the event is refused; null if it is valid. */
  private @Nullable String fault;

  private boolean closed;

  TelemetryCall(Telemetry telemetry, String eventId, Instant begun, String modelId) {
    this.telemetry = telemetry;
    this.event = TelemetryEvent.builder(eventId, begun).model(modelId);
  }

  /** Organisation that the call is made for. */
  public TelemetryCall org(@Nullable String value) {
    return with(builder -> builder.org(value));
  }

  /** Tokens that the model read and wrote. */
  public TelemetryCall tokens(long input, long output) {
    return with(builder -> builder.tokens(input, output));
  }

  /** What answered in the model's place. */
  public TelemetryCall fallbackTo(@Nullable String value) {
    return with(builder -> builder.fallbackTo(value));
  }

  /** HTTP status of the answer, or what stands for it; 200 to 299 is a success. */
  public TelemetryCall status(int value) {
    outcome = true;
    return with(builder -> builder.status(value));
  }

  /** The call failed. The name of the class becomes the error code; the message is not recorded. */
  public TelemetryCall failed(Throwable cause) {
    outcome = true;
    String name = cause.getClass().getName();
    String last = name.substring(name.lastIndexOf('.') + 1);
    String code = last.substring(0, Math.min(last.length(), LONGEST_ERROR_CODE));
    return with(builder -> builder.status(null).errorCode(code));
  }

  /** Sets whatever else an event has. */
  public TelemetryCall with(Consumer<TelemetryEventBuilder> fields) {
    // Reported when the call ends: a fault in the measurement must not stop what is measured.
    try {
      fields.accept(event);
    } catch (InvalidEventException e) {
      refuse(e.getMessage());
    } catch (RuntimeException e) {
      // Its message may hold anything.
      refuse("the code that sets fields of the call threw " + e.getClass().getName());
    }
    return this;
  }

  /** A success, if nothing else was said. */
  void succeeded() {
    if (!outcome) {
      status(200);
    }
  }

  /** Records the event; called again, it does nothing. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    Duration latency = Duration.ofNanos(System.nanoTime() - begunAtNanos);
    with(builder -> builder.latency(latency));
    if (!outcome) {
      with(builder -> builder.errorCode(INCOMPLETE));
    }
    TelemetryEvent built = built();
    if (built == null) {
      telemetry.countRefused(String.valueOf(fault));
    } else {
      telemetry.record(built);
    }
  }

  private void refuse(@Nullable String why) {
    if (fault == null) {
      fault = why;
    }
  }

  private @Nullable TelemetryEvent built() {
    try {
      return fault == null ? event.build() : null;
    } catch (InvalidEventException e) {
      refuse(e.getMessage());
      return null;
    }
  }
}

package ai.pediscreen.telemetry.alert;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** What an alert is about. */
public enum AlertKind {
  /** An incident of drift is open. */
  DRIFT("drift", 0),
  /** Errors per 100 calls are over their bound. */
  ERROR_RATE("error_rate", 10),
  /** Fallbacks per 100 calls are over their bound. */
  FALLBACK_RATE("fallback_rate", 10),
  /** The 95th percentile of the latency in milliseconds is over its bound. */
  P95_LATENCY("p95_latency_ms", 10),
  /** What the calls of the UTC day cost in USD is over its bound. */
  COST_PER_DAY("cost_per_day_usd", 10),
  /** A model that usually has calls has none. */
  SILENCE("silence", 0);

  private final String label;
  private final Duration recoveryTime;

  AlertKind(String label, int recoveryMinutes) {
    this.label = label;
    this.recoveryTime = Duration.ofMinutes(recoveryMinutes);
  }

  /** The name in messages, answers and settings. */
  public String label() {
    return label;
  }

  /** Whether a bound is set for it. */
  public boolean hasBound() {
    return this != DRIFT && this != SILENCE;
  }

  /** For how long it must be well before the alert is resolved. */
  Duration recoveryTime() {
    return recoveryTime;
  }

  /** The kind of a label. */
  public static Optional<AlertKind> ofLabel(String label) {
    return Arrays.stream(values()).filter(kind -> kind.label.equals(label)).findFirst();
  }
}

package ai.pediscreen.telemetry;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.export.EventExporter;
import ai.pediscreen.telemetry.privacy.PhiMode;
import ai.pediscreen.telemetry.privacy.Pseudonyms;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a {@link Telemetry}; only the {@link #store} must be given. Not safe for use by
 * several threads at once.
 */
public final class TelemetryBuilder {

  private static final int MAX_QUEUE = 1 << 24;
  private static final int MAX_COMMITTERS = 16;

  @Nullable TelemetryStore store;
  PhiMode phi = PhiMode.REDACT;
  @Nullable Pseudonyms pseudonyms;
  int queue = 20_000;
  long queueBytes = 64L << 20;
  int eventBytes = 256 << 10;
  int committers = 2;
  Duration retryFor = Duration.ofMinutes(5);
  Duration closeWithin = Duration.ofSeconds(10);
  boolean closeAtExit;
  @Nullable EventExporter exporter;
  InstantSource clock = InstantSource.system();
  final List<DropListener> dropListeners = new ArrayList<>();

  TelemetryBuilder() {}

  /** Where events are kept; closed with the telemetry. */
  public TelemetryBuilder store(TelemetryStore value) {
    store = requireNonNull(value, "store");
    return this;
  }

  /** What to do with identifiers of persons; {@link PhiMode#REDACT} if not set. */
  public TelemetryBuilder phi(PhiMode value) {
    phi = requireNonNull(value, "phi");
    return this;
  }

  /** The pseudonyms that replace ids of users and cases; ids are kept if not set. */
  public TelemetryBuilder pseudonyms(Pseudonyms value) {
    pseudonyms = requireNonNull(value, "pseudonyms");
    return this;
  }

  /** How many events may be queued or in flight, 1 to 2²⁴; 20 000 if not set. */
  public TelemetryBuilder queue(int events) {
    queue = (int) between("queue", events, 1, MAX_QUEUE);
    return this;
  }

  /** How many bytes these may take together, at least 1024; 64 MiB if not set. */
  public TelemetryBuilder queueBytes(long bytes) {
    queueBytes = between("queueBytes", bytes, 1024, Long.MAX_VALUE / 2);
    return this;
  }

  /** How large one event may be as JSON, about, 1024 to 256 KiB; that if not set. */
  public TelemetryBuilder eventBytes(int bytes) {
    eventBytes = (int) between("eventBytes", bytes, 1024, 256 << 10);
    return this;
  }

  /**
   * How many threads store events, and so how many connections they use, 1 to 16; 2 if not set.
   * With 1 events are stored in the order in which they were recorded.
   */
  public TelemetryBuilder committers(int threads) {
    committers = (int) between("committers", threads, 1, MAX_COMMITTERS);
    return this;
  }

  /** How long an event is retried while the store is unavailable; 5 minutes if not set. */
  public TelemetryBuilder retryFor(Duration value) {
    retryFor = notNegative("retryFor", value);
    return this;
  }

  /** The timeout of {@link Telemetry#close()}; 10 seconds if not set. */
  public TelemetryBuilder closeWithin(Duration value) {
    closeWithin = notNegative("closeWithin", value);
    return this;
  }

  /** Adds a shutdown hook that closes it. Without this there is none. */
  public TelemetryBuilder closeAtExit() {
    closeAtExit = true;
    return this;
  }

  /**
   * Where events and days are exported to; the store must have an export queue. No export if not
   * set. The caller closes it, after the telemetry.
   */
  public TelemetryBuilder exportTo(EventExporter value) {
    exporter = requireNonNull(value, "exporter");
    return this;
  }

  /** Adds a listener for dropped events, notified about once a second while there are any. */
  public TelemetryBuilder onDrop(DropListener listener) {
    dropListeners.add(requireNonNull(listener, "listener"));
    return this;
  }

  /** Says when calls are made; the system's clock if not set. */
  public TelemetryBuilder clock(InstantSource value) {
    clock = requireNonNull(value, "clock");
    return this;
  }

  /**
   * Starts it.
   *
   * @throws IllegalStateException if there is no store, or there is an exporter and the store has
   *     no export queue
   */
  public Telemetry build() {
    if (store == null) {
      throw new IllegalStateException(
          "a store must be set, such as InMemoryStore.bounded(100_000)");
    }
    if (exporter != null && store.exports().isEmpty()) {
      throw new IllegalStateException(
          "an exporter needs a store with an export queue; this store has none");
    }
    return new Telemetry(this, store);
  }

  private static long between(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s must be between %d and %d but is %d".formatted(name, min, max, value));
    }
    return value;
  }

  private static Duration notNegative(String name, Duration value) {
    if (requireNonNull(value, name).isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative but is " + value);
    }
    return value;
  }
}

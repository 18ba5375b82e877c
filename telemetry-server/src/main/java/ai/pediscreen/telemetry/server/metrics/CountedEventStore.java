package ai.pediscreen.telemetry.server.metrics;

import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/** Counts what a store says it did, after it did it. As thread-safe as the store. */
final class CountedEventStore implements EventStore {

  /** A sender's clock may be so far ahead without being reported. */
  private static final Duration AHEAD = Duration.ofMinutes(2);

  /** So many organisations have their own label. */
  private static final int ORGANISATIONS = 50;

  private final EventStore store;
  private final InferenceMetrics inference;
  private final Consumer<String> refused;
  private final Counter accepted;
  private final Counter duplicates;
  private final Counter failures;
  private final Timer commits;
  private final DistributionSummary groups;
  private final InstantSource clock;
  private final LabelValues organisations = new LabelValues(ORGANISATIONS);
  private final Series<Timer> ahead;

  /**
   * @param refused receives the reason of each event that the store refuses
   * @param clock says which events are ahead
   */
  CountedEventStore(
      EventStore store,
      MeterRegistry registry,
      InferenceMetrics inference,
      Consumer<String> refused,
      InstantSource clock) {
    this.store = store;
    this.clock = clock;
    this.ahead =
        new Series<>(
            ORGANISATIONS + 2,
            values ->
                Timer.builder("telemetry.clock.ahead")
                    .description("How far events were ahead of this server's clock, if far")
                    .tag("org", values.get(0))
                    .register(registry));
    this.inference = inference;
    this.refused = refused;
    this.accepted = counter(registry, "telemetry.events.accepted", "Events that were stored");
    this.duplicates =
        counter(registry, "telemetry.events.duplicate", "Events that were stored already");
    this.failures =
        counter(registry, "telemetry.commit.failures", "Transactions that stored no event");
    this.commits =
        Timer.builder("telemetry.commit")
            .description("How long it took to make a group of events durable")
            .serviceLevelObjectives(
                Duration.ofMillis(5),
                Duration.ofMillis(10),
                Duration.ofMillis(25),
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofMillis(250),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofMillis(2_500),
                Duration.ofSeconds(5))
            .register(registry);
    this.groups =
        DistributionSummary.builder("telemetry.commit.events")
            .description("How many events were made durable at once")
            .register(registry);
  }

  @Override
  public List<Receipt> append(List<ScopedEvent> events) {
    long startNanos = System.nanoTime();
    List<Receipt> receipts;
    try {
      receipts = store.append(events);
    } catch (RuntimeException | Error e) {
      failures.increment();
      throw e;
    }
    commits.record(Duration.ofNanos(System.nanoTime() - startNanos));
    groups.record(events.size());
    Instant now = clock.instant();
    for (int i = 0; i < receipts.size(); i++) {
      switch (receipts.get(i).status()) {
        case ACCEPTED -> {
          accepted.increment();
          countAhead(events.get(i).event(), now);
          inference.count(events.get(i).event());
        }
        case DUPLICATE -> duplicates.increment();
        case REFUSED -> refused.accept(TelemetryMetrics.STORE_REFUSED);
      }
    }
    return receipts;
  }

  private void countAhead(TelemetryEvent event, Instant now) {
    Duration by = Duration.between(now, event.timestamp());
    if (by.compareTo(AHEAD) > 0) {
      ahead.of(organisations.of(event.orgId())).record(by);
    }
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }
}

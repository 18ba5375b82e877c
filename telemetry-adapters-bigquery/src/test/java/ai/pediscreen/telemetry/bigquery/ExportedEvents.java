package ai.pediscreen.telemetry.bigquery;

import ai.pediscreen.telemetry.event.EventStore;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.ScopedEvent;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Events that have left for BigQuery by the time their append returns: each that is new, and every
 * third of these twice, as when a stream was lost.
 */
final class ExportedEvents implements EventStore {

  private static final Instant EXPORTED = Instant.parse("2026-03-10T12:01:00Z");

  private final Evaluator evaluator;
  private final Set<List<@Nullable String>> known = new HashSet<>();

  ExportedEvents(Evaluator evaluator) {
    this.evaluator = evaluator;
  }

  @Override
  public synchronized List<Receipt> append(List<ScopedEvent> batch) {
    List<Receipt> receipts = new ArrayList<>();
    List<EventTable.Row> rows = new ArrayList<>();
    for (ScopedEvent scoped : batch) {
      TelemetryEvent event = scoped.event();
      boolean fresh = known.add(Arrays.asList(event.orgId(), event.eventId()));
      receipts.add(fresh ? Receipt.accepted() : Receipt.duplicate());
      if (fresh) {
        rows.add(new EventTable.Row(event, "{}", EXPORTED));
        if (known.size() % 3 == 0) {
          rows.add(new EventTable.Row(event, "{}", EXPORTED.plusSeconds(known.size() % 2)));
        }
      }
    }
    evaluator.addEvents(rows);
    return receipts;
  }
}

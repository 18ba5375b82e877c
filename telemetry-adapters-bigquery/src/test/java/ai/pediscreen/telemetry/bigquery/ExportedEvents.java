package ai.pediscreen.telemetry.bigquery;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.export.EventReference;
import ai.pediscreen.telemetry.export.WaitingEvent;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
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

  private static final Gson JSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
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
        rows.add(row(event, EXPORTED));
        if (known.size() % 3 == 0) {
          rows.add(row(event, EXPORTED.plusSeconds(known.size() % 2)));
        }
      }
    }
    evaluator.addEvents(rows);
    return receipts;
  }

  private static EventTable.Row row(TelemetryEvent event, Instant exportedAt) {
    WaitingEvent waiting = waiting(event);
    EventDocument document = new EventDocument(requireNonNull(waiting.json()));
    return new EventTable.Row(waiting.reference(), document, exportedAt);
  }

  /** An event as a store hands it to an exporter. */
  static WaitingEvent waiting(TelemetryEvent event) {
    return new WaitingEvent(EventReference.of(event), JSON.toJson(event.toMap()));
  }
}

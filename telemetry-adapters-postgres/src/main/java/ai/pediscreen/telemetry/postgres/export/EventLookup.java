package ai.pediscreen.telemetry.postgres.export;

import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import ai.pediscreen.telemetry.export.EventReference;
import ai.pediscreen.telemetry.export.WaitingEvent;
import ai.pediscreen.telemetry.postgres.event.FirstBytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Table {@code event}, looked up for export. */
final class EventLookup {

  private static final Comparator<EventReference> BY_TIMESTAMP =
      Comparator.comparing(EventReference::timestamp);

  private EventLookup() {}

  /**
   * Looks up events in the order of their references. Ends early when it has read a megabyte, but
   * not before the first.
   *
   * @param references at least one
   */
  static List<WaitingEvent> find(Handle handle, List<EventReference> references) {
    Instant min = Collections.min(references, BY_TIMESTAMP).timestamp();
    Instant max = Collections.max(references, BY_TIMESTAMP).timestamp();
    // The bounds are for the planner, which then looks at few partitions.
    List<Optional<String>> payloads =
        ExportOutbox.bind(
                handle.createQuery(
                    FirstBytes.QUERY.formatted(
                        """
                        SELECT event.payload, wanted.position
                        FROM unnest(:micros, :orgIds, :eventIds)
                            WITH ORDINALITY AS wanted (micros, org_id, event_id, position)
                          LEFT JOIN event
                            ON event.ts = to_timestamp(0) + wanted.micros * interval '1 microsecond'
                            AND event.org_id = wanted.org_id
                            AND event.event_id = wanted.event_id
                            AND event.ts >= :min AND event.ts <= :max
                        """)),
                references)
            .bind("min", utc(min))
            .bind("max", utc(max))
            .bind("bytes", FirstBytes.LIMIT)
            .map((row, context) -> Optional.ofNullable(row.getString(1)))
            .list();
    List<WaitingEvent> found = new ArrayList<>(payloads.size());
    for (Optional<String> payload : payloads) {
      found.add(new WaitingEvent(references.get(found.size()), payload.orElse(null)));
    }
    return found;
  }
}

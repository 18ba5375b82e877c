package ai.pediscreen.telemetry.postgres.export;

import static ai.pediscreen.telemetry.postgres.event.EventLedger.orNone;
import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import ai.pediscreen.telemetry.export.DeadLetter;
import ai.pediscreen.telemetry.export.EventReference;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Table {@code export_dead_letter}: events that will not be exported, and why. */
final class DeadLetterTable {

  private DeadLetterTable() {}

  static void add(Handle handle, List<DeadLetter> deadLetters) {
    if (deadLetters.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO export_dead_letter (org_id, event_id, ts, reason, field)
            VALUES (:orgId, :eventId, :ts, :reason, :field)
            """);
    for (DeadLetter one : deadLetters) {
      EventReference event = one.reference();
      batch
          .bind("orgId", orNone(event.orgId()))
          .bind("eventId", event.eventId())
          .bind("ts", utc(event.timestamp()))
          .bind("reason", one.reason())
          .bind("field", one.field())
          .add();
    }
    batch.execute();
  }
}

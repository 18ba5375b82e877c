package ai.pediscreen.telemetry.postgres.export;

import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.export.EncodedRows;
import ai.pediscreen.telemetry.export.ExportBatch;
import ai.pediscreen.telemetry.export.StreamPosition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Table {@code export_stream}: its only row says where the stream stands and which batch is out.
 */
final class ExportStream {

  /**
   * The row.
   *
   * @param position where the stored batch goes, or the next one; null before the first
   * @param stored the batch that may or may not have arrived
   */
  record State(@Nullable StreamPosition position, @Nullable ExportBatch stored) {}

  private ExportStream() {}

  static State read(Handle handle) {
    return handle
        .createQuery("SELECT * FROM export_stream")
        .map((row, context) -> state(row))
        .one();
  }

  static String source(Handle handle) {
    return handle.createQuery("SELECT source FROM export_stream").mapTo(String.class).one();
  }

  /**
   * Changes the row from one state to another.
   *
   * @param queuedAt since when the events of a batch have waited; null for those of the one before
   * @throws StoreUnavailableException if another has changed it
   */
  static void change(Handle handle, State from, State to, @Nullable Instant queuedAt) {
    ExportBatch batch = to.stored();
    StreamPosition position = to.position();
    int changed =
        handle
            .createUpdate(
                """
                UPDATE export_stream SET stream = :stream, row_offset = :rowOffset,
                  queued_at = CASE WHEN :stored
                    THEN coalesce(CAST(:queuedAt AS timestamptz), queued_at, now()) END,
                  events = :events, batch = :batch
                WHERE stream IS NOT DISTINCT FROM :knownStream
                  AND row_offset = :knownOffset AND (batch IS NOT NULL) = :knownStored
                """)
            .bind("stream", position == null ? null : position.stream())
            .bind("rowOffset", position == null ? 0 : position.offset())
            .bind("stored", batch != null)
            .bind("queuedAt", queuedAt == null ? null : utc(queuedAt))
            .bind("events", batch == null ? 0 : batch.rows().count())
            .bind("batch", batch == null ? null : batch.rows().bytes())
            .bind("knownStream", from.position() == null ? null : from.position().stream())
            .bind("knownOffset", from.position() == null ? 0 : from.position().offset())
            .bind("knownStored", from.stored() != null)
            .execute();
    if (changed != 1) {
      throw new StoreUnavailableException("another exporter has taken the lease");
    }
  }

  private static State state(ResultSet row) throws SQLException {
    String stream = row.getString("stream");
    if (stream == null) {
      return new State(null, null);
    }
    StreamPosition position = new StreamPosition(stream, row.getLong("row_offset"));
    byte[] batch = row.getBytes("batch");
    if (batch == null) {
      return new State(position, null);
    }
    return new State(
        position, new ExportBatch(position, new EncodedRows(row.getInt("events"), batch)));
  }
}

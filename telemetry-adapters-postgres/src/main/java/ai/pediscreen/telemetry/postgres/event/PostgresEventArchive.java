package ai.pediscreen.telemetry.postgres.event;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventArchive;
import ai.pediscreen.telemetry.event.spi.EventSelection;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Each page is one short transaction, so that no reader holds a connection while it is slow. */
public final class PostgresEventArchive implements EventArchive {

  private final Database database;

  public PostgresEventArchive(Database database) {
    this.database = database;
  }

  @Override
  public List<TelemetryEvent> page(
      EventSelection selection, @Nullable TelemetryEvent after, int limit) {
    return database.read(
        selection.org(), handle -> EventPages.page(handle, selection, after, limit));
  }
}

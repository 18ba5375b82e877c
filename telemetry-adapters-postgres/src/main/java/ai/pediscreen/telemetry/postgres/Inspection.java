package ai.pediscreen.telemetry.postgres;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.postgres.PostgresReport.Contents;
import ai.pediscreen.telemetry.postgres.PostgresReport.Schema;
import ai.pediscreen.telemetry.postgres.audit.AuditTable;
import ai.pediscreen.telemetry.postgres.connect.ConnectionParameters;
import ai.pediscreen.telemetry.postgres.day.ComputedDayTable;
import ai.pediscreen.telemetry.postgres.day.PostgresDays;
import ai.pediscreen.telemetry.postgres.event.EventCalls;
import ai.pediscreen.telemetry.postgres.partition.DayPartitions;
import ai.pediscreen.telemetry.postgres.partition.EventPartitions;
import ai.pediscreen.telemetry.postgres.retention.Retention;
import ai.pediscreen.telemetry.postgres.schema.Migrations;
import ai.pediscreen.telemetry.postgres.schema.OwnSchema;
import ai.pediscreen.telemetry.postgres.schema.ServerGrants;
import ai.pediscreen.telemetry.postgres.schema.TenantGrants;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import ai.pediscreen.telemetry.postgres.transaction.UnpooledTransaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Looks at a database and changes nothing in it. */
final class Inspection {

  /** The quickest of so many questions tells most exactly what the other clock says. */
  private static final int CLOCK_QUESTIONS = 3;

  private Inspection() {}

  static PostgresReport of(PostgresSettings settings) {
    return UnpooledTransaction.inspect(
        settings.connection(),
        handle -> {
          // On a connection of its own; that one can be had is known by now.
          SchemaState migrations =
              OwnSchema.isToBeMoved(handle, settings.schema())
                  ? new SchemaState(Schema.TO_BE_MOVED, null)
                  : migrations(settings.connection());
          Instant now =
              settings.clock() == null ? Database.ownTime(handle) : settings.clock().instant();
          return report(
              handle,
              now,
              ServerGrants.isGranted(handle) ? null : OwnSchema.obstacle(handle, settings.schema()),
              migrations,
              migrations.schema() == Schema.CURRENT
                  ? contents(handle, now, settings.retentionDays())
                  : null);
        });
  }

  private static PostgresReport report(
      Handle handle,
      Instant now,
      @Nullable String obstacle,
      SchemaState migrations,
      @Nullable Contents contents) {
    Duration nodeClockAhead = nodeClockAhead(handle);
    List<String> switchedOff = switchedOff(handle);
    return handle
        .createQuery(
            """
            SELECT current_setting('server_version') AS version,
              CAST(current_setting('server_version_num') AS integer) AS version_number,
              CAST(current_setting('max_locks_per_transaction') AS integer) AS locks
            """)
        .map(
            (row, context) ->
                new PostgresReport(
                    // A distribution appends its own version.
                    row.getString("version").replaceFirst(" .*", ""),
                    row.getInt("version_number") / 10_000,
                    switchedOff,
                    row.getInt("locks"),
                    nodeClockAhead,
                    now,
                    obstacle,
                    migrations.schema(),
                    migrations.version(),
                    contents))
        .one();
  }

  private static List<String> switchedOff(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT name FROM pg_settings
            WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes') AND setting = 'off'
            ORDER BY name
            """)
        .mapTo(String.class)
        .list();
  }

  private static Contents contents(Handle handle, Instant now, int retentionDays) {
    // Another would see nothing, and that would look as if all were well.
    TenantGrants.requireAllRows(handle);
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    return new Contents(
        new ArrayList<>(
            EventPartitions.missing(handle, today, today.plusDays(DayPartitions.DAYS_AHEAD))),
        EventPartitions.inDefault(handle, Contents.MAX_COUNTED),
        EventCalls.countAfter(handle, now.plus(Contents.AHEAD), Contents.MAX_COUNTED),
        ComputedDayTable.due(handle, PostgresDays.firstDay(today, retentionDays), today),
        AuditTable.isNextTaken(handle),
        Retention.reasonToWait(handle, now, retentionDays));
  }

  private static Duration nodeClockAhead(Handle handle) {
    InstantSource clock = InstantSource.system();
    Duration ahead = Duration.ZERO;
    long shortest = Long.MAX_VALUE;
    for (int question = 0; question < CLOCK_QUESTIONS; question++) {
      Instant before = clock.instant();
      long start = System.nanoTime();
      Instant theirs = Database.ownTime(handle);
      long took = System.nanoTime() - start;
      if (took < shortest) {
        shortest = took;
        ahead = Duration.between(theirs, before.plusNanos(took / 2));
      }
    }
    return ahead;
  }

  private static SchemaState migrations(ConnectionParameters parameters) {
    try {
      Flyway flyway =
          Migrations.toInspect(parameters).ignoreMigrationPatterns("*:pending", "*:future").load();
      MigrationInfoService info = flyway.info();
      MigrationInfo[] applied = info.applied();
      if (applied.length == 0) {
        return new SchemaState(Schema.EMPTY, null);
      }
      String version = String.valueOf(applied[applied.length - 1].getVersion());
      boolean valid = flyway.validateWithResult().validationSuccessful;
      return new SchemaState(valid ? compared(info) : Schema.DAMAGED, version);
    } catch (FlywayException e) {
      throw new StoreUnavailableException("the database's migrations cannot be read", e);
    }
  }

  private static Schema compared(MigrationInfoService info) {
    if (Stream.of(info.all()).anyMatch(one -> one.getState() == MigrationState.FUTURE_SUCCESS)) {
      return Schema.NEWER;
    }
    return info.pending().length > 0 ? Schema.BEHIND : Schema.CURRENT;
  }

  private record SchemaState(Schema schema, @Nullable String version) {}
}

package ai.pediscreen.telemetry.postgres;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.postgres.PostgresReport.Contents;
import ai.pediscreen.telemetry.postgres.PostgresReport.Schema;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of a database that is looked at, over one whose PostgreSQL forgets on a crash. */
class PostgresReportIT {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:30Z");
  private static final InstantSource CLOCK = () -> NOW;

  private final TestDatabase database = TestDatabase.createEmpty();

  @Test
  void emptyDatabase_isReportedEmpty_andStaysEmpty() {
    PostgresReport report = inspect();

    assertThat(report.schema()).isEqualTo(Schema.EMPTY);
    assertThat(report.schemaVersion()).isNull();
    assertThat(report.contents()).isNull();
    assertThat(database.value("SELECT count(*) FROM pg_namespace WHERE nspname = 'pedi_telemetry'"))
        .isEqualTo("0");
  }

  @Test
  void serverAndItsSettings_areReported() {
    PostgresReport report = inspect();

    assertThat(report.version()).startsWith(report.majorVersion() + ".").doesNotContain(" ");
    assertThat(report.majorVersion()).isBetween(15, 30);
    assertThat(report.maxLocksPerTransaction()).isEqualTo(512);
    assertThat(report.switchedOff()).contains("fsync", "synchronous_commit");
    assertThat(report.nodeClockAhead()).isBetween(Duration.ofSeconds(-1), Duration.ofSeconds(1));
    assertThat(report.now()).isEqualTo(NOW);
  }

  @Test
  void maintainedDatabase_lacksNothing_andMissingPartsAreReported() {
    try (PostgresTelemetry telemetry = database.open(CLOCK)) {
      telemetry.maintenance().run();
    }
    assertThat(inspect().schema()).isEqualTo(Schema.CURRENT);
    assertThat(inspect().contents())
        .isEqualTo(new Contents(List.of(), 0, 0, List.of(), false, null));

    database.execute("DROP TABLE event_p20260310, event_p20260317");
    database.execute(
        """
        INSERT INTO event (ts, org_id, event_id, model_id, error, payload)
        VALUES ('2026-03-10T00:00:00Z', 'o', 'e', 'm', FALSE, '{}'),
          ('2100-01-01T00:00:00Z', 'o', 'f', 'm', FALSE, '{}')
        """);
    database.execute("INSERT INTO late_day VALUES ('2026-03-08')");

    assertThat(inspect().contents())
        .isEqualTo(
            new Contents(
                List.of(LocalDate.of(2026, 3, 10), LocalDate.of(2026, 3, 17)),
                2,
                1,
                List.of(LocalDate.of(2026, 3, 8)),
                false,
                null));
  }

  @Test
  void pendingWork_isReported() {
    try (PostgresTelemetry telemetry = database.open(CLOCK)) {
      telemetry.maintenance().run();
    }
    database.execute(
        "UPDATE retention_clock SET trusted_at = '2026-03-01T00:00:00Z';"
            + " INSERT INTO audit_entry VALUES"
            + " (1, now(), 'w', NULL, 'events_read', '', 1, NULL, 'h', 'h')");

    Contents contents = requireNonNull(inspect().contents());

    assertThat(contents.auditBlocked()).isTrue();
    assertThat(contents.retentionWaitsFor()).contains("h after the last run");
  }

  @Test
  void schemaOfAnotherVersion_isReported_andNotChanged() {
    database.open(CLOCK).close();
    String newest =
        database.value("SELECT max(CAST(version AS integer)) FROM flyway_schema_history");
    assertThat(inspect().schemaVersion()).isEqualTo(newest);

    database.execute(
        """
        INSERT INTO flyway_schema_history
        SELECT installed_rank + 1000, '1000', 'of tomorrow', type, 'V1000__of_tomorrow.sql', 7,
          installed_by, now(), 1, TRUE
        FROM flyway_schema_history WHERE version = '1'
        """);
    assertThat(inspect().schema()).isEqualTo(Schema.NEWER);
    assertThat(inspect().schemaVersion()).isEqualTo("1000");

    database.execute(
        "DELETE FROM flyway_schema_history WHERE version IN ('1000', '" + newest + "')");
    assertThat(inspect().schema()).isEqualTo(Schema.BEHIND);
    assertThat(inspect().contents()).isNull();

    database.execute("UPDATE flyway_schema_history SET checksum = 1 WHERE version = '1'");
    assertThat(inspect().schema()).isEqualTo(Schema.DAMAGED);
  }

  @Test
  void userWithoutRights_isRefused() {
    database.open(CLOCK).close();
    database.execute("CREATE ROLE onlooker LOGIN");
    database.execute(
        "GRANT ALL ON SCHEMA pedi_telemetry TO onlooker; GRANT ALL ON ALL TABLES IN SCHEMA"
            + " pedi_telemetry TO onlooker");

    assertThatThrownBy(() -> PostgresTelemetry.inspect(database.settings(CLOCK, "onlooker")))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("must own the telemetry tables");
  }

  @Test
  void refusingDatabase_isUnavailable() {
    PostgresSettings elsewhere =
        PostgresSettings.of("jdbc:postgresql://127.0.0.1:1/telemetry", "ada", "hunter2");

    assertThatThrownBy(() -> PostgresTelemetry.inspect(elsewhere))
        .isInstanceOf(StoreUnavailableException.class)
        .rootCause()
        .hasMessageContaining("refused");
  }

  private PostgresReport inspect() {
    return PostgresTelemetry.inspect(database.settings(CLOCK));
  }
}

package ai.pediscreen.telemetry.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.audit.AuditAct;
import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.audit.AuditEntry;
import ai.pediscreen.telemetry.audit.AuditFilter;
import ai.pediscreen.telemetry.audit.AuditSelection;
import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.postgres.PostgresMaintenance;
import ai.pediscreen.telemetry.postgres.PostgresSettings;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.postgres.TestDatabase;
import ai.pediscreen.telemetry.postgres.transaction.TenantRole;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the owner of the tables grants to a server, and what a server does with it. */
class ServerGrantsIT {

  private static final String OWNER = "grants_owner";
  private static final String SERVER = "grants \"server";
  private static final String QUOTED = "\"grants \"\"server\"";

  /** Before the database's own clock, by which entries of the audit log are kept. */
  private final Instant start = Instant.now().minus(50, ChronoUnit.DAYS);

  private final TestDatabase database = TestDatabase.createEmpty();
  private final AtomicReference<Instant> now = new AtomicReference<>(start);
  private final PostgresSettings owner = database.settings(now::get, OWNER);
  private final PostgresSettings server = database.settings(now::get, "grants%20%22server");

  @BeforeEach
  void makeRoles() {
    for (String role : List.of(OWNER, QUOTED, TenantRole.NAME)) {
      database.execute(
          "DO $$ BEGIN CREATE ROLE %s LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
              .formatted(role));
    }
    database.execute("GRANT %s TO %s".formatted(TenantRole.NAME, QUOTED));
    database.execute(
        "ALTER DATABASE %s OWNER TO %s"
            .formatted(database.value("SELECT current_database()"), OWNER));
    migrate(100);
  }

  @Test
  void everyTable_isGranted_andExcessGrantsAreRevoked() {
    database.execute("GRANT ALL ON audit_entry, audit_chain, event TO " + QUOTED);
    migrate(100);

    assertThat(privileges("audit_entry")).isEqualTo("INSERT,SELECT");
    assertThat(privileges("audit_chain")).isEqualTo("SELECT");
    assertThat(privileges("event")).isEqualTo("INSERT,SELECT,UPDATE");
    assertThat(
            database.value(
                """
                SELECT string_agg(relname, ',') FROM pg_class
                WHERE relnamespace = CAST('pedi_telemetry' AS regnamespace) AND relkind IN ('r', 'p')
                  AND NOT has_any_column_privilege('%1$s', oid, 'SELECT')
                  AND NOT has_table_privilege('%1$s', oid, 'INSERT')
                """
                    .formatted(SERVER)))
        .isNull();
  }

  @Test
  void serverLackingARight_namesIt_andAnOlderSchemaSaysWhatToDo() {
    database.execute("REVOKE INSERT ON alert, erasure FROM " + QUOTED);
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("lacks rights (INSERT on alert, INSERT on erasure)");

    database.execute(
        "DELETE FROM flyway_schema_history WHERE installed_rank ="
            + " (SELECT max(installed_rank) FROM flyway_schema_history)");
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("older than this program");
  }

  @Test
  void revokedRight_isNamed_andNotReportedAsAnOutage() {
    try (PostgresTelemetry telemetry = open()) {
      append(telemetry);
      database.execute("REVOKE INSERT ON audit_entry FROM " + QUOTED);

      assertThatThrownBy(() -> append(telemetry))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessage("the database's user lacks a right: permission denied for table audit_entry");
    }
  }

  @Test
  @DisplayName("Entries expire by the owner's AUDIT_DAYS, whatever the server's are")
  void entries_areKeptForTheOwnersAuditDays() {
    try (PostgresTelemetry telemetry = open()) {
      telemetry.maintenance().run();
      append(telemetry);
      append(telemetry);
      now.set(Instant.now());
      AuditEntry kept = append(telemetry);
      telemetry.maintenance().confirmRetention();
      // 49 days are left by the owner's clock, whichever the server's.
      now.set(start.plus(110, ChronoUnit.DAYS));
      telemetry.maintenance().confirmRetention();
      telemetry.maintenance().run();
      assertThat(telemetry.audit().verify().entries()).isEqualTo(3);

      migrate(30);
      database.execute("UPDATE retention_clock SET pruned_before = NULL");
      telemetry.maintenance().run();
      assertThat(telemetry.audit().following(AuditFilter.ALL, 0, 10)).containsExactly(kept);
      assertThat(telemetry.audit().verify().isUnbroken()).isTrue();
    }
  }

  @Test
  @DisplayName("A day too large to keep its late events waiting is left to the owner")
  void dayWithSlowIndexes_isLeftToTheOwner() {
    try (PostgresTelemetry telemetry = open()) {
      assertThat(
              telemetry
                  .events()
                  .append(
                      OrgPermission.all(),
                      List.of(EventBuilder.event("e").at(start.minus(1, ChronoUnit.DAYS)).build())))
          .containsExactly(Receipt.accepted());
      database.execute(
          "CREATE FUNCTION public.slow() RETURNS event_trigger LANGUAGE plpgsql"
              + " AS 'BEGIN PERFORM pg_sleep(3600); END'");
      database.execute(
          "CREATE EVENT TRIGGER slow ON ddl_command_start WHEN TAG IN ('CREATE INDEX')"
              + " EXECUTE FUNCTION public.slow()");
      telemetry.maintenance().run();
      telemetry.maintenance().run();
      assertThat(indexes()).isEqualTo("0");
      database.execute("DROP EVENT TRIGGER slow");
      telemetry.maintenance().run();
      assertThat(indexes()).isEqualTo("0");
    }
    PostgresMaintenance.prepareDays(owner);
    assertThat(indexes()).isEqualTo("4");
  }

  private String indexes() {
    return database.value(
        "SELECT count(*) FROM pg_indexes"
            + " WHERE tablename LIKE 'event_p%' AND indexname LIKE '%\\_by\\_%'");
  }

  private String privileges(String table) {
    return database.value(
        """
        SELECT string_agg(privilege_type, ',' ORDER BY privilege_type)
        FROM pg_class, aclexplode(relacl) AS entry JOIN pg_roles ON pg_roles.oid = grantee
        WHERE pg_class.oid = CAST('%s' AS regclass) AND rolname = '%s'
        """
            .formatted(table, SERVER));
  }

  private static AuditEntry append(PostgresTelemetry telemetry) {
    return telemetry
        .audit()
        .append(new AuditAct("pst_a", null, AuditAction.EVENTS_READ, AuditSelection.NONE, 1, null));
  }

  private void migrate(int auditDays) {
    PostgresTelemetry.migrate(owner, server.withAuditDays(auditDays), Duration.ZERO);
  }

  private PostgresTelemetry open() {
    return PostgresTelemetry.open(server.withAuditDays(10), Duration.ZERO);
  }
}

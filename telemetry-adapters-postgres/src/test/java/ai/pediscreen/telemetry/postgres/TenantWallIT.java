package ai.pediscreen.telemetry.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.daily.DailyAggregation;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.postgres.day.AggregateTable;
import ai.pediscreen.telemetry.postgres.day.DriftTable;
import ai.pediscreen.telemetry.postgres.event.EventAppend;
import ai.pediscreen.telemetry.postgres.event.EventCalls;
import ai.pediscreen.telemetry.postgres.schema.TenantGrants;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import ai.pediscreen.telemetry.postgres.transaction.TenantRole;
import ai.pediscreen.telemetry.postgres.usage.LabelRollup;
import ai.pediscreen.telemetry.postgres.usage.PendingUsage;
import ai.pediscreen.telemetry.postgres.usage.UsageRollup;
import ai.pediscreen.telemetry.postgres.usage.UsageScopes;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;
import ai.pediscreen.telemetry.usage.spi.RollupWidth;
import ai.pediscreen.telemetry.usage.spi.UsageDelta;
import ai.pediscreen.telemetry.usage.spi.UsageLabel;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Goes around the first wall, the conditions of the statements, and finds the second: a transaction
 * for one organisation asks for the rows of another, or for all, and sees its own alone.
 */
class TenantWallIT {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:30Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);
  private static final LocalDate YESTERDAY = LocalDate.of(2026, 3, 9);
  private static final OrgFilter A = OrgFilter.of("org-a");
  private static final OrgFilter B = OrgFilter.of("org-b");
  private static final TimeWindow MONTH = TimeWindow.last(UsageRange.MONTH, NOW);

  private static final TestDatabase DATABASE = TestDatabase.create();
  private static final PostgresTelemetry TELEMETRY = DATABASE.openWithoutFolding(CLOCK);

  /**
   * The pools of {@link #TELEMETRY}, with one reader, so that each question has the same session.
   */
  private static final Database SESSIONS = Opening.pooled(DATABASE.settings(CLOCK).withReaders(1));

  @BeforeAll
  static void fill() {
    List<TelemetryEvent> events = new ArrayList<>();
    for (String org : new String[] {"org-a", "org-b", null}) {
      for (int i = 0; i < 30; i++) {
        events.add(
            EventBuilder.event(org + "-" + i)
                .at(NOW.minus(Duration.ofHours(i < 15 ? 24 + i / 10 : 24 * (2 + i % 6))))
                .org(org)
                .model("model-of-" + org)
                .status(503)
                .latency((long) i)
                .build());
      }
    }
    assertThat(TELEMETRY.events().append(OrgPermission.all(), events))
        .containsOnly(Receipt.accepted());
    // On a slow machine some partitions are not made at once.
    TELEMETRY.maintenance().run();
    TELEMETRY.fold();
    new DailyAggregation(TELEMETRY.days()).computeDue();
    assertThat(TELEMETRY.days().drift(day(B), 1)).isNotEmpty();
  }

  @AfterAll
  static void close() {
    SESSIONS.close();
    TELEMETRY.close();
  }

  @Test
  void rowsOfOthers_areNotSeen_withAForgedFilter() {
    assertThat(read(A, handle -> EventCalls.newest(handle, month(A), UsageLabel.Kind.ERROR, 100)))
        .hasSize(30);
    for (OrgFilter forged : List.of(B, OrgFilter.all())) {
      UsageFilter filter = month(forged);
      assertThat(
              read(A, handle -> EventCalls.newest(handle, filter, UsageLabel.Kind.ERROR, 100))
                  .stream()
                  .filter(call -> !"org-a".equals(call.orgId())))
          .isEmpty();
      List<RollupWidth.Piece> pieces = RollupWidth.pieces(MONTH.since(), NOW);
      assertThat(read(A, handle -> UsageRollup.rows(handle, filter, pieces))).isEmpty();
      assertThat(
              read(
                  A,
                  handle ->
                      LabelRollup.rows(handle, filter, pieces, Set.of(UsageLabel.Kind.values()))))
          .isEmpty();
      assertThat(read(A, handle -> AggregateTable.select(handle, day(forged)))).isEmpty();
      assertThat(read(A, handle -> DriftTable.select(handle, day(forged), 10))).isEmpty();
      assertThat(read(forged, handle -> UsageRollup.rows(handle, filter, pieces))).isNotEmpty();
      assertThat(read(forged, handle -> DriftTable.select(handle, day(forged), 10))).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT DISTINCT org_id FROM event",
        "SELECT DISTINCT substr(scope, 2) FROM usage_rollup",
        "SELECT DISTINCT substr(scope, 2) FROM label_rollup",
        "SELECT substr(scope, 2) FROM usage_scope",
        "SELECT DISTINCT substr(scope, 2) FROM daily_aggregate",
        "SELECT DISTINCT substr(scope, 2) FROM drift_record"
      })
  void statementWithoutAnyCondition_seesOneOrganisation(String sql) {
    assertThat(read(A, handle -> handle.createQuery(sql).mapTo(String.class).list()))
        .containsExactly("org-a");
    assertThat(read(OrgFilter.of("nobody"), handle -> handle.createQuery(sql).mapToMap().list()))
        .isEmpty();
    assertThat(read(OrgFilter.all(), handle -> handle.createQuery(sql).mapTo(String.class).list()))
        .contains("org-a", "org-b");
  }

  @Test
  void everyTableTheRoleCanRead_hasAPolicy_andNoOtherIsReadable() {
    assertThat(
            names(
                """
                SELECT relname FROM pg_class
                WHERE relnamespace = CAST('pedi_telemetry' AS regnamespace)
                  AND has_table_privilege('pedi_telemetry_tenant', oid, 'SELECT')
                """))
        .containsExactlyInAnyOrderElementsOf(TenantGrants.READ)
        .containsExactlyInAnyOrderElementsOf(
            names(
                """
                SELECT relname FROM pg_class
                WHERE relnamespace = CAST('pedi_telemetry' AS regnamespace) AND relrowsecurity
                """));
    for (String table :
        List.of("access_key", "event_default", "event_p20260309", "late_day", "export_outbox")) {
      assertThatThrownBy(
              () -> read(A, handle -> handle.createQuery("TABLE " + table).mapToMap().list()))
          .as(table)
          .isInstanceOf(StoreUnavailableException.class)
          .hasRootCauseMessage("ERROR: permission denied for table " + table);
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {"org-b", "none"})
  void eventOfAnotherOrganisation_isNotAppended_norItsBatch(@Nullable String org) {
    Map<UUID, ScopedEvent> forged =
        Map.of(
            new UUID(0, 1), scoped(EventBuilder.event("forged-own").org("org-a")),
            new UUID(0, 2), scoped(EventBuilder.event("forged").org(org)));

    assertThatThrownBy(
            () ->
                SESSIONS.append(
                    connection -> EventAppend.run(connection, Set.of("org-a"), forged, true, NOW)))
        .isInstanceOf(StoreUnavailableException.class)
        .rootCause()
        .hasMessageContaining("row-level security policy");
    assertThat(
            DATABASE.value(
                "SELECT count(*) FROM event_ledger WHERE key IN (%s)"
                    .formatted(
                        forged.keySet().stream()
                            .map("'%s'"::formatted)
                            .collect(Collectors.joining(", ")))))
        .isEqualTo("0");
    assertThat(DATABASE.value("SELECT count(*) FROM export_outbox")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO event_ledger (org_id, key) VALUES ('org-b', gen_random_uuid())",
        "INSERT INTO event (ts, org_id, event_id, model_id, error, payload)"
            + " VALUES (now(), 'org-b', 'forged', 'm', FALSE, '{}')",
        "INSERT INTO usage_pending (org_id, delta) VALUES ('org-b', '')"
      })
  void eachTable_refusesARowOfAnotherOrganisation(String sql) {
    assertThatThrownBy(
            () ->
                SESSIONS.write(
                    handle -> {
                      handle.execute(
                          "SELECT set_config('role', ?, true),"
                              + " set_config('telemetry.orgs', '{\"org-a\": 1}', true)",
                          TenantRole.NAME);
                      return handle.execute(sql);
                    }))
        .rootCause()
        .hasMessageContaining("row-level security policy");
  }

  @Test
  void pendingRowsOfOthers_areNotSeen() {
    try (PostgresTelemetry writer = DATABASE.openWithoutFolding(CLOCK)) {
      writer
          .events()
          .append(
              OrgPermission.of("org-b"),
              List.of(EventBuilder.event("pending").org("org-b").build()));
    }
    assertThat(read(A, handle -> pending(handle, "org-b"))).isEmpty();
    assertThat(read(A, handle -> pending(handle, null))).isEmpty();
    assertThat(read(B, handle -> pending(handle, null))).hasSize(1);
    assertThat(read(A, handle -> UsageScopes.organisations(handle, OrgFilter.all(), null, 10)))
        .containsExactly("org-a");
  }

  @Test
  @DisplayName("Pool connections do not carry an organisation or role to the next user")
  void session_isTheOwnersAgain_afterATenantTransaction_evenAFailedOne() {
    List<String> owner = read(OrgFilter.all(), TenantWallIT::whoAsks);
    assertThat(owner).containsExactly("postgres/");
    assertThat(read(A, TenantWallIT::whoAsks)).containsExactly("pedi_telemetry_tenant/org-a");
    assertThat(read(OrgFilter.all(), TenantWallIT::whoAsks)).isEqualTo(owner);
    assertThatThrownBy(
            () -> read(A, handle -> List.of(handle.execute("SELECT no_such_function()"))))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(read(OrgFilter.all(), TenantWallIT::whoAsks)).isEqualTo(owner);
    // An organisation that was left behind would be '', and so would events without one be.
    assertThat(
            read(
                OrgFilter.all(),
                handle -> {
                  handle.execute("SET LOCAL ROLE " + TenantRole.NAME);
                  return handle.createQuery("TABLE event").mapToMap().list();
                }))
        .isEmpty();
  }

  @Test
  void isolation_holds_whenAnOrdinaryUserOwnsTheDatabase() {
    TestDatabase database = TestDatabase.createEmpty();
    database.execute("CREATE ROLE poor LOGIN");
    database.execute(
        "ALTER DATABASE " + database.value("SELECT current_database()") + " OWNER TO poor");
    PostgresSettings settings = database.settings(CLOCK, "poor");

    assertThatThrownBy(() -> PostgresTelemetry.open(settings, Duration.ZERO))
        .isInstanceOf(StoreUnavailableException.class)
        .rootCause()
        .hasMessageContaining("CREATE ROLE pedi_telemetry_tenant NOLOGIN")
        .hasMessageContaining("GRANT pedi_telemetry_tenant TO poor");

    database.execute("GRANT pedi_telemetry_tenant TO poor");
    try (PostgresTelemetry telemetry = PostgresTelemetry.open(settings, Duration.ZERO);
        Database sessions = Opening.pooled(settings)) {
      TelemetryEvent event = EventBuilder.event("e").org("org-b").at(NOW.minusSeconds(60)).build();
      assertThat(telemetry.events().append(OrgPermission.of("org-b"), List.of(event)))
          .containsOnly(Receipt.accepted());
      assertThat(telemetry.usage().overview(month(B)).requests()).isEqualTo(1);
      assertThat(telemetry.usage().overview(month(A)).requests()).isZero();
      assertThat(tableOf(sessions)).isEmpty();
    }
  }

  @Test
  void userWithoutRights_isRefused() {
    DATABASE.execute("CREATE ROLE other LOGIN");
    DATABASE.execute(
        "GRANT ALL ON SCHEMA pedi_telemetry TO other WITH GRANT OPTION; GRANT ALL ON ALL TABLES IN"
            + " SCHEMA pedi_telemetry TO other");

    assertThatThrownBy(
            () -> PostgresTelemetry.open(DATABASE.settings(CLOCK, "other"), Duration.ZERO))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("must own the telemetry tables");
  }

  private static List<Map<String, Object>> tableOf(Database sessions) {
    return sessions.read(A, handle -> handle.createQuery("TABLE event").mapToMap().list());
  }

  private static List<String> whoAsks(Handle handle) {
    return handle
        .createQuery(
            "SELECT current_user || '/' || coalesce(current_setting('telemetry.org', true), '')")
        .mapTo(String.class)
        .list();
  }

  private static <T> List<T> read(OrgFilter org, Database.Work<List<T>> work) {
    return SESSIONS.read(org, work);
  }

  private static List<UsageDelta.Key> pending(Handle handle, @Nullable String orgId) {
    List<UsageDelta.Key> keys = new ArrayList<>();
    PendingUsage.forEach(handle, orgId, (key, cell) -> keys.add(key));
    return keys;
  }

  private static ScopedEvent scoped(EventBuilder event) {
    return new ScopedEvent(OrgPermission.all(), event.build());
  }

  private static List<String> names(String sql) {
    return read(OrgFilter.all(), handle -> handle.createQuery(sql).mapTo(String.class).list());
  }

  private static UsageFilter month(OrgFilter org) {
    return new UsageFilter(org, null, MONTH);
  }

  private static DayFilter day(OrgFilter org) {
    return new DayFilter(org, null, YESTERDAY.minusDays(3), YESTERDAY);
  }
}

package ai.pediscreen.telemetry.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.access.AccessKey;
import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.postgres.PostgresReport.Schema;
import ai.pediscreen.telemetry.postgres.PostgresSettings;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.postgres.TestDatabase;
import ai.pediscreen.telemetry.postgres.event.EventJson;
import ai.pediscreen.telemetry.postgres.transaction.AdvisoryLock;
import ai.pediscreen.telemetry.usage.Overview;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;
import ai.pediscreen.telemetry.usage.spi.UsageDelta;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Databases that hold more than ours, or ours elsewhere. */
class OwnSchemaIT {

  /** When the dump of the earlier version was taken. */
  private static final Instant NOW = Instant.parse("2026-11-29T00:47:13Z");

  private static final InstantSource CLOCK = () -> NOW;
  private static final OrgFilter A = OrgFilter.of("org-a");
  private static final int BATCH = 5;

  private final TestDatabase database = TestDatabase.createEmpty();

  @Test
  void foreignTablesHistoryAndPath_haveNoEffect_andStayUnchanged() {
    database.execute(
        """
        CREATE SCHEMA others;
        CREATE TABLE others.event (x integer);
        CREATE TABLE others.event_ledger (x integer);
        CREATE TABLE others.usage_pending (x integer);
        CREATE TABLE public.telemetry_events (id serial PRIMARY KEY, event_id text);
        INSERT INTO public.telemetry_events (event_id) VALUES ('theirs');
        CREATE TABLE public.event_ledger (x integer);
        CREATE TABLE public.secret (x integer);
        ALTER TABLE public.secret ENABLE ROW LEVEL SECURITY;
        CREATE TABLE public.flyway_schema_history (
          installed_rank integer PRIMARY KEY, version text, script text);
        INSERT INTO public.flyway_schema_history VALUES (1, '1', 'V1__theirs.sql')
        """);
    String before = foreignTables();

    try (PostgresTelemetry telemetry = database.open(CLOCK)) {
      assertStoresAndAnswers(telemetry);
      telemetry.maintenance().run();
      TestDatabase.fold(telemetry);
      assertThat(overview(telemetry, A).requests()).isEqualTo(1);
    }

    assertThat(foreignTables()).isEqualTo(before);
    assertThat(database.value("SELECT event_id FROM public.telemetry_events")).isEqualTo("theirs");
    assertThat(tenantMayRead("public.secret")).isEqualTo("f");
    assertThat(database.value("SELECT count(*) FROM pg_class WHERE relname = 'event_p20261129'"))
        .isEqualTo("1");
  }

  @Test
  void searchPathOfUserOrUrl_hasNoEffect() {
    database.execute("CREATE ROLE astray LOGIN SUPERUSER; ALTER ROLE astray SET search_path = ''");
    PostgresSettings astray = database.settings(CLOCK, "astray");
    PostgresSettings settings =
        PostgresSettings.of(
                astray.jdbcUrl() + "&currentSchema=public&options=-c%20search_path%3Dothers",
                null,
                null)
            .withClock(CLOCK);

    try (PostgresTelemetry telemetry = PostgresTelemetry.open(settings, Duration.ZERO)) {
      assertStoresAndAnswers(telemetry);
    }
    assertThat(database.value("SELECT count(*) FROM pedi_telemetry.event")).isEqualTo("1");
  }

  @Test
  void twoSchemasOfOneDatabase_areIndependent() {
    PostgresSettings other = database.settings(CLOCK).withSchema("user");
    try (PostgresTelemetry first = database.open(CLOCK);
        PostgresTelemetry second = PostgresTelemetry.open(other, Duration.ZERO)) {
      assertStoresAndAnswers(first);
      assertThat(overview(second, A).requests()).isZero();
      assertStoresAndAnswers(second);
    }
    assertThat(PostgresTelemetry.inspect(other).schema()).isEqualTo(Schema.CURRENT);
  }

  @Test
  void tablesInPublic_stayThere_whenSchemaIsPublic() {
    PostgresSettings inPublic = database.settings(CLOCK).withSchema("public");
    try (PostgresTelemetry told = PostgresTelemetry.open(inPublic, Duration.ZERO);
        PostgresTelemetry other = database.open(CLOCK)) {
      assertStoresAndAnswers(told);
      assertStoresAndAnswers(other);
    }
    assertThat(database.value("SELECT count(*) FROM public.event")).isNotEqualTo("0");
  }

  @Test
  void dataOfAnEarlierVersion_isMovedAtTheFirstStart_andFiguresStayTheSame() {
    ensureTenantRole();
    database.restore("version-14.sql");
    database.execute(
        """
        CREATE TABLE public.theirs (x integer);
        ALTER TABLE public.theirs ENABLE ROW LEVEL SECURITY;
        GRANT SELECT ON public.theirs TO pedi_telemetry_tenant
        """);
    assertThat(PostgresTelemetry.inspect(database.settings(CLOCK)).schema())
        .isEqualTo(Schema.TO_BE_MOVED);

    for (int opening = 1; opening <= 2; opening++) {
      try (PostgresTelemetry telemetry = database.open(CLOCK)) {
        Overview overview = overview(telemetry, OrgFilter.all());
        assertThat(overview.requests()).isEqualTo(42);
        assertThat(overview.errors()).isEqualTo(9);
        assertThat(overview.fallbacks()).isEqualTo(9);
        assertThat(overview.costUsd()).isEqualByComparingTo("0.273");
        assertThat(overview.averageLatencyMillis()).isEqualTo(186);
        assertThat(overview(telemetry, A).requests()).isEqualTo(12);
        assertThat(telemetry.keys().list()).extracting(AccessKey::orgId).contains("org-a");
        assertThat(telemetry.events().append(OrgPermission.all(), List.of(again())))
            .containsOnly(Receipt.duplicate());
        telemetry.maintenance().run();
      }
    }

    assertThat(PostgresTelemetry.inspect(database.settings(CLOCK)).schema())
        .isEqualTo(Schema.CURRENT);
    assertThat(
            database.value(
                "SELECT string_agg(relname, ',') FROM pg_class"
                    + " WHERE relnamespace = CAST('public' AS regnamespace)"))
        .isEqualTo("theirs");
    assertThat(tenantMayRead("public.theirs")).isEqualTo("f");
  }

  @Test
  @Timeout(120)
  void earlierServersThatStillWrite_loseNothing_whenTwoNewOnesStart() throws Exception {
    ensureTenantRole();
    database.restore("version-14.sql");
    int writers = 3;
    CountDownLatch underWay = new CountDownLatch(300);
    ExecutorService threads = Executors.newFixedThreadPool(writers + 2);
    try {
      List<Future<EarlierWriting>> writing = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        String name = "writer-" + i;
        writing.add(threads.submit(() -> writeAsVersion14(name, underWay)));
      }
      underWay.await();
      Future<PostgresTelemetry> one = threads.submit(() -> database.open(CLOCK));
      Future<PostgresTelemetry> other = threads.submit(() -> database.open(CLOCK));
      try (PostgresTelemetry telemetry = one.get();
          PostgresTelemetry second = other.get()) {
        long taken = 0;
        for (Future<EarlierWriting> ended : writing) {
          EarlierWriting writer = ended.get();
          taken += writer.taken;
          assertThat(second.events().append(OrgPermission.of("org-a"), writer.refused))
              .as("sent again, as clients do")
              .containsOnly(Receipt.accepted());
        }
        long stored = taken + (long) writers * BATCH;
        for (int fold = 0; fold < 2; fold++) {
          assertThat(overview(telemetry, OrgFilter.all()).requests()).isEqualTo(42 + stored);
          assertThat(overview(second, A).requests()).isEqualTo(12 + stored);
          TestDatabase.fold(telemetry);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /**
   * What a server of version 14 has done under load.
   *
   * @param taken events that it has stored
   * @param refused the first events that it could not store, for want of the tables
   */
  private record EarlierWriting(long taken, List<TelemetryEvent> refused) {}

  private EarlierWriting writeAsVersion14(String name, CountDownLatch underWay)
      throws SQLException {
    try (Connection connection = database.connect("public")) {
      for (long taken = 0; ; taken += BATCH) {
        List<TelemetryEvent> events = new ArrayList<>();
        for (long id = taken; id < taken + BATCH; id++) {
          events.add(EventBuilder.event(name + "-" + id).org("org-a").at(NOW).build());
        }
        try {
          appendAsVersion14(connection, events);
        } catch (SQLException e) {
          assertThat(e.getSQLState()).as("undefined_table").isEqualTo("42P01");
          return new EarlierWriting(taken, events);
        }
        underWay.countDown();
      }
    }
  }

  /** What that version sends to add events: its columns, in one round trip and transaction. */
  private static void appendAsVersion14(Connection connection, List<TelemetryEvent> events)
      throws SQLException {
    UsageDelta delta = new UsageDelta();
    events.forEach(delta::add);
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT pg_advisory_xact_lock_shared(?);
            WITH entered AS (
              INSERT INTO event_ledger (org_id, event_id, queued)
              SELECT 'org-a', id, false FROM unnest(CAST(? AS text[])) AS sent (id)),
            added AS (
              INSERT INTO event (ts, org_id, event_id, model_id, error, status_code, payload)
              SELECT CAST(? AS timestamptz), 'org-a', id, '', false, 200, CAST(payload AS json)
              FROM unnest(CAST(? AS text[]), CAST(? AS text[])) AS sent (id, payload))
            INSERT INTO usage_pending (org_id, events, delta) VALUES ('org-a', ?, ?)
            """)) {
      Array ids =
          connection.createArrayOf("text", events.stream().map(TelemetryEvent::eventId).toArray());
      statement.setLong(1, AdvisoryLock.WRITERS);
      statement.setArray(2, ids);
      statement.setString(3, NOW.toString());
      statement.setArray(4, ids);
      statement.setArray(
          5,
          connection.createArrayOf(
              "text",
              ScopedEvent.all(OrgPermission.of("org-a"), events).stream()
                  .map(EventJson::json)
                  .toArray()));
      statement.setInt(6, events.size());
      statement.setBytes(7, delta.toBytes());
      statement.execute();
    }
  }

  @Test
  void userWithoutCreateRight_getsTheStatementForAnAdministrator() {
    ensureTenantRole();
    database.execute("CREATE ROLE modest LOGIN; GRANT pedi_telemetry_tenant TO modest");
    PostgresSettings settings = database.settings(CLOCK, "modest");
    String statement = "CREATE SCHEMA pedi_telemetry AUTHORIZATION modest;";

    assertThat(PostgresTelemetry.inspect(settings).obstacle())
        .endsWith(
            statement
                + " or, if it is to own nothing, first run the command migrate with"
                + " MIGRATE_DATABASE_URL");
    assertThatThrownBy(() -> PostgresTelemetry.open(settings, Duration.ZERO))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(statement);

    database.execute("CREATE SCHEMA pedi_telemetry");
    database.execute("GRANT USAGE, CREATE ON SCHEMA pedi_telemetry TO modest");
    String owner = "ALTER SCHEMA pedi_telemetry OWNER TO modest;";
    assertThatThrownBy(() -> PostgresTelemetry.open(settings, Duration.ZERO))
        .as("who could not let the role in")
        .hasMessageContaining(owner);

    database.execute(owner);
    try (PostgresTelemetry telemetry = PostgresTelemetry.open(settings, Duration.ZERO)) {
      assertStoresAndAnswers(telemetry);
    }
  }

  /** As an organisation's own key does, so that the role is needed for both. */
  private static void assertStoresAndAnswers(PostgresTelemetry telemetry) {
    assertThat(
            telemetry
                .events()
                .append(
                    OrgPermission.of("org-a"),
                    List.of(EventBuilder.event("e").org("org-a").at(NOW).build())))
        .containsOnly(Receipt.accepted());
    assertThat(overview(telemetry, A).requests()).isEqualTo(1);
    assertThat(overview(telemetry, OrgFilter.of("org-b")).requests()).isZero();
  }

  private static Overview overview(PostgresTelemetry telemetry, OrgFilter org) {
    return telemetry
        .usage()
        .overview(new UsageFilter(org, null, TimeWindow.last(UsageRange.WEEK, NOW)));
  }

  /** The first event of the dump, sent again. */
  private static TelemetryEvent again() {
    return EventBuilder.event("e-2").org("org-b").at(NOW.minusSeconds(60)).build();
  }

  private static void ensureTenantRole() {
    TestDatabase.createEmpty().open(CLOCK).close();
  }

  private String tenantMayRead(String table) {
    return database.value(
        "SELECT has_table_privilege('pedi_telemetry_tenant', '%s', 'SELECT')".formatted(table));
  }

  private String foreignTables() {
    return database.value(
        """
        SELECT string_agg(CAST(CAST(oid AS regclass) AS text) || relpages || relnatts, ',' ORDER BY oid)
        FROM pg_class
        WHERE relnamespace IN (CAST('others' AS regnamespace), CAST('public' AS regnamespace))
        """);
  }
}

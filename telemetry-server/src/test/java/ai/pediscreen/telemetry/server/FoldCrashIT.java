package ai.pediscreen.telemetry.server;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgres;
import ai.pediscreen.telemetry.server.http.HttpUsageQueries;
import ai.pediscreen.telemetry.usage.OracleComparison;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageOracle;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server and its PostgreSQL, each in a process of its own, and either killed in the midst of a
 * fold. A lock on a table that a fold writes holds it up there: before it has written anything but
 * has taken what was pending, after the rollups, and after the labels too.
 */
@DisabledOnOs(OS.WINDOWS)
class FoldCrashIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int EVENTS = 60;
  private static final List<String> ORGS = List.of("org-a", "org-b");
  private static final String PENDING = "SELECT count(*) FROM usage_pending";

  /** Whether a fold, which alone inserts there, waits for a lock on a table. */
  private static final String FOLD_WAITS =
      """
      SELECT EXISTS (
        SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE NOT granted AND relation = CAST('%1$s' AS regclass)
          AND query LIKE 'INSERT INTO %1$s %%')
      """;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** All events that were acknowledged. */
  private static final List<TelemetryEvent> SENT = new ArrayList<>();

  private static Instant newest;
  private static Path directory;
  private static Path data;
  private static Map<String, String> settings;
  private static EmbeddedPostgres postgres;
  private static ServerProcess server;

  @BeforeAll
  static void start(@TempDir Path temporary) throws Exception {
    newest = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(120);
    directory = temporary;
    data = temporary.resolve("postgres-data");
    PreparedServer.copyCluster(data);
    postgres = EmbeddedPostgres.start(data, PostgresServer.PROGRAMS);
    settings = Map.of("DATABASE_URL", PostgresServer.url(postgres));
    server = ServerProcess.start(directory, settings, ServerProcess.freePort());
    // So that what is folded later is added to rows that there are.
    send(events());
    awaitFolded();
  }

  @AfterAll
  static void stop() {
    SENT.clear();
    if (server != null) {
      server.kill();
    }
    if (postgres != null) {
      postgres.close();
    }
  }

  @ParameterizedTest(name = "before it writes {0}")
  @ValueSource(strings = {"usage_rollup", "label_rollup", "usage_scope"})
  @DisplayName("A server killed with kill -9 in the midst of a fold")
  void killedServer_losesNothing_andCountsNothingTwice(String table) throws Exception {
    List<TelemetryEvent> taken = events();
    try (Hold hold = new Hold(table)) {
      send(taken);
      hold.awaitFold();
      send(events());
      assertFigures("during the fold");
      server.kill();
    }
    server = ServerProcess.start(directory, settings, ServerProcess.freePort());
    assertEachIsCountedOnce(taken);
  }

  @ParameterizedTest(name = "before it writes {0}")
  @ValueSource(strings = {"usage_rollup", "label_rollup", "usage_scope"})
  @DisplayName("PostgreSQL with all of its processes killed with kill -9 in the midst of a fold")
  void killedDatabase_losesNothing_andCountsNothingTwice(String table) throws Exception {
    List<TelemetryEvent> taken = events();
    try (Hold hold = new Hold(table)) {
      send(taken);
      hold.awaitFold();
      send(events());
      Postmasters.signalAll(data, "KILL");
    }
    assertEachIsCountedOnce(taken);
  }

  private static void assertEachIsCountedOnce(List<TelemetryEvent> sentAgain) throws Exception {
    assertFigures("before the next fold or after it");
    post(sentAgain);
    assertFigures("after some were sent again");
    awaitFolded();
    assertFigures("after the next fold");
    assertThat(value("SELECT events FROM usage_scope WHERE scope = '*'"))
        .isEqualTo(Integer.toString(SENT.size()));
    for (String org : ORGS) {
      assertThat(value("SELECT events FROM usage_scope WHERE scope = '=%s'".formatted(org)))
          .isEqualTo(Long.toString(SENT.stream().filter(sent -> org.equals(sent.orgId())).count()));
    }
    Recount.check(postgres, SENT.stream().map(TelemetryEvent::eventId).collect(toSet()));
  }

  private static void assertFigures(String when) {
    Instant now = Instant.now();
    Instant minute = now.truncatedTo(ChronoUnit.MINUTES);
    OracleComparison comparison =
        new OracleComparison(
            HttpUsageQueries.betweenInstants(FoldCrashIT::answer),
            new UsageOracle(SENT),
            when,
            HttpUsageQueries::asError,
            HttpUsageQueries::asFallback);
    for (int hours : List.of(2, 40)) {
      TimeWindow window = TimeWindow.between(minute.minus(hours, ChronoUnit.HOURS), minute, now);
      comparison.assertSame(new UsageFilter(OrgFilter.all(), null, window), 1_000);
      for (String org : ORGS) {
        comparison.assertSame(new UsageFilter(OrgFilter.of(org), null, window), 1_000);
      }
    }
  }

  /** The first answer that is one, from a server whose database may be away just now. */
  private static JsonNode answer(String path) {
    AtomicReference<HttpResponse<String>> last = new AtomicReference<>();
    Waiting.until(
        "a question is answered",
        LIMIT,
        () -> {
          last.set(Http.get(server.uri(path)));
          return last.get().statusCode() != 503;
        });
    return Http.json(last.get());
  }

  private static void send(List<TelemetryEvent> events) throws JsonProcessingException {
    post(events);
    SENT.addAll(events);
  }

  /** As a good client does, for a database that was just restarted. */
  private static void post(List<TelemetryEvent> events) throws JsonProcessingException {
    String body = JSON.writeValueAsString(events.stream().map(TelemetryEvent::toMap).toList());
    Waiting.until(
        "the events are taken",
        LIMIT,
        () -> Http.postJson(server.uri("/events"), body).statusCode() == 202);
  }

  private static int ids;

  /** Of two organisations and of none, in the last hours and on the day before. */
  private static List<TelemetryEvent> events() {
    List<TelemetryEvent> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      boolean fails = i % 7 == 0;
      events.add(
          event("e-" + ids++)
              .at(newest.minus(i * 30L, ChronoUnit.MINUTES))
              .org(i % 5 == 0 ? null : ORGS.get(i % 2))
              .model("m-" + i % 3)
              .adapter("lora-" + i % 2)
              .provider("vertex")
              .latency(20L + i)
              .status(fails ? 503 : 200)
              .errorCode(fails ? "TIMEOUT" : null)
              .fallbackTo(i % 11 == 0 ? "rules" : null)
              .cost("0.0" + (i + 1))
              .build());
    }
    return events;
  }

  private static void awaitFolded() {
    Waiting.until("nothing is pending", LIMIT, () -> "0".equals(value(PENDING)));
  }

  private static String value(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(
        postgres.jdbcUrl() + "?currentSchema=pedi_telemetry",
        postgres.username(),
        postgres.password());
  }

  /** Keeps folds from writing a table until it is closed; others may read meanwhile. */
  private static final class Hold implements AutoCloseable {
    private final Connection connection = connect();
    private final String table;

    Hold(String table) throws SQLException {
      this.table = table;
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("LOCK TABLE %s IN SHARE MODE".formatted(table));
      }
    }

    /** Waits until a fold waits for the lock; by then it has taken what is pending. */
    void awaitFold() {
      Waiting.until(
          "a fold waits for " + table, LIMIT, () -> "t".equals(value(FOLD_WAITS.formatted(table))));
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }
}

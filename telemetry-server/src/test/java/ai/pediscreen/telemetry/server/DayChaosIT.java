package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.daily.DailyOracle;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.postgres.PostgresSettings;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgres;
import ai.pediscreen.telemetry.server.job.redis.RedisProcess;
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
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XPendingParams;
import redis.clients.jedis.resps.StreamPendingEntry;

/**
 * A server, two workers, Redis and PostgreSQL, each in a process of its own, and what can befall
 * them while days are being computed. After each, every day is there, and each figure is what an
 * oracle makes of the events alone.
 *
 * <p>A lock on a table that a computation writes holds computations up after they have read their
 * events, for as long as a test needs. The tests need no order; in this one the last waits less
 * long for the schedule's next minute.
 */
@DisabledOnOs(OS.WINDOWS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DayChaosIT {

  private static final Duration LIMIT = Duration.ofSeconds(150);
  private static final String CLAIM_AFTER_SECONDS = "5";
  private static final int DAYS = 24;
  private static final int EVENTS = 3_000;
  private static final int LATE_EVENTS = 40;
  private static final int BATCH = 1_000;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Deque<AutoCloseable> PARTS = new ArrayDeque<>();
  private static final List<ServerProcess> WORKERS = new ArrayList<>();

  /** All events that were sent, in their order. */
  private static final List<TelemetryEvent> SENT = new ArrayList<>();

  private static LocalDate first;
  private static LocalDate last;

  // Eight days apart, so that a request for one of them brings no other up to date.
  private static LocalDate early;
  private static LocalDate middle;
  private static LocalDate late;

  private static Path directory;
  private static Path data;
  private static Random random;
  private static Map<String, String> settings;
  private static EmbeddedPostgres postgres;
  private static PostgresTelemetry telemetry;
  private static RedisProcess redis;
  private static ServerProcess server;

  @BeforeAll
  static void start(@TempDir Path temporary) throws Exception {
    long seed = Long.getLong("telemetry.test.seed", ThreadLocalRandom.current().nextLong());
    System.out.println("DayChaosIT: telemetry.test.seed=" + seed);
    random = new Random(seed);
    directory = temporary;
    data = temporary.resolve("postgres-data");
    postgres = opened(EmbeddedPostgres.start(data, PostgresServer.PROGRAMS));
    redis = opened(RedisProcess.start(temporary));
    settings =
        Map.of(
            "DATABASE_URL",
            PostgresServer.url(postgres),
            "REDIS_URL",
            redis.url().toString(),
            // Few partitions, so that a fresh database is quick.
            "RETENTION_DAYS",
            "40");
    server = ServerProcess.start(directory, settings, ServerProcess.freePort());
    telemetry =
        opened(
            PostgresTelemetry.open(
                PostgresSettings.of(postgres.jdbcUrl(), postgres.username(), postgres.password())
                    .withRetentionDays(40),
                Duration.ZERO));
    last = LocalDate.ofInstant(telemetry.days().now(), ZoneOffset.UTC).minusDays(1);
    first = last.minusDays(DAYS - 1L);
    early = first;
    middle = early.plusDays(8);
    late = middle.plusDays(8);
    List<TelemetryEvent> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      events.add(event(first.plusDays(random.nextInt(DAYS))));
    }
    send(events);
  }

  @AfterAll
  static void stop() throws Exception {
    WORKERS.forEach(ServerProcess::kill);
    WORKERS.clear();
    SENT.clear();
    if (server != null) {
      server.kill();
    }
    while (!PARTS.isEmpty()) {
      PARTS.pop().close();
    }
  }

  @BeforeEach
  void haveTwoWorkers() {
    WORKERS.removeIf(worker -> !worker.isAlive());
    while (WORKERS.size() < 2) {
      WORKERS.add(
          ServerProcess.launch(
              directory, settings, 0, "worker", "--claim-after", CLAIM_AFTER_SECONDS));
    }
  }

  @Test
  @Order(1)
  @DisplayName("two workers at once; the server killed, with all that it had asked for")
  void twoWorkers_computeAllDays_thoughTheServerIsKilled() throws Exception {
    try (Hold hold = new Hold()) {
      server.kill();
      server = ServerProcess.start(directory, settings, ServerProcess.freePort());
      for (LocalDate day = first; !day.isAfter(last); day = day.plusDays(1)) {
        ask(day);
      }
      hold.awaitHeldUp(2);
      Waiting.until("both work", LIMIT, () -> Set.copyOf(underWay().values()).size() == 2);
    }
    assertEveryDayIsAsTheOracleHasIt();
  }

  @Test
  @Order(2)
  void impossibleMessage_isParkedAtOnce_foundByItsId_andLoggedOnce() {
    Map<String, String> faults =
        Map.of(
            "yesterday",
            "the field date must be a date such as 2026-02-01",
            last.plusDays(9).toString(),
            "the UTC day " + last.plusDays(9) + " is not over yet");
    faults.forEach(
        (date, fault) -> {
          String id = add(date);
          awaitStatus(id, "failed");
          assertThat(job(id).path("error").textValue()).isEqualTo(fault);
          Waiting.until("in the log", LIMIT, () -> parkedLines(id).size() == 1);
          assertThat(parkedLines(id).get(0)).contains("ERROR ParkedJobs: ").contains(fault);
        });
  }

  @Test
  @Order(3)
  @DisplayName("a worker kill -9ed in the middle")
  void killedWorker_leavesItsDayToTheOther() throws Exception {
    sendLate(early);
    String job;
    try (Hold hold = new Hold()) {
      ask(early);
      hold.awaitHeldUp(1);
      job = anyUnderWay();
      workerOf(job).kill();
    }
    awaitStatus(job, "succeeded");
    assertThat(attempts(job)).isGreaterThan(1);
    assertEveryDayIsAsTheOracleHasIt();
  }

  @Test
  @Order(4)
  @DisplayName("a worker SIGSTOPped past its claim and woken again")
  void stoppedWorker_leavesItsDayToTheOther_andChangesNothingWhenResumed() throws Exception {
    sendLate(middle);
    String job;
    ServerProcess stopped;
    try (Hold hold = new Hold()) {
      ask(middle);
      hold.awaitHeldUp(1);
      job = anyUnderWay();
      stopped = workerOf(job);
      stopped.signal("STOP");
    }
    JsonNode known;
    try {
      awaitStatus(job, "succeeded");
      assertEveryDayIsAsTheOracleHasIt();
      known = job(job);
    } finally {
      stopped.signal("CONT");
    }
    Waiting.until(
        "the woken worker has been told",
        LIMIT,
        () -> stopped.output().contains("job " + job + " was taken over"));

    assertThat(job(job)).isEqualTo(known);
    assertEveryDayIsAsTheOracleHasIt();
  }

  @Test
  @Order(5)
  @DisplayName("database restarted in the middle")
  void days_areComputed_onceAKilledDatabaseIsBack() throws Exception {
    sendLate(late);
    String job;
    try (Hold hold = new Hold()) {
      ask(late);
      hold.awaitHeldUp(1);
      job = anyUnderWay();
      ProcessHandle postmaster = ProcessHandle.of(Postmasters.pid(data)).orElseThrow();
      postmaster.destroyForcibly();
      postmaster.onExit().join();
    }
    awaitStatus(job, "succeeded");
    assertThat(attempts(job)).isGreaterThan(1);
    assertEveryDayIsAsTheOracleHasIt();
  }

  @Test
  @Order(6)
  @DisplayName("FLUSHALL during a run, then Redis killed with kill -9 during another")
  void emptiedOrKilledRedis_losesNoDay() throws Exception {
    sendLate(early, middle, late);
    List<String> begun;
    String lost;
    try (Hold hold = new Hold()) {
      ask(early);
      ask(middle);
      hold.awaitHeldUp(2);
      begun = List.copyOf(underWay().keySet());
      lost = ask(late);
      try (RedisClient client = redis.client()) {
        client.flushAll();
      }
    }
    begun.forEach(job -> awaitStatus(job, "succeeded"));
    assertThat(job(lost).path("status").intValue()).isEqualTo(404);

    sendLate(early, middle);
    try (Hold hold = new Hold()) {
      ask(early);
      ask(middle);
      hold.awaitHeldUp(2);
      begun = List.copyOf(underWay().keySet());
      redis.kill();
      HttpResponse<String> refused = postJob(late);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    }
    redis.restart();
    begun.forEach(job -> awaitStatus(job, "succeeded"));
    // Nobody asks for the day that both lost but the schedule, at its next minute.
    assertEveryDayIsAsTheOracleHasIt();
  }

  private static void assertEveryDayIsAsTheOracleHasIt() {
    Waiting.until("nothing is due", LIMIT, () -> telemetry.days().due().isEmpty());
    assertThat(telemetry.days().computed(first, last)).hasSize(DAYS);
    new DailyOracle(SENT).assertSame(filter -> HttpDays.aggregates(server, filter), first, last);
  }

  /** Events of days that are over, of two organisations and of none, a few of them sent before. */
  private static void sendLate(LocalDate... days) throws JsonProcessingException {
    List<TelemetryEvent> events = new ArrayList<>();
    for (LocalDate day : days) {
      for (int i = 0; i < LATE_EVENTS; i++) {
        events.add(event(day));
      }
      events.add(SENT.get(random.nextInt(SENT.size())));
    }
    send(events);
  }

  private static void send(List<TelemetryEvent> events) throws JsonProcessingException {
    for (int from = 0; from < events.size(); from += BATCH) {
      List<TelemetryEvent> batch = events.subList(from, Math.min(from + BATCH, events.size()));
      String body = JSON.writeValueAsString(batch.stream().map(TelemetryEvent::toMap).toList());
      // As a good client does, for a database that was just restarted.
      Waiting.until(
          "the events are taken",
          LIMIT,
          () -> Http.postJson(server.uri("/events"), body).statusCode() == 202);
      SENT.addAll(batch);
    }
  }

  private static int ids;

  private static TelemetryEvent event(LocalDate day) {
    return DailyOracle.random(random, "e-" + ids++, day);
  }

  private static HttpResponse<String> postJob(LocalDate day) {
    return Http.postJson(server.uri("/jobs/daily-aggregates"), "{\"date\":\"%s\"}".formatted(day));
  }

  private static String ask(LocalDate day) {
    HttpResponse<String> response = postJob(day);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    return Http.json(response).path("job_id").textValue();
  }

  /** As another program asks. */
  private static String add(String date) {
    try (RedisClient client = redis.client()) {
      return client
          .xadd(
              "telemetry:jobs",
              StreamEntryID.NEW_ENTRY,
              Map.of("task", "compute_daily_aggregates", "date", date))
          .toString();
    }
  }

  private static JsonNode job(String id) {
    return Http.json(Http.get(server.uri("/jobs/" + id)));
  }

  private static void awaitStatus(String job, String status) {
    Waiting.until(
        "job " + job + " " + status,
        LIMIT,
        () -> status.equals(job(job).path("status").textValue()));
  }

  private static int attempts(String job) {
    try (RedisClient client = redis.client()) {
      return Integer.parseInt(client.hget("telemetry:job:" + job, "attempts"));
    }
  }

  /** The jobs that were taken and are not done, each with the worker that has it. */
  private static Map<String, String> underWay() {
    Map<String, String> consumers = new HashMap<>();
    try (RedisClient client = redis.client()) {
      for (StreamPendingEntry entry :
          client.xpending(
              "telemetry:jobs", "workers", XPendingParams.xPendingParams("-", "+", 10))) {
        client
            .xrange("telemetry:jobs", entry.getID(), entry.getID())
            .forEach(
                message ->
                    consumers.put(message.getFields().get("job_id"), entry.getConsumerName()));
      }
    }
    return consumers;
  }

  private static String anyUnderWay() {
    return underWay().keySet().iterator().next();
  }

  private static ServerProcess workerOf(String job) {
    String consumer = underWay().get(job);
    return WORKERS.stream()
        .filter(worker -> worker.output().contains(consumer + " takes jobs"))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> parkedLines(String job) {
    return WORKERS.stream()
        .flatMap(worker -> worker.output().lines())
        .filter(line -> line.contains("job " + job + " ") && line.contains("is parked"))
        .toList();
  }

  private static <T extends AutoCloseable> T opened(T part) {
    PARTS.push(part);
    return part;
  }

  /** Keeps every computation from ending until it is closed; others may read meanwhile. */
  private static final class Hold implements AutoCloseable {
    private final Connection connection = connect();

    Hold() throws SQLException {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("LOCK TABLE drift_record IN SHARE MODE");
      }
    }

    /** Waits until so many sessions wait, for the lock or for their turn at a day. */
    void awaitHeldUp(int sessions) {
      Waiting.until(sessions + " are held up", LIMIT, () -> heldUp() >= sessions);
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }

    private static int heldUp() {
      try (Connection own = connect();
          Statement statement = own.createStatement();
          ResultSet rows =
              statement.executeQuery("SELECT count(*) FROM pg_locks WHERE NOT granted")) {
        rows.next();
        return rows.getInt(1);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    private static Connection connect() {
      try {
        return DriverManager.getConnection(
            postgres.jdbcUrl() + "?currentSchema=pedi_telemetry",
            postgres.username(),
            postgres.password());
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}

package ai.pediscreen.telemetry.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.server.Senders.Attempt;
import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgres;
import ai.pediscreen.telemetry.server.http.HttpUsageQueries;
import ai.pediscreen.telemetry.usage.OracleComparison;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageOracle;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database that answers nothing for 20 s, and later one that cannot be reached at all, while
 * senders send each event again until it is acknowledged.
 */
class StoppedDatabaseIT {

  private static final Duration SILENT = Duration.ofSeconds(20);

  /** The contract's own bound, not a measure of speed. */
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir private Path directory;

  private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();

  @Test
  @DisplayName(
      "503 with Retry-After when the store is unreachable, within 5 s, never a hang; once it is"
          + " back, what was sent meanwhile is counted once")
  void eventsThatAreSentWhileTheDatabaseIsAway_areStoredOnce_whenItIsBack() throws Exception {
    long seed = Long.getLong("telemetry.test.seed", ThreadLocalRandom.current().nextLong());
    System.out.println("StoppedDatabaseIT: telemetry.test.seed=" + seed);
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    List<LocalDate> days = List.of(today.minusDays(2), today.minusDays(1));
    Path data = directory.resolve("database");
    PreparedServer.copyCluster(data);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, PostgresServer.PROGRAMS);
        DatabaseLink link =
            DatabaseLink.to(URI.create(postgres.jdbcUrl().substring("jdbc:".length())).getPort());
        ServerProcess server =
            ServerProcess.start(directory, settings(postgres, link), ServerProcess.freePort());
        Senders senders = new Senders(List.of(server.uri("/events")), days, seed, attempts::add)) {
      awaitMore(senders);
      List<Attempt> unanswered = whileSilent(data, server);
      awaitMore(senders);
      List<Attempt> unreachable = whileGone(link);
      awaitMore(senders);
      senders.finish(LIMIT);
      System.out.printf(
          "StoppedDatabaseIT: %d events acknowledged; Retry-After while the database was silent: %s,"
              + " and while it was gone: %s%n",
          senders.acknowledged().size(), hints(unanswered), hints(unreachable));

      assertRefused(unanswered);
      assertRefused(unreachable);
      assertThat(seconds(unanswered.get(unanswered.size() - 1)))
          .as("Retry-After after 20 s")
          .isGreaterThan(seconds(unanswered.get(0)));
      assertThat(attempts)
          .allSatisfy(
              attempt -> {
                assertThat(attempt.status()).isIn(202, 503);
                assertThat(attempt.took()).isLessThan(ANSWER);
              });
      assertThat(Http.get(server.uri("/readyz")).statusCode()).isEqualTo(200);
      assertCountedOnce(server, postgres, days.get(0), senders.acknowledged());
    }
  }

  private static Map<String, String> settings(EmbeddedPostgres postgres, DatabaseLink link) {
    return Map.of(
        "DATABASE_URL",
        "postgresql://%s:%s@127.0.0.1:%d/postgres"
            .formatted(postgres.username(), postgres.password(), link.port()));
  }

  private static void awaitMore(Senders senders) {
    int before = senders.acknowledged().size();
    Waiting.until(
        "events are acknowledged", LIMIT, () -> senders.acknowledged().size() > before + 50);
  }

  /** The requests that began and ended while the database was stopped. */
  private List<Attempt> whileSilent(Path data, ServerProcess server) throws Exception {
    Postmasters.signalAll(data, "STOP");
    long beganNanos = System.nanoTime();
    try {
      assertThat(Http.get(server.uri("/livez")).statusCode()).isEqualTo(200);
      HttpResponse<String> ready = Http.get(server.uri("/readyz"));
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).contains("the store did not answer");
      assertThat(Http.get(server.uri("/telemetry")).statusCode()).isEqualTo(503);
      for (long left = left(beganNanos); left > 0; left = left(beganNanos)) {
        LockSupport.parkNanos(left);
      }
      return attemptsSince(beganNanos);
    } finally {
      Postmasters.signalAll(data, "CONT");
    }
  }

  /** How many nanoseconds it is still to be silent. */
  private static long left(long beganNanos) {
    return SILENT.toNanos() - (System.nanoTime() - beganNanos);
  }

  /** The requests that began and ended while all connections were cut: one at least. */
  private List<Attempt> whileGone(DatabaseLink link) {
    link.cut();
    long beganNanos = System.nanoTime();
    Waiting.until("a sender is refused", LIMIT, () -> !attemptsSince(beganNanos).isEmpty());
    List<Attempt> during = attemptsSince(beganNanos);
    link.mend();
    return during;
  }

  /** Those that were sent since then and have ended, in the order in which they ended. */
  private List<Attempt> attemptsSince(long beganNanos) {
    return attempts.stream()
        .filter(attempt -> attempt.sentNanos() - beganNanos > 0)
        .sorted(Comparator.comparingLong(attempt -> attempt.endedNanos() - beganNanos))
        .toList();
  }

  /** Nothing can be durable while there is no database. */
  private static void assertRefused(List<Attempt> attempts) {
    assertThat(attempts)
        .isNotEmpty()
        .allSatisfy(
            attempt -> {
              assertThat(attempt.status()).isEqualTo(503);
              assertThat(seconds(attempt)).isPositive();
            });
  }

  /** What a refused sender is told to wait. */
  private static int seconds(Attempt attempt) {
    return Integer.parseInt(
        requireNonNull(attempt.response()).headers().firstValue("Retry-After").orElseThrow());
  }

  /** How many senders were told to wait for how long. */
  private static Map<Integer, Long> hints(List<Attempt> attempts) {
    return attempts.stream()
        .filter(attempt -> attempt.status() == 503)
        .collect(
            Collectors.groupingBy(StoppedDatabaseIT::seconds, TreeMap::new, Collectors.counting()));
  }

  private static void assertCountedOnce(
      ServerProcess server,
      EmbeddedPostgres postgres,
      LocalDate first,
      Collection<TelemetryEvent> acknowledged)
      throws Exception {
    OracleComparison comparison =
        new OracleComparison(
            HttpUsageQueries.betweenInstants(path -> Http.json(Http.get(server.uri(path)))),
            new UsageOracle(List.copyOf(acknowledged)),
            "after the outages",
            HttpUsageQueries::asError,
            HttpUsageQueries::asFallback);
    Instant now = Instant.now();
    TimeWindow window =
        TimeWindow.between(
            first.atStartOfDay(ZoneOffset.UTC).toInstant(), now.truncatedTo(ChronoUnit.HOURS), now);
    comparison.assertSame(new UsageFilter(OrgFilter.all(), null, window), 1_000);
    for (String org : List.of("org-a", "Klinik Würzburg")) {
      comparison.assertSame(new UsageFilter(OrgFilter.of(org), null, window), 1_000);
    }
    assertThat(server.stop(LIMIT)).as("after SIGTERM").isEqualTo(143);
    Set<String> ids =
        acknowledged.stream().map(TelemetryEvent::eventId).collect(Collectors.toSet());
    assertThat(ids).hasSameSizeAs(acknowledged);
    assertThat(Recount.check(postgres, ids)).as("stored beyond what was sent").isEqualTo(ids);
  }
}

package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.daily.DailyOracle;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.postgres.PostgresSettings;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgres;
import ai.pediscreen.telemetry.server.http.HttpUsageQueries;
import ai.pediscreen.telemetry.server.http.RawConnection;
import ai.pediscreen.telemetry.server.job.redis.RedisProcess;
import ai.pediscreen.telemetry.usage.OracleComparison;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageOracle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two servers with a heap of 256 MB each, two workers, Redis and PostgreSQL, all in processes of
 * their own; clients whose clocks are right, an hour ahead or late; and one fault after the other,
 * or two at once, as a seed has it. What was acknowledged is stored once, every figure is what a
 * recount makes of the events, and each server takes events again soon after each fault.
 *
 * <p>{@code -Dtelemetry.test.seed} repeats a run, {@code -Dtelemetry.mixed.seconds} makes it
 * longer. Which fault falls on which instruction differs all the same.
 */
@DisabledOnOs(OS.WINDOWS)
@Timeout(value = 12, unit = TimeUnit.HOURS)
class MixedFaultsIT {

  private static final Duration LENGTH =
      Duration.ofSeconds(Integer.getInteger("telemetry.mixed.seconds", 30));

  /** The issue's own bound, from the end of a fault to an event that is stored. */
  private static final Duration RECOVERY = Duration.ofSeconds(5);

  /** Ten seconds, and what a busy machine takes to see that it ended. */
  private static final Duration STOP = Duration.ofSeconds(12);

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int DAYS = 20;
  private static final int RETENTION_DAYS = 40;
  private static final int EXPIRED_ROWS = 20_000;
  private static final String ADMINISTRATOR =
      "?currentSchema=pedi_telemetry&options=-c%20default_transaction_read_only=off";
  private static final List<String> ORGS = List.of("org-a", "Klinik Würzburg");

  /** In the order in which they end: nothing else can start while the database is away. */
  private enum Fault {
    FULL_DISK,
    READ_ONLY,
    DEMOTED,
    KILLED_DATABASE,
    RESTARTED_DATABASE,
    CUT_LINK,
    LOST_ANSWERS,
    LOST_REDIS,
    KILLED_SERVER,
    STOPPED_SERVER,
    KILLED_WORKER,
    SLOW_READERS,
    RETENTION
  }

  @TempDir private Path directory;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final List<RawConnection> slowReaders = new ArrayList<>();
  private final List<ServerProcess> ended = new ArrayList<>();
  private final Map<Fault, List<Long>> recoveries = new EnumMap<>(Fault.class);
  private final List<String> reasons = new ArrayList<>();
  private final ServerProcess[] servers = new ServerProcess[2];
  private final int[] ports = {ServerProcess.freePort(), ServerProcess.freePort()};
  private final ServerProcess[] workers = new ServerProcess[2];

  private Random random;
  private Path data;
  private MountedDisk disk;
  private EmbeddedPostgres postgres;
  private DatabaseLink link;
  private RedisProcess redis;
  private PostgresTelemetry telemetry;
  private Map<String, String> settings;
  private List<LocalDate> days;
  private CompletableFuture<Void> retention = CompletableFuture.completedFuture(null);

  @BeforeEach
  void start() throws Exception {
    long seed = Long.getLong("telemetry.test.seed", ThreadLocalRandom.current().nextLong());
    System.out.println("MixedFaultsIT: telemetry.test.seed=" + seed);
    random = new Random(seed);
    disk = opened(MountedDisk.in(Files.createDirectory(directory.resolve("disk"))));
    data = disk.path().resolve("postgres-data");
    postgres = opened(EmbeddedPostgres.start(data, PostgresServer.PROGRAMS));
    link = opened(DatabaseLink.to(URI.create(postgres.jdbcUrl().substring(5)).getPort()));
    redis = opened(RedisProcess.start(directory));
    settings =
        Map.of(
            "DATABASE_URL",
            "postgresql://%s:%s@127.0.0.1:%d/postgres"
                .formatted(postgres.username(), postgres.password(), link.port()),
            "REDIS_URL",
            redis.url().toString(),
            "RETENTION_DAYS",
            Integer.toString(RETENTION_DAYS));
    for (int i = 0; i < servers.length; i++) {
      startServer(i);
      startWorker(i);
    }
    telemetry =
        opened(
            PostgresTelemetry.open(
                PostgresSettings.of(postgres.jdbcUrl(), postgres.username(), postgres.password())
                    .withRetentionDays(RETENTION_DAYS),
                Duration.ZERO));
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    days = today.minusDays(DAYS).datesUntil(today).toList();
  }

  @AfterEach
  void stop() throws Exception {
    closeSlowReaders();
    for (ServerProcess process : processes()) {
      process.kill();
    }
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
  }

  @Test
  @DisplayName("Whatever happens, what was acknowledged is stored once, and figures are exact")
  void acknowledgedEvents_areStoredOnce_andFiguresExact_afterEveryFault() throws Exception {
    try (Senders senders = new Senders(List.of(events(0), events(1)), days, random.nextLong())) {
      Deque<Fault> coming = new ArrayDeque<>();
      long begun = System.nanoTime();
      // However slow the machine is, each kind once.
      while (recoveries.size() < kinds().size() || System.nanoTime() - begun < LENGTH.toNanos()) {
        Set<Fault> now = EnumSet.of(next(coming));
        if (random.nextInt(3) == 0) {
          now.add(next(coming));
        }
        if (now.remove(Fault.FULL_DISK)) {
          // Alone: a database that is away cannot say that its disk is full.
          suffer(EnumSet.of(Fault.FULL_DISK), senders);
        }
        if (!now.isEmpty()) {
          suffer(now, senders);
        }
      }
      senders.finish(LIMIT);
      report(senders);
      assertThat(senders.faults()).isEmpty();
      if (disk.isLimited()) {
        assertThat(reasons).anyMatch(reason -> reason.contains("its disk is full"));
      }
      check(List.copyOf(senders.acknowledged()));
    }
  }

  /** Each kind once, then each once more, so that none is missed. */
  private Fault next(Deque<Fault> coming) {
    if (coming.isEmpty()) {
      List<Fault> all = new ArrayList<>(kinds());
      Collections.shuffle(all, random);
      coming.addAll(all);
    }
    return coming.pop();
  }

  private Set<Fault> kinds() {
    return disk.isLimited()
        ? EnumSet.allOf(Fault.class)
        : EnumSet.complementOf(EnumSet.of(Fault.FULL_DISK));
  }

  private void suffer(Set<Fault> faults, Senders senders) throws Exception {
    System.out.println("MixedFaultsIT: " + faults);
    List<Fault> begun = new ArrayList<>(faults);
    // The last one first: a full disk takes no change of the settings.
    Collections.reverse(begun);
    for (Fault fault : begun) {
      begin(fault);
    }
    LockSupport.parkNanos(Duration.ofMillis(200 + random.nextInt(1_800)).toNanos());
    for (Fault fault : faults) {
      end(fault);
    }
    long endNanos = System.nanoTime();
    for (int i = 0; i < servers.length; i++) {
      URI events = events(i);
      Waiting.until("events are stored", LIMIT, () -> senders.isStored(events, random));
    }
    Duration took = Duration.ofNanos(System.nanoTime() - endNanos);
    for (Fault fault : faults) {
      recoveries.computeIfAbsent(fault, kind -> new ArrayList<>()).add(took.toMillis());
    }
    assertThat(took).as("from the end of %s to an event stored", faults).isLessThan(RECOVERY);
  }

  private void begin(Fault fault) throws Exception {
    int one = random.nextInt(servers.length);
    switch (fault) {
      case FULL_DISK -> {
        Waiting.until(
            "/readyz says that events cannot be stored",
            LIMIT,
            () -> {
              // Again, since a checkpoint or the retention may have freed some of it.
              disk.fill();
              HttpResponse<String> ready = Http.get(server(one).uri("/readyz"));
              reasons.add(ready.body());
              return ready.statusCode() == 503 && ready.body().contains("its disk is full");
            });
      }
      case READ_ONLY ->
          execute("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()");
      case DEMOTED ->
          execute(
              "ALTER DATABASE postgres SET default_transaction_read_only = on",
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                  + " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
      case KILLED_DATABASE -> endPostmaster("KILL");
      case RESTARTED_DATABASE -> endPostmaster("INT");
      case CUT_LINK -> link.cut();
      case LOST_ANSWERS -> link.loseAnswers();
      case LOST_REDIS -> redis.kill();
      case KILLED_SERVER -> servers[one].kill();
      case STOPPED_SERVER -> assertThat(server(one).stop(STOP)).as("after SIGTERM").isEqualTo(143);
      case KILLED_WORKER -> workers[one].kill();
      case SLOW_READERS -> openSlowReaders();
      case RETENTION -> retention = CompletableFuture.runAsync(this::expire);
    }
  }

  private void end(Fault fault) throws Exception {
    switch (fault) {
      case FULL_DISK -> disk.enlarge();
      case READ_ONLY ->
          execute("ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()");
      case DEMOTED -> execute("ALTER DATABASE postgres RESET default_transaction_read_only");
      case KILLED_DATABASE, RESTARTED_DATABASE -> execute("SELECT 1");
      case CUT_LINK, LOST_ANSWERS -> link.mend();
      case LOST_REDIS -> redis.restart();
      case KILLED_SERVER, STOPPED_SERVER -> {
        for (int i = 0; i < servers.length; i++) {
          if (!servers[i].isAlive()) {
            startServer(i);
          }
        }
      }
      case KILLED_WORKER -> {
        for (int i = 0; i < workers.length; i++) {
          if (!workers[i].isAlive()) {
            startWorker(i);
          }
        }
      }
      case SLOW_READERS -> {
        // They go on through the faults that come next.
      }
      case RETENTION -> retention.join();
    }
  }

  /** The one, or the other where that is away. */
  private ServerProcess server(int one) {
    return servers[one].isAlive() ? servers[one] : servers[1 - one];
  }

  private void endPostmaster(String signal) throws Exception {
    // It may have been ended a moment ago, and be about to start again.
    execute("SELECT 1");
    ProcessHandle postmaster = ProcessHandle.of(Postmasters.pid(data)).orElseThrow();
    new ProcessBuilder("kill", "-s", signal, Long.toString(postmaster.pid())).start().waitFor();
    postmaster.onExit().join();
  }

  /** Reads that are begun and not gone on with: they hold what a dump would hold. */
  private void openSlowReaders() throws IOException {
    closeSlowReaders();
    for (ServerProcess server : servers) {
      for (String path : List.of("/events.csv", "/events.ndjson", "/telemetry/stream")) {
        try {
          RawConnection reader = new RawConnection(server.uri(""));
          slowReaders.add(reader);
          reader.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
        } catch (IOException e) {
          // That server is away just now.
        }
      }
    }
  }

  private void closeSlowReaders() throws IOException {
    for (RawConnection reader : slowReaders) {
      reader.close();
    }
    slowReaders.clear();
  }

  /** Rows of the ledger and a day of events expire, and retention goes through them. */
  private void expire() {
    LocalDate old = LocalDate.now(ZoneOffset.UTC).minusDays(RETENTION_DAYS + 5);
    execute(
        "INSERT INTO event_ledger (org_id, key, received_at)"
            + " SELECT 'expired', ledger_key('expired', 'x-' || i), now() - interval '%d days'"
                .formatted(RETENTION_DAYS + 2)
            + " FROM generate_series(1, %d) AS i ON CONFLICT DO NOTHING".formatted(EXPIRED_ROWS),
        "INSERT INTO event (ts, org_id, event_id, model_id, error, payload)"
            + " SELECT '%sT12:00:00Z', 'expired', 'x-' || i, '', false, '{}'".formatted(old)
            + " FROM generate_series(1, 1000) AS i",
        "UPDATE retention_clock SET pruned_before = NULL");
    maintain();
  }

  private void maintain() {
    try {
      telemetry.maintenance().run();
    } catch (StoreUnavailableException e) {
      // The database is away just now; the next run goes on.
    }
  }

  private void check(List<TelemetryEvent> acknowledged) throws Exception {
    closeSlowReaders();
    telemetry
        .days()
        .due()
        .forEach(
            day ->
                Http.postJson(
                    servers[0].uri("/jobs/daily-aggregates"), "{\"date\":\"%s\"}".formatted(day)));
    Waiting.until("no day is due", LIMIT, () -> telemetry.days().due().isEmpty());
    for (ServerProcess process : processes()) {
      assertThat(process.output()).doesNotContain("events in the rollups but");
    }
    UsageOracle usage = new UsageOracle(acknowledged);
    DailyOracle daily = new DailyOracle(acknowledged);
    Instant now = Instant.now();
    Instant minute = now.truncatedTo(ChronoUnit.MINUTES);
    List<TimeWindow> windows =
        List.of(
            TimeWindow.between(minute.minus(90, ChronoUnit.MINUTES), minute, now),
            TimeWindow.between(
                days.get(0).atStartOfDay(ZoneOffset.UTC).toInstant(),
                now.truncatedTo(ChronoUnit.HOURS),
                now));
    for (ServerProcess server : servers) {
      OracleComparison comparison =
          new OracleComparison(
              HttpUsageQueries.betweenInstants(path -> Http.json(Http.get(server.uri(path)))),
              usage,
              "after all faults",
              HttpUsageQueries::asError,
              HttpUsageQueries::asFallback);
      for (TimeWindow window : windows) {
        comparison.assertSame(new UsageFilter(OrgFilter.all(), null, window), 1_000);
        for (String org : ORGS) {
          comparison.assertSame(new UsageFilter(OrgFilter.of(org), null, window), 1_000);
        }
      }
      daily.assertSame(
          filter -> HttpDays.aggregates(server, filter), days.get(0), days.get(DAYS - 1));
    }
    for (ServerProcess server : servers) {
      assertThat(server.stop(STOP)).as("after SIGTERM").isEqualTo(143);
    }
    Waiting.until("what has expired is gone", LIMIT, this::expiredIsGone);
    Set<String> ids =
        acknowledged.stream().map(TelemetryEvent::eventId).collect(Collectors.toSet());
    assertThat(ids).hasSameSizeAs(acknowledged);
    assertThat(Recount.check(postgres, ids)).as("stored beyond what was sent").isEqualTo(ids);
    for (ServerProcess process : processes()) {
      assertThat(process.output()).doesNotContain("OutOfMemory").doesNotContain("StackOverflow");
    }
  }

  private boolean expiredIsGone() {
    execute("UPDATE retention_clock SET pruned_before = NULL");
    long before = telemetry.maintenance().retention().deletedRows();
    telemetry.maintenance().run();
    return telemetry.maintenance().retention().deletedRows() == before;
  }

  private void report(Senders senders) {
    System.out.printf(
        "MixedFaultsIT: %d events acknowledged, %d requests sent again, milliseconds from the end"
            + " of a fault to an event stored by each server: %s%n",
        senders.acknowledged().size(), senders.failures(), recoveries);
  }

  private void startServer(int i) {
    remember(servers[i]);
    servers[i] = ServerProcess.start(directory, settings, ports[i]);
  }

  private void startWorker(int i) {
    remember(workers[i]);
    workers[i] = ServerProcess.launch(directory, settings, 0, "worker", "--claim-after", "5");
  }

  private void remember(ServerProcess process) {
    if (process != null) {
      ended.add(process);
    }
  }

  private List<ServerProcess> processes() {
    List<ServerProcess> all = new ArrayList<>(ended);
    for (ServerProcess[] some : List.of(servers, workers)) {
      Arrays.stream(some).filter(process -> process != null).forEach(all::add);
    }
    return all;
  }

  private URI events(int server) {
    return URI.create("http://127.0.0.1:" + ports[server] + "/events");
  }

  /** As the database's administrator, past the link; waits for a database that is away. */
  private void execute(String... statements) {
    EmbeddedPostgres.Access access = postgres.administrator();
    Waiting.until(
        "the database answers",
        LIMIT,
        () -> {
          try (Connection connection =
                  DriverManager.getConnection(
                      access.jdbcUrl() + ADMINISTRATOR, access.username(), access.password());
              Statement statement = connection.createStatement()) {
            for (String sql : statements) {
              statement.execute(sql);
            }
            return true;
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  /** A file system of its own, which can be full. Where none may be mounted it never is. */
  private record MountedDisk(Path path, boolean isLimited) implements AutoCloseable {

    static MountedDisk in(Path directory) {
      boolean mounted =
          run("mount", "-t", "tmpfs", "-o", "size=8g,mode=755", "tmpfs", directory.toString());
      if (!mounted) {
        System.out.println("MixedFaultsIT: no file system may be mounted here, so no disk is full");
      }
      return new MountedDisk(directory, mounted);
    }

    /** Makes it as small as what it holds, which may grow while that is asked for. */
    void fill() {
      Waiting.until(
          "the disk is full",
          LIMIT,
          () -> {
            FileStore store = Files.getFileStore(path);
            return remount(store.getTotalSpace() - store.getUsableSpace());
          });
    }

    void enlarge() {
      assertThat(remount(8L << 30)).isTrue();
    }

    @Override
    public void close() {
      if (isLimited) {
        run("umount", "-l", path.toString());
      }
    }

    private boolean remount(long bytes) {
      return run("mount", "-o", "remount,size=" + bytes, path.toString());
    }

    private static boolean run(String... command) {
      try {
        return new ProcessBuilder(command).start().waitFor() == 0;
      } catch (IOException e) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new UncheckedIOException(new IOException(e));
      }
    }
  }
}

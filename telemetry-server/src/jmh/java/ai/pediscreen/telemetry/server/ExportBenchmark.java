package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.bigquery.BigQueryTelemetry;
import ai.pediscreen.telemetry.bigquery.FakeBigQuery;
import ai.pediscreen.telemetry.event.GroupCommitter;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.postgres.PostgresSettings;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.server.export.ExportThread;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many events a second are stored with export off, with export on while BigQuery is away (they
 * wait), and with export on while they leave for the fake BigQuery of this machine; and how many a
 * second leave when nothing else is done. A group committer stores them, for which some thousand
 * events wait at any time; the database keeps what it acknowledges, as it does for users.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 8, time = 3)
public class ExportBenchmark {

  private static final int GROUP = 1_000;
  private static final int WAITING = 4;
  private static final int LEAVING = 50_000;

  /** A database, and events to store in it. */
  @State(Scope.Benchmark)
  public abstract static class Stored {
    PostgresTelemetry telemetry;
    private final Random random = new Random(1);
    private int ids;

    abstract boolean isExporting();

    @Setup
    public void open() {
      DatabaseUrl url = DatabaseUrl.parse(PostgresServer.freshDatabase());
      telemetry =
          PostgresTelemetry.open(
              PostgresSettings.of(url.jdbcUrl(), url.user(), url.password())
                  .withRetentionDays(10)
                  .withExporting(isExporting()),
              Duration.ofSeconds(10));
    }

    List<TelemetryEvent> group() {
      List<TelemetryEvent> events = new ArrayList<>(GROUP);
      for (int i = 0; i < GROUP; i++) {
        events.add(event(ids++));
      }
      return events;
    }

    private TelemetryEvent event(int id) {
      return TelemetryEvent.fromMap(
          Map.of(
              "event_id",
              "event-" + id,
              "timestamp",
              Instant.now(),
              "org_id",
              "org-" + id % 3,
              "model",
              Map.of("model_id", "model-" + id % 5, "provider", "p"),
              "response",
              Map.of(
                  "latency_ms",
                  (int) Math.min(60_000, Math.exp(6 + random.nextGaussian())),
                  "status_code",
                  id % 50 == 0 ? 503 : 200),
              "cost_estimate_usd",
              0.0012,
              "trace_id",
              "trace-" + id));
    }
  }

  /** Storing, with one of three kinds of export. */
  @State(Scope.Benchmark)
  public static class Storing extends Stored {
    @Param({"off", "waiting", "leaving"})
    public String export = "off";

    private final Deque<CompletableFuture<List<Receipt>>> sent = new ArrayDeque<>();
    private FakeBigQuery fake;
    private BigQueryTelemetry bigQuery;
    private GroupCommitter committer;
    private ExportThread thread;

    @Override
    boolean isExporting() {
      return !export.equals("off");
    }

    @Setup
    public void start() {
      fake = FakeBigQuery.start("p-1");
      bigQuery = BigQueryTelemetry.open(fake.settings());
      committer = new GroupCommitter(telemetry.events(), 2 * WAITING * GROUP);
      thread =
          new ExportThread(
              telemetry.exports(), bigQuery.exporter(), () -> committer.queuedEvents() > 0);
      if (export.equals("leaving")) {
        thread.start();
      }
    }

    /** Sends a group, and waits for the oldest if some wait to be stored. */
    List<Receipt> send() {
      sent.add(committer.append(OrgScope.all(), group()));
      return sent.size() <= WAITING ? List.of() : sent.remove().join();
    }

    /** What had not left when storing ended says whether export keeps up. */
    @TearDown
    public void stop() {
      committer.close();
      System.out.printf(
          "%n%s: %d events left meanwhile, %d wait%n",
          export, thread.figures().rows(), telemetry.exports().backlog().events());
      thread.close();
      bigQuery.close();
      fake.close();
      telemetry.close();
    }
  }

  /** Events that wait, some groups of them for each shot. */
  @State(Scope.Benchmark)
  public static class Leaving extends Stored {
    private FakeBigQuery fake;
    private BigQueryTelemetry bigQuery;
    private ExportThread thread;

    @Override
    boolean isExporting() {
      return true;
    }

    @Setup
    public void start() {
      fake = FakeBigQuery.start("p-1");
    }

    @Setup(Level.Invocation)
    public void store() {
      for (int i = 0; i < LEAVING / GROUP; i++) {
        telemetry.events().append(OrgScope.all(), group());
      }
      bigQuery = BigQueryTelemetry.open(fake.settings());
      thread = new ExportThread(telemetry.exports(), bigQuery.exporter(), () -> false);
    }

    @TearDown(Level.Invocation)
    public void end() {
      thread.close();
      bigQuery.close();
    }

    @TearDown
    public void stop() {
      fake.close();
      telemetry.close();
    }
  }

  @Benchmark
  @OperationsPerInvocation(GROUP)
  public Object stored(Storing state) {
    return state.send();
  }

  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  @Warmup(iterations = 3)
  @Measurement(iterations = 8)
  public long left(Leaving state) {
    state.thread.start();
    while (state.thread.figures().rows() < LEAVING) {
      LockSupport.parkNanos(1_000_000);
    }
    return state.thread.figures().rows();
  }
}

package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.bigquery.BigQueryTelemetry;
import ai.pediscreen.telemetry.bigquery.FakeBigQuery;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.export.ExportThread;
import ai.pediscreen.telemetry.postgres.PostgresSettings;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.server.assembly.TelemetryServer;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.url.DatabaseUrl;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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
 * How many events a second the server takes over HTTP with export off, with export on while
 * BigQuery is away (they wait), and with export on while they leave for the fake BigQuery of this
 * machine; and how many a second leave when nothing else is done. Four requests of a thousand
 * events are under way at any time; the database keeps what it acknowledges, as it does for users.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(3)
@Warmup(iterations = 8, time = 3)
@Measurement(iterations = 8, time = 3)
public class ExportBenchmark {

  private static final int GROUP = 1_000;
  private static final int UNDER_WAY = 4;
  private static final int LEAVING = 100_000;

  /** Events that differ in what export and rollups look at. */
  @State(Scope.Benchmark)
  public static class Events {
    private final Random random = new Random(1);
    private int ids;

    List<Map<String, Object>> group() {
      List<Map<String, Object>> events = new ArrayList<>(GROUP);
      for (int i = 0; i < GROUP; i++) {
        events.add(event(ids++));
      }
      return events;
    }

    private Map<String, Object> event(int id) {
      return Map.of(
          "event_id",
          "event-" + id,
          "timestamp",
          Instant.now().toString(),
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
          "trace-" + id);
    }
  }

  /** A server, with one of three kinds of export. */
  @State(Scope.Benchmark)
  public static class Posting {
    @Param({"off", "away", "leaving"})
    public String export = "off";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Deque<CompletableFuture<HttpResponse<Void>>> sent = new ArrayDeque<>();
    private FakeBigQuery fake;
    private TelemetryServer server;
    private URI events;
    private long posted;

    @Setup
    public void start() {
      fake = FakeBigQuery.start("p-1");
      if (export.equals("away")) {
        fake.refuseRest("503 backendError away");
      }
      Map<String, String> settings = PostgresServer.newDatabase();
      settings.put("ENABLE_BIGQUERY", Boolean.toString(!export.equals("off")));
      settings.put("BIGQUERY_PROJECT", fake.project());
      settings.put("BIGQUERY_ENDPOINT", fake.endpoint().toString());
      settings.put("BIGQUERY_WRITE_ENDPOINT", fake.writeEndpoint().toString());
      server = TelemetryServer.start(ServerConfig.of(settings));
      events = URI.create("http://127.0.0.1:" + server.port() + "/events");
    }

    /** Sends a group, and waits for the oldest if enough are under way. */
    int send(List<Map<String, Object>> group) throws JsonProcessingException {
      sent.add(
          client.sendAsync(
              HttpRequest.newBuilder(events)
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(group)))
                  .build(),
              BodyHandlers.discarding()));
      posted += group.size();
      if (sent.size() <= UNDER_WAY) {
        return 0;
      }
      int status = sent.remove().join().statusCode();
      if (status != 202) {
        throw new IllegalStateException("answered " + status);
      }
      return status;
    }

    /** What had not left when posting ended says whether export keeps up. */
    @TearDown
    public void stop() {
      System.out.printf(
          "%n%s: of %d events %d have left%n", export, posted, fake.rows("events").size());
      server.close();
      fake.close();
    }
  }

  /** Events that wait, some groups of them for each shot. */
  @State(Scope.Benchmark)
  public static class Leaving {
    private PostgresTelemetry telemetry;
    private FakeBigQuery fake;
    private BigQueryTelemetry bigQuery;
    private ExportThread thread;

    @Setup
    public void start() {
      DatabaseUrl url = DatabaseUrl.parse(PostgresServer.freshDatabase());
      telemetry =
          PostgresTelemetry.open(
              PostgresSettings.of(url.jdbcUrl(), url.user(), url.password())
                  .withRetentionDays(10)
                  .withExporting(true),
              Duration.ofSeconds(10));
    }

    @Setup(Level.Invocation)
    public void store(Events events) {
      for (int i = 0; i < LEAVING / GROUP; i++) {
        telemetry
            .events()
            .append(
                OrgPermission.all(), events.group().stream().map(TelemetryEvent::fromMap).toList());
      }
      // It keeps every row, so one for all shots would be slowed by the shots before.
      fake = FakeBigQuery.start("p-1");
      bigQuery = BigQueryTelemetry.open(fake.settings());
      thread = new ExportThread(telemetry.exports(), bigQuery.exporter(), () -> false);
    }

    @TearDown(Level.Invocation)
    public void end() {
      thread.close();
      bigQuery.close();
      fake.close();
    }

    @TearDown
    public void stop() {
      telemetry.close();
    }
  }

  @Benchmark
  @OperationsPerInvocation(GROUP)
  public int posted(Posting state, Events events) throws JsonProcessingException {
    return state.send(events.group());
  }

  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  @Warmup(iterations = 5)
  @Measurement(iterations = 8)
  public long left(Leaving state) {
    state.thread.start();
    while (state.thread.figures().rows() < LEAVING) {
      LockSupport.parkNanos(1_000_000);
    }
    return state.thread.figures().rows();
  }
}

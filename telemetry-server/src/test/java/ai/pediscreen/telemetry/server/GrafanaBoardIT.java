package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.server.demo.DemoEvents;
import ai.pediscreen.telemetry.server.ops.DebianPackage;
import ai.pediscreen.telemetry.server.ops.OpsFiles;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Grafana board against a real Prometheus that scrapes a server with the demonstration's
 * events: every query that is not about failures of the server itself has data. And promtool, from
 * the same package, finds no fault with the names of what is scraped.
 */
class GrafanaBoardIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Of more than three days, so that a day has one before it at any hour of any weekday. */
  private static final int EVENTS = 6_000;

  /** Of a server that is well there are none. */
  private static final String ONLY_OF_FAILURES = "status=~\"5..\"";

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir private Path directory;

  @Test
  void everyQuery_hasData() throws Exception {
    DebianPackage prometheus = new DebianPackage("prometheus", "prometheus");
    Optional<Path> program = prometheus.find();
    if (program.isEmpty()) {
      System.out.println("The Grafana board is NOT checked: " + prometheus.reason());
    }
    assumeTrue(program.isPresent(), prometheus::reason);
    try (PostgresServer server =
        PostgresServer.start(Map.of("METRICS_PORT", "0", "RETENTION_DAYS", "38"))) {
      server.clock().set(Instant.now());
      fill(server);
      URI metrics = server.metricsUri();
      assertThat(complaints(metrics)).isEmpty();
      int port = ServerProcess.freePort();
      Process process = start(program.get(), metrics, port);
      try {
        URI api = URI.create("http://127.0.0.1:" + port);
        Waiting.until(
            "it has scraped twice", LIMIT, () -> count(api, "count_over_time(up[1m]) > 2") > 0);
        for (String expression : OpsFiles.boardExpressions()) {
          if (!expression.contains(ONLY_OF_FAILURES)) {
            String query =
                expression
                    .replace("$__rate_interval", "1m")
                    .replace("$org", ".*")
                    .replace("$model", ".*");
            assertThat(count(api, query)).as(query).isPositive();
          }
        }
      } finally {
        process.destroy();
        process.waitFor();
      }
    }
  }

  /**
   * What happened lately in the demonstration, one event twice and one that is refused; and a call
   * with cached tokens and no price.
   */
  private static void fill(PostgresServer server) {
    List<Map<String, Object>> events =
        new DemoEvents(DemoEvents.SEED, Instant.now())
            .history().stream().map(TelemetryEvent::toMap).toList();
    int from = Math.max(0, events.size() - EVENTS);
    URI uri = server.uri().resolve("/events");
    String batch = json(events.subList(from, events.size()));
    // Sent again if a busy machine did not take it in time, as any client may.
    Waiting.until("it is taken", LIMIT, () -> Http.postJson(uri, batch).statusCode() == 202);
    Http.postJson(uri, json(events.subList(from, from + 1)));
    Http.postJson(uri, "{}");
    assertThat(
            Http.postJson(
                    uri,
                    """
                    {"event_id":"unpriced","timestamp":"%s","model":{"model_id":"of-unknown-price"},
                     "request":{"input_tokens":900,"cache_read_input_tokens":700,
                       "cache_creation_input_tokens":100},
                     "response":{"status_code":200,"output_tokens":50}}
                    """
                        .formatted(Instant.now()))
                .statusCode())
        .isEqualTo(202);
    for (long daysAgo = 3; daysAgo >= 1; daysAgo--) {
      String date = Instant.now().minus(Duration.ofDays(daysAgo)).toString().substring(0, 10);
      Http.postJson(server.uri().resolve("/jobs/daily-aggregates"), "{\"date\":\"" + date + "\"}");
    }
    Waiting.until(
        "there is drift",
        LIMIT,
        () -> Http.get(server.metricsUri()).body().contains("ai_embedding_psi{"));
  }

  private String complaints(URI metrics) throws Exception {
    Path promtool = new DebianPackage("prometheus", "promtool").find().orElseThrow();
    Path scraped = Files.writeString(directory.resolve("metrics"), Http.get(metrics).body());
    Path said = directory.resolve("said");
    Process process =
        new ProcessBuilder(promtool.toString(), "check", "metrics")
            .redirectInput(scraped.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return Files.readString(said, StandardCharsets.UTF_8);
  }

  private Process start(Path program, URI metrics, int port) throws Exception {
    Path config =
        Files.writeString(
            directory.resolve("prometheus.yml"),
            """
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: telemetry
                static_configs: [{targets: ["%s"]}]
            """
                .formatted(metrics.getAuthority()));
    return new ProcessBuilder(
            program.toString(),
            "--config.file=" + config,
            "--storage.tsdb.path=" + directory.resolve("data"),
            "--web.listen-address=127.0.0.1:" + port)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("prometheus.log").toFile())
        .start();
  }

  private static int count(URI api, String query) {
    String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(api.resolve("/api/v1/query?query=" + encoded)).build();
    try {
      return new ObjectMapper()
          .readTree(CLIENT.send(request, BodyHandlers.ofString()).body())
          .at("/data/result")
          .size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String json(Object value) {
    try {
      return new ObjectMapper().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}

package ai.pediscreen.telemetry.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code QUERY_ENGINE} decides who answers; that BigQuery answers rightly is its module's test. */
class QueryEngineIT {

  /** An answer of BigQuery: 41 calls on one day. */
  private static final String COUNTS =
      """
      {"jobComplete": true, "totalRows": "1",
        "jobReference": {"projectId": "p", "jobId": "j", "location": "EU"},
        "schema": {"fields": [
          {"name": "part", "type": "STRING"},
          {"name": "model_id", "type": "STRING"},
          {"name": "day", "type": "DATE"},
          {"name": "label", "type": "STRING"},
          {"name": "calls", "type": "INTEGER"},
          {"name": "errors", "type": "INTEGER"},
          {"name": "fallbacks", "type": "INTEGER"},
          {"name": "some_latency_ms", "type": "INTEGER"},
          {"name": "latency_sum_ms", "type": "INTEGER"},
          {"name": "cost_usd", "type": "BIGNUMERIC"},
          {"name": "input_tokens", "type": "INTEGER"},
          {"name": "cache_read_tokens", "type": "INTEGER"},
          {"name": "cache_write_tokens", "type": "INTEGER"},
          {"name": "output_tokens", "type": "INTEGER"},
          {"name": "reasoning_tokens", "type": "INTEGER"},
          {"name": "unpriced_calls", "type": "INTEGER"},
          {"name": "newest_micros", "type": "INTEGER"}]},
        "rows": [{"f": [{"v": "DAY"}, {"v": "m"}, {"v": "2026-03-10"}, {"v": null}, {"v": "41"},
          {"v": "3"}, {"v": "2"}, {"v": null}, {"v": "0"}, {"v": "1.25"},
          {"v": "900"}, {"v": "500"}, {"v": "0"}, {"v": "70"}, {"v": "0"}, {"v": "4"},
          {"v": "1773143999000000"}]}]}
      """;

  private static final String EVENT =
      "{\"event_id\":\"e\",\"org_id\":\"o\",\"timestamp\":\"2026-03-10T11:00:00Z\",\"response\":{\"status_code\":200}}";

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer service = server();

  @BeforeEach
  void start() {
    service.createContext("/", this::answer);
    service.setExecutor(threads);
    service.start();
  }

  @AfterEach
  void stop() {
    service.stop(0);
    threads.shutdownNow();
  }

  @Test
  void bigQueryAnswers_whenItIsTheEngine() {
    try (PostgresServer server = PostgresServer.start(settings("bigquery"))) {
      assertThat(post(server)).isEqualTo(202);

      JsonNode overview = overview(server);

      assertThat(overview.path("total_requests").intValue()).isEqualTo(41);
      assertThat(overview.path("total_cost_usd").decimalValue()).isEqualByComparingTo("1.25");
      assertThat(overview.at("/tokens/cache_read").intValue()).isEqualTo(500);
      assertThat(overview.path("unpriced_calls").intValue()).isEqualTo(4);
      assertThat(asked).contains("POST /bigquery/v2/projects/p/queries");

      int questions = questions();
      assertThat(Http.json(Http.get(server.uri().resolve("/organisations"))).path("organisations"))
          .hasToString("[\"o\"]");
      assertThat(firstChange(server)).contains("\"events\":1}");
      assertThat(questions()).as("what the database knows by itself").isEqualTo(questions);

      service.stop(0);
      assertThat(Http.get(server.uri().resolve("/telemetry?range=7d")).statusCode()).isEqualTo(503);
      assertThat(post(server)).isEqualTo(202);
    }
  }

  @Test
  void databaseAnswers_whenBigQueryOnlyReceivesEvents() {
    try (PostgresServer server = PostgresServer.start(settings("postgres"))) {
      assertThat(post(server)).isEqualTo(202);

      assertThat(overview(server).path("total_requests").intValue()).isEqualTo(1);
      assertThat(asked).doesNotContain("POST /bigquery/v2/projects/p/queries");
    }
  }

  private Map<String, String> settings(String engine) {
    Map<String, String> settings = new HashMap<>();
    settings.put("ENABLE_BIGQUERY", "true");
    settings.put("BIGQUERY_PROJECT", "p");
    settings.put("BIGQUERY_ENDPOINT", "http://127.0.0.1:" + service.getAddress().getPort());
    settings.put("QUERY_ENGINE", engine);
    return settings;
  }

  private static int post(PostgresServer server) {
    return Http.postJson(server.uri().resolve("/events"), EVENT).statusCode();
  }

  private static JsonNode overview(PostgresServer server) {
    return Http.json(Http.get(server.uri().resolve(URI.create("/telemetry?range=7d"))));
  }

  private int questions() {
    return Collections.frequency(asked, "POST /bigquery/v2/projects/p/queries");
  }

  /** The first event of the stream that says whether anything has changed. */
  private static String firstChange(PostgresServer server) {
    try (BufferedReader stream =
        new BufferedReader(
            new InputStreamReader(
                server.uri().resolve("/telemetry/stream").toURL().openStream(), UTF_8))) {
      String line = stream.readLine();
      while (line != null && !line.startsWith("data:")) {
        line = stream.readLine();
      }
      return String.valueOf(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
      asked.add(request);
      boolean query = request.equals("POST /bigquery/v2/projects/p/queries");
      byte[] body = (query ? COUNTS : "{}").getBytes(UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(query ? 200 : 503, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static HttpServer server() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

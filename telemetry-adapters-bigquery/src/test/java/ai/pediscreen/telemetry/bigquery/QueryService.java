package ai.pediscreen.telemetry.bigquery;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/**
 * The part of the REST interface that runs queries, on this machine: it checks requests as the
 * service would and gives the answers that a test has prepared, in their order.
 */
final class QueryService implements AutoCloseable {

  private static final String PROJECT = "/bigquery/v2/projects/some-project";
  private static final String QUERIES = PROJECT + "/queries";

  /** Members of QueryRequest that are sent here; the service refuses what it does not know. */
  private static final Set<String> MEMBERS =
      Set.of(
          "query",
          "useLegacySql",
          "queryParameters",
          "parameterMode",
          "maximumBytesBilled",
          "jobTimeoutMs",
          "timeoutMs",
          "requestId",
          "jobCreationMode",
          "formatOptions",
          "queryResultsFormat",
          "useQueryCache",
          "labels");

  /**
   * A request that came.
   *
   * @param line method and path with its query
   * @param body JSON; empty if there was none
   */
  record Request(String line, JsonObject body) {}

  /** An answer: a status and JSON, or none for a request that is left to hang. */
  private record Answer(int status, String json) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<Request> requests = new ArrayList<>();

  QueryService() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  synchronized QueryService thenAnswer(int status, String json) {
    answers.add(new Answer(status, json));
    return this;
  }

  /** As the service words an error. */
  QueryService thenRefuse(int status, String reason, String message) {
    return thenAnswer(
        status,
        """
        {"error": {"code": %d, "message": "%s",
          "errors": [{"domain": "global", "reason": "%s", "message": "%s"}]}}
        """
            .formatted(status, message, reason, message));
  }

  /** Leaves a request without an answer until the service is closed. */
  QueryService thenHang() {
    return thenAnswer(0, "");
  }

  synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonObject body = body(exchange);
      Answer answer = answer(exchange, body);
      if (answer.status() == 0) {
        closing.await();
        return;
      }
      byte[] bytes = answer.json().getBytes(UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Answer answer(HttpExchange exchange, JsonObject body) {
    String path = exchange.getRequestURI().getPath();
    requests.add(new Request(exchange.getRequestMethod() + " " + exchange.getRequestURI(), body));
    boolean asked = exchange.getRequestMethod().equals("POST") && path.equals(QUERIES);
    boolean known =
        asked
            || path.matches(PROJECT + "/jobs/[^/]+(/cancel)?")
            || path.matches(PROJECT + "/datasets/[^/]+/tables/[^/]+/data");
    if (!known) {
      return new Answer(404, "{\"error\": {\"code\": 404, \"message\": \"no such path\"}}");
    }
    if (asked && !MEMBERS.containsAll(body.keySet())) {
      return new Answer(
          400, "{\"error\": {\"code\": 400, \"message\": \"Unknown name " + body.keySet() + "\"}}");
    }
    Answer answer = answers.poll();
    return answer == null
        ? new Answer(400, "{\"error\": {\"code\": 400, \"message\": \"nothing prepared\"}}")
        : answer;
  }

  private static JsonObject body(HttpExchange exchange) throws IOException {
    byte[] bytes = exchange.getRequestBody().readAllBytes();
    if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
      try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
        bytes = plain.readAllBytes();
      }
    }
    return bytes.length == 0
        ? new JsonObject()
        : JsonParser.parseString(new String(bytes, UTF_8)).getAsJsonObject();
  }
}

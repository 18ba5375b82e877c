package ai.pediscreen.telemetry.server.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** Sentry's end of the line: takes envelopes over HTTP and reads them as its protocol says. */
public final class FakeSentry implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KEY = "0123456789abcdef0123456789abcdef";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final List<Throwable> faults = new CopyOnWriteArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile boolean slow;

  public FakeSentry() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public SentryDsn dsn() {
    return SentryDsn.parse("http://" + KEY + "@127.0.0.1:" + server.getAddress().getPort() + "/42");
  }

  /** From now on takes connections and answers none. */
  void hang() {
    slow = true;
  }

  /** Reports, once everything that came was an envelope. */
  public List<JsonNode> events() {
    assertThat(faults).isEmpty();
    return events;
  }

  /** All that came, as it was before it was compressed. */
  public List<String> bodies() {
    return bodies;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try {
      byte[] body = body(exchange);
      if (slow) {
        released.await();
      }
      read(exchange, body);
      byte[] answer = "{}".getBytes(UTF_8);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (AssertionError | RuntimeException e) {
      faults.add(e);
      exchange.sendResponseHeaders(400, -1);
    } finally {
      exchange.close();
    }
  }

  private static byte[] body(HttpExchange exchange) throws IOException {
    byte[] sent = exchange.getRequestBody().readAllBytes();
    if (!"gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
      return sent;
    }
    try (InputStream inflated = new GZIPInputStream(new ByteArrayInputStream(sent))) {
      return inflated.readAllBytes();
    }
  }

  private void read(HttpExchange exchange, byte[] body) throws IOException {
    assertThat(exchange.getRequestMethod()).isEqualTo("POST");
    assertThat(exchange.getRequestURI().toString()).isEqualTo("/api/42/envelope/");
    assertThat(exchange.getRequestHeaders().getFirst("Content-Type"))
        .isEqualTo("application/x-sentry-envelope");
    assertThat(exchange.getRequestHeaders().getFirst("X-Sentry-Auth"))
        .contains("sentry_key=" + KEY)
        .contains("sentry_version=7");
    bodies.add(exchange.getRequestHeaders().entrySet() + "\n" + new String(body, UTF_8));
    int next = lineEnd(body, 0);
    JsonNode header = JSON.readTree(Arrays.copyOfRange(body, 0, next));
    assertThat(header.path("event_id").textValue()).matches("[0-9a-f]{32}");
    next++;
    while (next < body.length) {
      int end = lineEnd(body, next);
      JsonNode item = JSON.readTree(Arrays.copyOfRange(body, next, end));
      assertThat(item.path("type").textValue()).isEqualTo("event");
      int length = item.path("length").intValue();
      byte[] payload = Arrays.copyOfRange(body, end + 1, end + 1 + length);
      JsonNode event = JSON.readTree(payload);
      assertThat(event.path("event_id")).isEqualTo(header.path("event_id"));
      events.add(event);
      next = end + 1 + length;
      if (next < body.length) {
        assertThat(body[next]).isEqualTo((byte) '\n');
        next++;
      }
    }
  }

  private static int lineEnd(byte[] body, int from) {
    for (int i = from; i < body.length; i++) {
      if (body[i] == '\n') {
        return i;
      }
    }
    throw new AssertionError("a header of an envelope has no end");
  }

  @Override
  public void close() {
    released.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}

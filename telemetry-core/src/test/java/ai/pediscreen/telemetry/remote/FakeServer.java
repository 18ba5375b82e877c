package ai.pediscreen.telemetry.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Answers {@code POST /events} as a server does, and misbehaves as it is told to. */
final class FakeServer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The answer is lost on its way. */
  private static final int LOST = -1;

  /** The answer comes late. */
  private static final int SLOW = -2;

  private final Map<String, Integer> stored = new HashMap<>();
  private final List<Integer> requests = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final int port;
  private HttpServer server;
  volatile int failWith;

  /** Answered in place of what a server says. */
  volatile @Nullable String body;

  volatile @Nullable String retryAfter;
  volatile int mostEvents = 10_000;
  volatile @Nullable Random mood;

  /** How long an answer takes that comes too late. */
  volatile int slowMillis;

  volatile @Nullable String lastKey;

  FakeServer() {
    this.server = start(0);
    this.port = server.getAddress().getPort();
  }

  URI address() {
    return URI.create("http://localhost:" + port);
  }

  /** Ids by how often they were stored. */
  synchronized Map<String, Integer> stored() {
    return Map.copyOf(stored);
  }

  /** How many events each request had. */
  synchronized List<Integer> requests() {
    return List.copyOf(requests);
  }

  void kill() {
    server.stop(0);
  }

  void restart() {
    server = start(port);
  }

  private HttpServer start(int onPort) {
    try {
      HttpServer started =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort), 0);
      started.createContext("/events", this::answer);
      started.setExecutor(threads);
      started.start();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      lastKey = exchange.getRequestHeaders().getFirst("apikey");
      JsonNode events;
      try (InputStream in = new GZIPInputStream(exchange.getRequestBody())) {
        events = JSON.readTree(in);
      }
      synchronized (this) {
        requests.add(events.size());
      }
      int mishap = mishap();
      if (mishap == SLOW) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(slowMillis));
      }
      if (mishap > 0) {
        fail(exchange, mishap);
      } else if (events.size() > mostEvents) {
        fail(exchange, 413);
      } else {
        String answer = store(events);
        if (mishap != LOST) {
          send(exchange, 207, body == null ? answer : body);
        }
      }
    }
  }

  /** 0 for none, a status to fail with, or one of the two that store all the same. */
  private synchronized int mishap() {
    Random random = mood;
    if (random == null || failWith != 0) {
      return failWith;
    }
    return switch (random.nextInt(8)) {
      case 0 -> 503;
      case 1 -> 429;
      case 2 -> LOST;
      case 3 -> slowMillis > 0 ? SLOW : LOST;
      default -> 0;
    };
  }

  private void fail(HttpExchange exchange, int status) throws IOException {
    String after = retryAfter;
    if (after != null) {
      exchange.getResponseHeaders().set("Retry-After", after);
    }
    send(exchange, status, "{\"error_code\":\"X\"}");
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private synchronized String store(JsonNode events) {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode errors = answer.putArray("errors");
    List<String> refused = new ArrayList<>();
    int duplicates = 0;
    for (int i = 0; i < events.size(); i++) {
      String id = events.get(i).get("event_id").asText();
      if (id.startsWith("bad")) {
        refused.add(Integer.toString(i));
        if (refused.size() <= 2) {
          errors.addObject().put("index", i).put("field", "app").put("message", "is \"bad\"\n");
        }
      } else if (stored.putIfAbsent(id, 1) != null) {
        duplicates++;
      }
    }
    return answer
        .put("status", "partial")
        .put("accepted", events.size() - duplicates - refused.size())
        .put("duplicates", duplicates)
        .put("rejected", refused.size())
        .put("rejected_indexes", String.join(",", refused))
        .toString();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

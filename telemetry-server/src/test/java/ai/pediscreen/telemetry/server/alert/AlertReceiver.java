package ai.pediscreen.telemetry.server.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real HTTP server that takes messages, or does not. */
public final class AlertReceiver implements AutoCloseable {

  /** What it does with a message. */
  public enum Mood {
    /** Answers 200. */
    TAKES,
    /** Answers 500. */
    FAILS,
    /** Answers 302 to another place of its own. */
    REDIRECTS,
    /** Never answers. */
    HANGS,
    /** Closes the connection. */
    CUTS
  }

  /** A request, and what was done with it. */
  public record Received(Mood mood, String path, Map<String, String> headers, String body) {
    /** The body. */
    public JsonNode json() {
      try {
        return new ObjectMapper().readTree(body);
      } catch (JsonProcessingException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The message's id. */
    public String id() {
      return json().path("id").textValue();
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Mood mood = Mood.TAKES;

  /** Listens on a free port of this machine. */
  public AlertReceiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::take);
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port() + "/hook";
  }

  public void is(Mood value) {
    mood = value;
  }

  /** All requests, oldest first. */
  public List<Received> received() {
    return List.copyOf(received);
  }

  /** Those that it took. */
  public List<Received> taken() {
    return received.stream().filter(one -> one.mood() == Mood.TAKES).toList();
  }

  private void take(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
    Mood now = mood;
    received.add(new Received(now, exchange.getRequestURI().getPath(), headers, body));
    switch (now) {
      case TAKES -> exchange.sendResponseHeaders(200, -1);
      case FAILS -> exchange.sendResponseHeaders(500, -1);
      case REDIRECTS -> {
        exchange.getResponseHeaders().set("Location", "/elsewhere");
        exchange.sendResponseHeaders(302, -1);
      }
      case HANGS -> await();
      case CUTS -> {
        // Closed below, without an answer.
      }
    }
    exchange.close();
  }

  private void await() {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}

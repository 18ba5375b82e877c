package com.example.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.pediscreen.telemetry.Telemetry;
import ai.pediscreen.telemetry.postgres.PostgresStore;
import ai.pediscreen.telemetry.usage.ModelUsage;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Answers {@code POST /screenings} with what a model says of the text, and {@code GET /usage} with
 * how often each model was called in the last day and how often it failed.
 */
public final class ScreeningServer implements AutoCloseable {

  private static final String MODEL = "medgemma-4b";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final Telemetry telemetry;

  /**
   * Starts one.
   *
   * @param dataSource the program's own; stays open
   * @param port of the loopback address; 0 for any that is free
   */
  public ScreeningServer(DataSource dataSource, int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    telemetry = Telemetry.builder().store(PostgresStore.of(dataSource)).build();
    server.createContext("/screenings", this::screen);
    server.createContext("/usage", this::usage);
    server.setExecutor(threads);
    server.start();
  }

  /** Where it listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void screen(HttpExchange exchange) throws IOException {
    String text = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    try {
      send(exchange, 200, telemetry.call(MODEL, call -> ask(text)));
    } catch (IllegalArgumentException e) {
      send(exchange, 422, "there is nothing to screen");
    }
  }

  /** Stands for a model. */
  private static String ask(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("no text");
    }
    return text.length() > 20 ? "refer" : "no finding";
  }

  private void usage(HttpExchange exchange) throws IOException {
    String lines =
        telemetry.usage().models(UsageFilter.last(UsageRange.DAY), 20).stream()
            .map(ScreeningServer::line)
            .collect(Collectors.joining("\n"));
    send(exchange, 200, lines);
  }

  private static String line(ModelUsage model) {
    return "%s: %d calls, %.0f %% errors"
        .formatted(model.modelId(), model.calls(), model.errorPercent());
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** Stops to listen, and stores what was recorded. */
  @Override
  public void close() {
    server.stop(1);
    threads.shutdown();
    telemetry.close();
  }
}

package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Senders that read no answer. */
final class SilentReadersTest {

  private static final String EVENT = HttpContract.event("sent-again-and-again").toString();

  /** Each of its faults is told, so that the answer is long. */
  private static final String REFUSED =
      "{\"model\":{\"id\":1,\"adapter_id\":2,\"provider\":3},\"response\":{\"latency_ms\":\"x\"},"
          + "\"request\":7,\"org_id\":8,\"user_id\":9,\"case_id\":10,\"trace_id\":11}";

  private final InMemoryServer server = InMemoryServer.start();
  private final List<Socket> sockets = new ArrayList<>();

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/events", "/telemetry"})
  void othersAreAnswered_whileAnswersCannotBeSent(String path) throws IOException {
    String request =
        path.equals("/events") ? post(EVENT) + post(REFUSED) : get(path + "?action=overview");
    // More than there are processors.
    int senders = 2 * Runtime.getRuntime().availableProcessors() + 2;
    AtomicLong sent = new AtomicLong();
    for (int i = 0; i < senders; i++) {
      sendWithoutReading(request.repeat(100), sent);
    }
    awaitStandstill(sent);

    for (int i = 0; i < 20; i++) {
      long start = System.nanoTime();
      Answer answer = HttpContract.send(server.uri(), "POST", "/events", event("own-" + i));

      assertThat(answer.status()).isEqualTo(202);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }
  }

  @Test
  void othersAreAnswered_whileManyReadNoLongAnswer() {
    String asset = "/assets/swagger-ui-bundle.js";
    // One answer fits into the buffers of a connection.
    byte[] requests = get(asset).repeat(8).getBytes(StandardCharsets.US_ASCII);
    Waiting.until(
        "further readers are refused",
        Duration.ofSeconds(60),
        () -> {
          sendAtOnce(requests);
          return ask(asset).status() == 503;
        });

    assertThat(HttpContract.send(server.uri(), "POST", "/events", event("one")).status())
        .isEqualTo(202);
    for (String path : List.of("/livez", "/readyz", "/health", "/telemetry?action=overview")) {
      assertThat(ask(path).status()).as(path).isEqualTo(200);
    }
    Answer refused = ask(asset);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("Retry-After")).contains("1");
    assertThat(refused.json().required("error_code").textValue()).isEqualTo("BUSY");
  }

  private void sendAtOnce(byte[] requests) {
    try {
      connect().getOutputStream().write(requests);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Answer ask(String path) {
    return HttpContract.send(server.uri(), "GET", path, BodyPublishers.noBody());
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }

  private static BodyPublisher event(String id) {
    return BodyPublishers.ofString(HttpContract.event(id).toString());
  }

  private static String post(String body) {
    return "POST /events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  /** Sends on a thread of its own until nothing more is taken. */
  private void sendWithoutReading(String requests, AtomicLong sent) throws IOException {
    Socket socket = connect();
    byte[] bytes = requests.getBytes(StandardCharsets.US_ASCII);
    Thread sender =
        new Thread(
            () -> {
              try {
                while (true) {
                  socket.getOutputStream().write(bytes);
                  sent.addAndGet(bytes.length);
                }
              } catch (IOException e) {
                // The test is over.
                Thread.currentThread().interrupt();
              }
            });
    sender.setDaemon(true);
    sender.start();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    sockets.add(socket);
    socket.setReceiveBufferSize(4 * 1024);
    socket.connect(new InetSocketAddress(server.uri().getHost(), server.uri().getPort()));
    return socket;
  }

  private static void awaitStandstill(AtomicLong sent) {
    AtomicLong before = new AtomicLong(-1);
    AtomicLong sinceNanos = new AtomicLong(System.nanoTime());
    Waiting.until(
        "the server takes no more",
        Duration.ofSeconds(60),
        () -> {
          long now = sent.get();
          if (before.getAndSet(now) != now || now == 0) {
            sinceNanos.set(System.nanoTime());
          }
          return System.nanoTime() - sinceNanos.get() > Duration.ofSeconds(1).toNanos();
        });
  }
}

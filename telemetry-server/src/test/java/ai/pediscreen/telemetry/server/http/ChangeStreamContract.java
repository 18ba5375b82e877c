package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.Waiting;
import ai.pediscreen.telemetry.server.http.stream.ChangeStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code GET /telemetry/stream}, over a socket that is read line by line. */
public abstract class ChangeStreamContract extends HttpContract {

  @Test
  @DisplayName("an event is told of within two seconds, to those who listen to its organisation")
  void listeners_areNotifiedOfNewEvents() throws Exception {
    try (Listener all = listen("/telemetry/stream");
        Listener org = listen("/telemetry/stream?org_id=o");
        Listener other = listen("/telemetry/stream?org_id=other")) {
      assertThat(all.headers())
          .contains("HTTP/1.1 200 OK", "Content-Type: text/event-stream;charset=utf-8")
          .contains("Cache-Control: no-store", "X-Accel-Buffering: no");
      String nothing = "data: {\"events\":0}";
      assertThat(all.next()).isEqualTo(nothing);
      assertThat(org.next()).isEqualTo(nothing);
      assertThat(other.next()).isEqualTo(nothing);

      long posted = System.nanoTime();
      post(event("e-1").put("org_id", "o").toString());

      assertThat(org.next()).isEqualTo("data: {\"events\":1}");
      assertThat(all.next()).isEqualTo("data: {\"events\":1}");
      assertThat(Duration.ofNanos(System.nanoTime() - posted)).isLessThan(Duration.ofSeconds(2));

      post(event("e-2").put("org_id", "other").toString());
      assertThat(other.next()).isEqualTo("data: {\"events\":1}");
      assertThat(all.next()).isEqualTo("data: {\"events\":2}");
    }
  }

  @Test
  void oneListenerTooMany_isToldToPoll_untilAnotherLeaves() throws Exception {
    List<Listener> listeners = new ArrayList<>();
    try {
      for (int i = 0; i < ChangeStream.MAX_LISTENERS; i++) {
        listeners.add(listen("/telemetry/stream"));
      }
      Answer refused = get("/telemetry/stream");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.json().path("error_code").textValue()).isEqualTo("BUSY");
      assertThat(get("/telemetry").status()).isEqualTo(200);

      listeners.remove(0).close();

      // That it has left shows when it is written to.
      Waiting.until(
          "a place is free",
          Duration.ofSeconds(25),
          () -> {
            post(event("e-" + System.nanoTime()).toString());
            try (Listener listener = listen("/telemetry/stream")) {
              return listener.headers().contains("200 OK");
            }
          });
    } finally {
      listeners.forEach(Listener::close);
    }
  }

  @Test
  void listenerThatDoesNotRead_doesNotAffectOthers() throws Exception {
    try (Socket deaf = new Socket(server.uri().getHost(), server.uri().getPort());
        Listener listener = listen("/telemetry/stream")) {
      deaf.setReceiveBufferSize(1_024);
      deaf.getOutputStream().write(request("/telemetry/stream"));
      for (int i = 0; i < 3; i++) {
        String before = listener.next();
        post(event("e-" + i).toString());
        assertThat(before).contains("\"events\":" + i);
      }
    }
  }

  @Test
  void openStreams_doNotDelayShutdown() throws Exception {
    try (Listener listener = listen("/telemetry/stream")) {
      assertThat(listener.next()).isNotNull();
      long begun = System.nanoTime();

      server.close();

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
      Waiting.until("the stream ends", Duration.ofSeconds(5), () -> listener.ended);
    }
  }

  @Test
  void badParameters_areRefused_andHeadReturnsAtOnce() {
    assertThat(get("/telemetry/stream?org_id=%00").status()).isEqualTo(400);
    assertThat(send("HEAD", "/telemetry/stream", BodyPublishers.noBody()).status()).isEqualTo(200);
    assertThat(send("POST", "/telemetry/stream", BodyPublishers.noBody()).status()).isEqualTo(405);
  }

  private Listener listen(String path) {
    return new Listener(server.uri(), path);
  }

  private static byte[] request(String path) {
    return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Reads a stream as it comes. */
  private static final class Listener implements AutoCloseable {

    private final Socket socket;
    private final String headers;
    private final BlockingQueue<String> data = new LinkedBlockingQueue<>();
    private volatile boolean ended;

    Listener(URI server, String path) {
      try {
        socket = new Socket(server.getHost(), server.getPort());
        socket.getOutputStream().write(request(path));
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder head = new StringBuilder();
        for (String line = reader.readLine();
            line != null && !line.isEmpty();
            line = reader.readLine()) {
          head.append(line).append('\n');
        }
        headers = head.toString();
        Thread thread = new Thread(() -> read(reader), "listener");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void read(BufferedReader reader) {
      try {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          if (line.startsWith("data:")) {
            data.add(line);
          }
        }
      } catch (IOException e) {
        // Closed from this side.
      }
      ended = true;
    }

    String headers() {
      return headers;
    }

    /** The next event; null if none comes within ten seconds. */
    @Nullable String next() throws InterruptedException {
      return data.poll(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}

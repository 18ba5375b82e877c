package ai.pediscreen.telemetry.server.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.Waiting;
import ai.pediscreen.telemetry.server.http.RawConnection;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ConnectionGuardTest {

  private static final String REQUEST = "GET / HTTP/1.1\r\nHost: x\r\n";

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger closedForRoom = new AtomicInteger();
  private final ConnectionGuard guard =
      new ConnectionGuard(new ConnectionLimits(20, 10), nanos::get, closedForRoom::incrementAndGet);
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private final List<RawConnection> connections = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    connector.addEventListener(guard);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            guard.requestBegins(request);
            response.write(true, ByteBuffer.wrap(new byte[] {'o', 'k'}), callback);
            return true;
          }
        });
    server.setRequestLog((request, response) -> guard.requestEnds(request));
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    for (RawConnection connection : connections) {
      connection.close();
    }
    server.stop();
  }

  @Test
  void slowHeader_isCutOff_andACompleteOneIsNot() throws IOException {
    RawConnection drips = open();
    RawConnection asksNow = open();
    RawConnection silent = open();
    drips.send("GET / HT");
    awaitOpen(3);
    sweepUntilSeen();
    pass(6);
    drips.send("T");
    asksNow.send(REQUEST);
    pass(3);
    guard.sweep();
    asksNow.send("\r\n");
    assertThat(asksNow.answersAtOnce()).isTrue();

    pass(2);
    guard.sweep();

    assertThat(drips.receiveAll()).isEmpty();
    awaitOpen(2);
    silent.send(REQUEST + "Connection: close\r\n\r\n");
    assertThat(silent.receiveAll()).startsWith("HTTP/1.1 200");
  }

  @Test
  void request_getsAConnection_whenIdleOnesHoldAll() throws IOException {
    for (int i = 0; i < 10; i++) {
      open().send("GET");
    }
    awaitOpen(10);
    for (int i = 0; i < 30; i++) {
      pass(1);
      RawConnection asks = open();
      asks.send(REQUEST + "Connection: close\r\n\r\n");
      assertThat(asks.receiveAll()).as("number %d", i).startsWith("HTTP/1.1 200");
    }

    assertThat(closedForRoom.get()).isPositive();
    Waiting.until(
        "ten at most are left", Duration.ofSeconds(20), () -> guard.openConnections() <= 10);
  }

  @Test
  void limits_areBelowThoseOfFilesAndHeap() {
    assertThat(ConnectionLimits.of(512, 1L << 30)).isEqualTo(new ConnectionLimits(352, 264));
    assertThat(ConnectionLimits.of(1_000_000, 256L << 20).all()).isEqualTo(4_096);
    assertThat(ConnectionLimits.of(1_000_000, 64L << 30).all()).isEqualTo(10_000);
    assertThat(ConnectionLimits.of(100, 64L << 30).all()).isEqualTo(25);
  }

  private RawConnection open() throws IOException {
    RawConnection connection =
        new RawConnection(URI.create("http://127.0.0.1:" + connector.getLocalPort()));
    connections.add(connection);
    return connection;
  }

  private void awaitOpen(int count) {
    Waiting.until(
        count + " are open", Duration.ofSeconds(20), () -> guard.openConnections() == count);
  }

  /** Bytes that were sent are seen when a thread of the server has read them. */
  private void sweepUntilSeen() {
    Waiting.until(
        "bytes were read",
        Duration.ofSeconds(20),
        () ->
            connector.getConnectedEndPoints().stream()
                .anyMatch(endPoint -> endPoint.getConnection().getBytesIn() > 0));
    guard.sweep();
  }

  private void pass(int seconds) {
    nanos.addAndGet(seconds * 1_000_000_000L);
  }
}

package ai.pediscreen.telemetry.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadGeneratorTest {

  private static final Duration TIME = Duration.ofMillis(500);

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong numbers = new AtomicLong();
  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void singleEvents_areEachSentOnce_andCounted() {
    answer(202, "{\"status\":\"accepted\"}");
    LoadResult result = generator(4, 1).run(TIME);
    assertThat(result.accepted()).isPositive().isEqualTo(lines.size());
    assertThat(result.requests()).isEqualTo(result.events()).isBetween(1L, result.accepted());
    assertThat(result.latencies().count()).isEqualTo((int) result.requests());
    assertThat(result.seconds()).isBetween(0.0, TIME.toMillis() / 1e3);
    assertThat(result.perSecond()).isEqualTo(result.events() / result.seconds());
    assertThat(result.others()).isEmpty();
    assertThat(lines).doesNotHaveDuplicates().allMatch(line -> line.startsWith("{\"event_id\":"));
  }

  @Test
  void batches_countAcceptedEvents() {
    answer(207, "{\"status\":\"partial\",\"accepted\":450,\"duplicates\":50,\"rejected\":0}");
    LoadResult result = generator(2, 500).run(TIME);
    assertThat(lines).hasSize(requests.get() * 500);
    assertThat(result.accepted()).isEqualTo(requests.get() * 450L);
    assertThat(result.duplicates()).isEqualTo(requests.get() * 50L);
  }

  @Test
  void duplicate_isNotCounted() {
    answer(202, "{\"status\":\"duplicate\"}");
    LoadResult result = generator(1, 1).run(TIME);
    assertThat(result.accepted()).isZero();
    assertThat(result.duplicates()).isEqualTo(requests.get());
    assertThat(result.perSecond()).isZero();
  }

  @Test
  void failedAnswer_isNotCounted() {
    answer(503, "{}");
    LoadResult result = generator(4, 1).run(TIME);
    assertThat(result.accepted()).isZero();
    assertThat(result.others()).isEqualTo(Map.of(503, (long) requests.get()));
    assertThat(result.latencies().percentileMillis(0.99)).isZero();
  }

  @Test
  void rate_isKept() {
    answer(202, "{}");
    List<Long> sent = new ArrayList<>();
    LoadResult result =
        new LoadGenerator(
                server.getAddress().getPort(),
                4,
                EventRequests.now(new SampleEvents(1), 1, numbers::getAndIncrement),
                100,
                (sentNanos, answeredNanos, answer) -> sent.add(sentNanos))
            .run(TIME);
    assertThat(result.accepted()).isBetween(1L, 51L).isEqualTo(sent.size());
  }

  @Test
  void load_ends_atItsLimit() {
    answer(202, "{\"accepted\":500,\"duplicates\":0}");
    EventRequests requests =
        EventRequests.now(new SampleEvents(1), 500, numbers::getAndIncrement).limitedTo(1_000);
    LoadResult result =
        new LoadGenerator(server.getAddress().getPort(), 4, requests).run(Duration.ofMinutes(1));
    assertThat(result.accepted()).isEqualTo(1_000);
    assertThat(requests.hasNext()).isFalse();
  }

  @Test
  void brokenConnections_areCounted_andReplaced() {
    server.createContext("/events", HttpExchange::close);
    LoadResult result = generator(2, 1).run(TIME);
    assertThat(result.others().keySet()).containsExactly(-1);
    assertThat(result.others().get(-1)).isGreaterThan(2);
  }

  @Test
  void missingServer_isReportedAtOnce() {
    LoadGenerator generator = generator(1, 1);
    server.stop(0);
    assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> generator.run(TIME));
  }

  private LoadGenerator generator(int connections, int events) {
    return new LoadGenerator(
        server.getAddress().getPort(),
        connections,
        EventRequests.now(new SampleEvents(1), events, numbers::getAndIncrement));
  }

  private void answer(int status, String body) {
    server.createContext(
        "/events",
        exchange -> {
          requests.incrementAndGet();
          String sent = new String(exchange.getRequestBody().readAllBytes(), US_ASCII);
          sent.lines().forEach(lines::add);
          byte[] bytes = body.getBytes(US_ASCII);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }
}

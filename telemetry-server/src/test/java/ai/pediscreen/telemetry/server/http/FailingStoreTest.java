package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.memory.InMemoryTelemetry;
import ai.pediscreen.telemetry.server.Waiting;
import ai.pediscreen.telemetry.server.http.protocol.BodyBudget;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What callers see when the store hangs, fails or refuses. */
final class FailingStoreTest {

  private final HangingStore store = new HangingStore();
  private final ExecutorService callers = Executors.newCachedThreadPool();

  @AfterEach
  void release() {
    store.release();
    callers.shutdownNow();
  }

  @Test
  @DisplayName(
      "503 with `Retry-After` when the store is unreachable or the queue is full, within 5 s, never"
          + " a hang")
  void hangingStore_isAnsweredWithinFiveSeconds_andOtherRoutesWork() throws Exception {
    InMemoryServer server = InMemoryServer.startOverStore(store);
    try {
      long start = System.nanoTime();
      List<CompletableFuture<Answer>> answers = new ArrayList<>();
      // More than there are threads.
      for (int i = 0; i < 300; i++) {
        String event = HttpContract.event("e-" + i).toString();
        answers.add(CompletableFuture.supplyAsync(() -> post(server, event), callers));
      }
      store.awaitAsked();

      assertThat(get(server, "/livez").status()).isEqualTo(200);
      assertThat(get(server, "/health").status()).isEqualTo(200);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
      for (CompletableFuture<Answer> answer : answers) {
        assertUnavailable(answer.get(10, TimeUnit.SECONDS), "STORE_UNAVAILABLE");
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));

      // What waited in the queue was taken out: nobody hears of it any more.
      assertThat(server.queuedEvents()).isZero();
      store.release();
      assertThat(post(server, HttpContract.event("after").toString()).status()).isEqualTo(202);
    } finally {
      // Or the server would wait for the store.
      store.release();
      server.close();
    }
  }

  @Test
  @DisplayName("503 within 5 s, and the connection that cannot be read again is closed")
  void threadThatHangsInTheStore_hasItsConnectionClosed() throws Exception {
    InMemoryServer server = InMemoryServer.startOverStore(store);
    try (RawConnection sender = new RawConnection(server.uri())) {
      String event = HttpContract.event("e").toString();
      sender.send(
          "POST /events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
              + event.length()
              + "\r\n\r\n"
              + event);
      store.awaitAsked();
      assertThat(store.thread()).startsWith("http-");
      Answer next = post(server, HttpContract.event("next").toString());

      assertUnavailable(next, "STORE_UNAVAILABLE");
      assertThat(sender.receiveHead())
          .startsWith("HTTP/1.1 503 ")
          .containsIgnoringCase("connection: close");
    } finally {
      store.release();
      server.close();
    }
  }

  @Test
  @DisplayName("503 with `Retry-After` when the queue is full")
  void fullQueue_isAnsweredAtOnce() throws Exception {
    try (InMemoryServer server = InMemoryServer.startOverStore(store)) {
      CompletableFuture<Answer> first =
          CompletableFuture.supplyAsync(() -> post(server, batch(0, 1)), callers);
      store.awaitAsked();
      CompletableFuture<Answer> filling =
          CompletableFuture.supplyAsync(() -> post(server, batch(1, 2_001)), callers);
      // A store that is so slow makes the queue that short.
      server.awaitQueued(2_000, Duration.ofMillis(500));

      long start = System.nanoTime();
      Answer refused = post(server, HttpContract.event("one-more").toString());

      assertUnavailable(refused, "STORE_UNAVAILABLE");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
      store.release();
      assertThat(first.get(10, TimeUnit.SECONDS).status()).isEqualTo(202);
      assertThat(filling.get(10, TimeUnit.SECONDS).status()).isEqualTo(202);
    }
  }

  @Test
  void unavailableStore_is503() {
    EventStore away =
        events -> {
          throw new StoreUnavailableException("no route to 10.0.0.7");
        };
    try (InMemoryServer server = InMemoryServer.startOverStore(away)) {
      for (String body : List.of(HttpContract.event("e").toString(), batch(0, 3))) {
        Answer answer = post(server, body);
        assertUnavailable(answer, "STORE_UNAVAILABLE");
        assertThat(answer.text()).doesNotContain("10.0.0.7");
      }
    }
  }

  @Test
  void senderThatThereIsNoMemoryFor_isToldToWaitLonger_theLongerThatIsSo() {
    EventStore full =
        events -> {
          new BodyBudget(1).lease().take(2);
          return List.of();
        };
    try (InMemoryServer server = InMemoryServer.startOverStore(full)) {
      Waiting.until(
          "the sender is told to wait for more than a second",
          Duration.ofSeconds(10),
          () -> {
            Answer answer = post(server, HttpContract.event("e").toString());
            assertUnavailable(answer, "BUSY");
            return !answer.header("Retry-After").orElseThrow().equals("1");
          });
    }
  }

  @Test
  void failingStore_is500_withoutTheCause() {
    EventStore broken =
        events -> {
          throw new IllegalStateException("column s3cr3t\nfaked log line");
        };
    try (InMemoryServer server = InMemoryServer.startOverStore(broken)) {
      Answer answer = post(server, HttpContract.event("e").toString());

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.header("content-type")).contains("application/problem+json");
      assertThat(answer.json().path("error_code").textValue()).isEqualTo("INTERNAL_ERROR");
      assertThat(answer.text()).doesNotContain("s3cr3t").doesNotContain("IllegalState");
    }
  }

  @Test
  void errorOfTheJvm_is500() {
    EventStore broken =
        events -> {
          throw new StackOverflowError("deep");
        };
    try (InMemoryServer server = InMemoryServer.startOverStore(broken)) {
      Answer answer = post(server, HttpContract.event("e").toString());

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.header("content-type")).contains("application/problem+json");
    }
  }

  @Test
  void eventThatTheStoreRefuses_is422_andDoesNotAffectItsNeighbours() {
    InMemoryTelemetry telemetry = new InMemoryTelemetry();
    EventStore picky =
        events ->
            events.stream()
                .map(
                    event ->
                        event.event().eventId().equals("bad")
                            ? Receipt.refused("cannot be kept")
                            : telemetry.append(List.of(event)).get(0))
                .toList();
    try (InMemoryServer server = InMemoryServer.startOverStore(picky)) {
      Answer single = post(server, HttpContract.event("bad").toString());
      Answer batch =
          post(server, "[" + HttpContract.event("a") + "," + HttpContract.event("bad") + ",{}]");

      assertThat(single.status()).isEqualTo(422);
      assertThat(single.json().path("error_code").textValue()).isEqualTo("STORE_REFUSED");
      assertThat(single.json().path("errors"))
          .isEqualTo(HttpContract.json("[{'field':'event','message':'cannot be kept'}]"));
      assertThat(batch.status()).isEqualTo(207);
      assertThat(batch.json().path("rejected").intValue()).isEqualTo(2);
      assertThat(batch.json().path("errors"))
          .extracting(error -> error.path("index").intValue())
          .containsExactly(1, 2, 2);
      assertThat(batch.json().path("errors").get(0))
          .isEqualTo(
              HttpContract.json(
                  "{'index':1,'event_id':'bad','error_code':'STORE_REFUSED','field':null,"
                      + "'message':'cannot be kept'}"));
    }
  }

  @Test
  void hangingQueries_leaveThreadsToOthers() throws Exception {
    InMemoryServer server = InMemoryServer.startOverQueries(store);
    try {
      List<CompletableFuture<Answer>> answers = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        answers.add(CompletableFuture.supplyAsync(() -> get(server, "/telemetry"), callers));
      }
      // Only those that find no place are answered while the store hangs.
      Answer refused =
          (Answer) CompletableFuture.anyOf(answers.toArray(CompletableFuture[]::new)).get();

      assertUnavailable(refused, "BUSY");
      assertThat(get(server, "/livez").status()).isEqualTo(200);
      assertThat(post(server, HttpContract.event("e").toString()).status()).isEqualTo(202);
      store.release();
      for (CompletableFuture<Answer> answer : answers) {
        assertThat(answer.get(10, TimeUnit.SECONDS).status()).isIn(200, 503);
      }
    } finally {
      store.release();
      server.close();
    }
  }

  @Test
  void close_answersRequestsInProgress_withinTenSeconds() throws Exception {
    InMemoryServer server = InMemoryServer.startOverStore(store);
    CompletableFuture<Answer> answer =
        CompletableFuture.supplyAsync(
            () -> post(server, HttpContract.event("e").toString()), callers);
    store.awaitAsked();
    long start = System.nanoTime();
    CountDownLatch closing = new CountDownLatch(1);
    CompletableFuture<Void> closed =
        CompletableFuture.runAsync(
            () -> {
              closing.countDown();
              server.server().close();
            },
            callers);
    closing.await();
    // Longer than a connection may idle once the server stops.
    CompletableFuture.delayedExecutor(2_500, TimeUnit.MILLISECONDS).execute(store::release);

    assertThat(answer.get(10, TimeUnit.SECONDS).status()).isEqualTo(202);
    closed.get(10, TimeUnit.SECONDS);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    server.close();
  }

  private static String batch(int from, int to) {
    List<String> events = new ArrayList<>();
    for (int i = from; i < to; i++) {
      events.add(HttpContract.event("e-" + i).toString());
    }
    return "[" + String.join(",", events) + "]";
  }

  private static Answer post(ServerUnderTest server, String body) {
    return HttpContract.send(
        server.uri(),
        "POST",
        "/events",
        BodyPublishers.ofByteArray(body.getBytes(StandardCharsets.UTF_8)));
  }

  private static Answer get(ServerUnderTest server, String path) {
    return HttpContract.send(server.uri(), "GET", path, BodyPublishers.noBody());
  }

  private static void assertUnavailable(Answer answer, String errorCode) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
    assertThat(answer.header("Retry-After").orElseThrow()).matches("\\d+");
    assertThat(answer.json().path("error_code").textValue()).isEqualTo(errorCode);
  }
}

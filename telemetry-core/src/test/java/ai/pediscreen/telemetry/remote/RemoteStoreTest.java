package ai.pediscreen.telemetry.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.Delivery;
import ai.pediscreen.telemetry.DropReason;
import ai.pediscreen.telemetry.LoggedMessages;
import ai.pediscreen.telemetry.Telemetry;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteStoreTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final long SECONDS = Long.getLong("telemetry.test.seconds", 10);

  private final FakeServer server = new FakeServer();
  private final RemoteStore store = RemoteStore.of(server.address(), "pst_key");

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void events_areSentWithTheKey_andTheAnswerIsRead() {
    assertThat(append("e-1", "bad-1", "e-2"))
        .containsExactly(
            Receipt.accepted(), Receipt.refused("app is \"bad\"\n"), Receipt.accepted());
    assertThat(append("e-1", "e-2")).containsOnly(Receipt.duplicate());
    assertThat(append("bad-1", "bad-2", "bad-3", "e-3"))
        .extracting(Receipt::reason)
        .containsExactly("app is \"bad\"\n", "app is \"bad\"\n", "refused by the server", null);
    assertThat(server.lastKey).isEqualTo("pst_key");
    assertThat(server.stored()).containsOnlyKeys("e-1", "e-2", "e-3");
  }

  @Test
  void tooLargeBatch_isSplit() {
    server.mostEvents = 3;

    assertThat(append(ids(10))).hasSize(10).containsOnly(Receipt.accepted());

    assertThat(server.stored()).hasSize(10);
    server.mostEvents = 0;
    assertThat(append("e-11")).containsExactly(Receipt.refused("the server answers 413 to it"));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 429, 500, 502, 503, 504})
  void transientStatus_isUnavailable(int status) {
    server.failWith = status;
    server.retryAfter = "7";

    assertThatThrownBy(() -> append("e-1"))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class,
            e -> assertThat(e.retryAfter()).contains(Duration.ofSeconds(7)))
        .hasMessageStartingWith(
            "the telemetry server at %s/events answers %d".formatted(server.address(), status));
    server.retryAfter = "Sun, 29 Nov 2026 01:00:00 GMT";
    assertThatThrownBy(() -> append("e-1"))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class, e -> assertThat(e.retryAfter()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 415})
  void permanentStatus_isRefused(int status) {
    server.failWith = status;

    assertThat(append("e-1"))
        .containsExactly(Receipt.refused("the server answers " + status + " to it"));
  }

  @Test
  void missingServer_isUnavailable() {
    server.kill();

    assertThatThrownBy(() -> append("e-1")).isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void outage_isLoggedWithCauseAndAddress_neverWithTheKey() {
    server.kill();
    for (String address : List.of("http://user:pst_word@127.0.0.1:1/", "http://no.invalid")) {
      try (LoggedMessages log = new LoggedMessages();
          Telemetry telemetry =
              Telemetry.builder()
                  .store(RemoteStore.of(URI.create(address), "pst_key"))
                  .retryFor(Duration.ZERO)
                  .build()) {
        telemetry.record(TelemetryEvent.builder("e-1", Instant.now()).build());
        telemetry.flush(LONG);

        assertThat(log.messages())
            .anySatisfy(
                message ->
                    assertThat(message)
                        .startsWith("events cannot be stored and are kept: the telemetry server")
                        .containsPattern(" at http://(127.0.0.1:1|no.invalid)/events cannot be")
                        .contains(": ConnectException: "))
            .noneMatch(message -> message.contains("pst_") || message.contains("null"));
      }
    }
  }

  @Test
  void answerOfAnotherService_namesTheAddress() {
    server.body = "<html>";

    assertThatThrownBy(() -> append("e-1"))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(server.address() + "/events");
  }

  @Test
  void answersOfAnotherService_areUnavailable() {
    for (String body :
        List.of("", "<html>", "[]", "{}", "{\"rejected\":1}", "{\"rejected\":0", "\"x\"", "{} x")) {
      assertThatThrownBy(() -> Answer.receipts(body, 2))
          .as(body)
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (String ranges : List.of("2", "0-5", "x", "1-0", "-1", ",")) {
      assertThatThrownBy(
              () -> Answer.receipts("{\"rejected\":1,\"rejected_indexes\":\"" + ranges + "\"}", 2))
          .as(ranges)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(Answer.receipts("{\"rejected\":2,\"rejected_indexes\":\"0-1\"}", 3))
        .extracting(Receipt::status)
        .containsExactly(Receipt.Status.REFUSED, Receipt.Status.REFUSED, Receipt.Status.ACCEPTED);
  }

  @Test
  void invalidAddresses_areRefused() {
    for (String address : List.of("localhost:8000", "ftp://host", "http:///x", "/events")) {
      assertThatIllegalArgumentException()
          .as(address)
          .isThrownBy(() -> RemoteStore.of(URI.create(address)));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> store.answeringWithin(Duration.ZERO));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "pst_a\nb", "pst_a ", "pst_\u0000", "pst_\u00e4"})
  void keysThatNoHeaderCanHold_areRefused_andNotShown(String key) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RemoteStore.of(server.address(), key))
        .withMessageStartingWith("key must be")
        .withMessageNotContaining("pst_");
  }

  /**
   * A server that is full, slow, loses answers, takes part of a batch, and is killed and started
   * again, for as many seconds as {@code telemetry.test.seconds} says.
   */
  @Test
  void everyRecordedEvent_isOnTheServerOnce_orCountedAsDropped() {
    long seed = Long.getLong("telemetry.test.seed", new Random().nextLong());
    long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
    Random random = new Random(seed);
    server.mood = new Random(seed + 1);
    server.mostEvents = 40;
    server.slowMillis = 700;
    Telemetry telemetry =
        Telemetry.builder().store(store.answeringWithin(Duration.ofMillis(500))).build();
    Set<String> good = new HashSet<>();
    long bad = 0;
    long full = 0;
    boolean running = true;

    for (int i = 0; System.nanoTime() < end; i++) {
      boolean isBad = random.nextInt(20) == 0;
      String id = (isBad ? "bad-" : "e-") + i;
      if (!telemetry.record(event(id))) {
        full++;
      } else if (isBad) {
        bad++;
      } else {
        good.add(id);
      }
      if (random.nextInt(500) == 0) {
        running = toggle(running);
      }
      LockSupport.parkNanos(2_000_000);
    }
    if (!running) {
      server.restart();
    }
    // The rest of the way is free, so that the test ends soon.
    server.mood = null;
    Delivery delivery = telemetry.close(LONG);

    assertThat(delivery).as("seed %d", seed).isEqualTo(new Delivery(good.size(), 0, bad + full));
    assertThat(server.stored().keySet()).as("seed %d", seed).isEqualTo(good);
    assertThat(telemetry.drops())
        .as("seed %d", seed)
        .containsEntry(DropReason.REFUSED, bad)
        .containsEntry(DropReason.FULL, full);
  }

  private boolean toggle(boolean running) {
    if (running) {
      server.kill();
    } else {
      server.restart();
    }
    return !running;
  }

  @Test
  void json_isReadBackByOthers() throws Exception {
    TelemetryEvent event =
        TelemetryEvent.builder("é\"\\", Instant.parse("2026-03-10T12:00:00Z"))
            .app("tab\tnew\nline 🙂 \u2028")
            .costUsd("0.0012")
            .with("list", Arrays.asList(1, null, true, 1e-300, List.of(), Map.of()))
            .build();
    StringBuilder out = new StringBuilder();
    JsonWriter.write(out, event.toMap());

    TelemetryEvent read =
        TelemetryEvent.fromMap(
            new ObjectMapper()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .readValue(out.toString(), new TypeReference<Map<String, Object>>() {}));

    assertThat(read.toMap().toString()).isEqualTo(event.toMap().toString());
    assertThat(String.valueOf(JsonReader.read(out.toString())).replace("1E-300", "1.0E-300"))
        .isEqualTo(event.toMap().toString());
  }

  private List<Receipt> append(String... ids) {
    return store.append(
        OrgPermission.all(), Arrays.stream(ids).map(RemoteStoreTest::event).toList());
  }

  private static String[] ids(int count) {
    return IntStream.range(0, count).mapToObj(i -> "e-" + i).toArray(String[]::new);
  }

  private static TelemetryEvent event(String id) {
    return TelemetryEvent.builder(id, Instant.parse("2026-03-10T12:00:00Z")).status(200).build();
  }
}

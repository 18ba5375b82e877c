package ai.pediscreen.telemetry.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.alert.AlertDelivery;
import ai.pediscreen.telemetry.alert.AlertWatch;
import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.server.alert.AlertReceiver;
import ai.pediscreen.telemetry.server.alert.AlertThreads;
import ai.pediscreen.telemetry.server.assembly.Store;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.http.SettableClock;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages about models that are not well, at a real receiver. */
class AlertsIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final AlertThreads.Pace SOON =
      new AlertThreads.Pace(Duration.ofMillis(20), Duration.ofMillis(20));

  private final AlertReceiver receiver = new AlertReceiver();
  private int events;

  @AfterEach
  void close() {
    receiver.close();
  }

  @Test
  @DisplayName("two servers: each change delivered once")
  void twoServers_sendOneMessageForEachChange() {
    SettableClock clock = new SettableClock(Instant.parse("2026-03-10T06:00:00Z"));
    ServerConfig config = ServerConfig.of(settings(PostgresServer.freshDatabase()));
    try (Store one = Store.open(config, settings -> settings.withClock(clock));
        Store two = Store.open(config, settings -> settings.withClock(clock));
        AlertThreads first = threads(one, config, clock);
        AlertThreads second = threads(two, config, clock)) {
      first.start();
      second.start();
      calls(one.telemetry(), clock.instant(), 50, 500);
      moveOn(clock, one, Duration.ofMinutes(1));
      awaitSent(one, 1);
      moveOn(clock, one, Duration.ofMinutes(61));
      calls(two.telemetry(), clock.instant(), 50, 200);
      moveOn(clock, one, Duration.ofMinutes(2));
      moveOn(clock, one, Duration.ofMinutes(11));
      awaitSent(one, 2);
      calls(two.telemetry(), clock.instant(), 50, 500);
      moveOn(clock, one, Duration.ofMinutes(61));
      calls(two.telemetry(), clock.instant(), 50, 500);
      moveOn(clock, one, Duration.ofMinutes(2));
      awaitSent(one, 3);
      moveOn(clock, one, Duration.ofMinutes(2));
      moveOn(clock, one, Duration.ofMinutes(2));
    }
    assertThat(receiver.received())
        .extracting(message -> message.json().path("event").textValue())
        .containsExactly("opened", "resolved", "opened");
    assertThat(receiver.received()).extracting(AlertReceiver.Received::id).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName(
      "a receiver that fails, hangs, cuts, comes back: one message, always with the same id")
  void recoveredReceiver_getsTheMessageOnce() {
    SettableClock clock = new SettableClock(Instant.parse("2026-03-10T06:00:00Z"));
    ServerConfig config = ServerConfig.of(settings(PostgresServer.freshDatabase()));
    try (Store store = Store.open(config, settings -> settings.withClock(clock));
        AlertThreads threads = threads(store, config, clock)) {
      receiver.is(AlertReceiver.Mood.FAILS);
      threads.start();
      calls(store.telemetry(), clock.instant(), 50, 500);
      moveOn(clock, store, Duration.ofMinutes(1));
      awaitTry(store, "the receiver answered 500");
      receiver.is(AlertReceiver.Mood.HANGS);
      clock.set(clock.instant().plusSeconds(10));
      awaitTry(store, "no answer within 10 s");
      receiver.is(AlertReceiver.Mood.CUTS);
      clock.set(clock.instant().plusSeconds(20));
      awaitTry(store, "the connection failed");
      receiver.is(AlertReceiver.Mood.TAKES);
      clock.set(clock.instant().plusSeconds(40));
      awaitSent(store, 1);
      moveOn(clock, store, Duration.ofMinutes(2));
    }
    assertThat(receiver.received())
        .extracting(AlertReceiver.Received::mood)
        .containsExactly(
            AlertReceiver.Mood.FAILS,
            AlertReceiver.Mood.HANGS,
            AlertReceiver.Mood.CUTS,
            AlertReceiver.Mood.TAKES);
    assertThat(receiver.received())
        .extracting(AlertReceiver.Received::id)
        .containsOnly(receiver.taken().get(0).id());
  }

  @Test
  @DisplayName("the server killed between state change and send")
  void messageOfAKilledServer_isSentByTheNext(@TempDir Path directory) throws Exception {
    String database = PostgresServer.freshDatabase();
    Map<String, String> settings = settings(database);
    try (Store store = Store.open(ServerConfig.of(settings))) {
      calls(store.telemetry(), Instant.now(), 50, 500);
    }
    receiver.is(AlertReceiver.Mood.CUTS);
    try (ServerProcess server =
        ServerProcess.start(directory, settings, ServerProcess.freePort())) {
      Waiting.until("a try that fails", LIMIT, () -> receiver.received().size() == 1);
      server.kill();
    }
    receiver.is(AlertReceiver.Mood.TAKES);
    try (ServerProcess server =
        ServerProcess.start(directory, settings, ServerProcess.freePort())) {
      awaitTaken(1);
      Waiting.until(
          "the answer says so",
          LIMIT,
          () -> json(server, "/alerts").at("/messages/0/state").asText().equals("delivered"));
      JsonNode alerts = json(server, "/alerts");
      assertThat(alerts.path("channels").path(0).asText()).isEqualTo("webhook");
      assertThat(alerts.path("open").intValue()).isEqualTo(1);
      assertThat(alerts.at("/alerts/0/model_id").asText()).isEqualTo("m");
      assertThat(alerts.at("/alerts/0/state").asText()).isEqualTo("open");
      assertThat(alerts.at("/messages/0/id").asText()).isEqualTo(receiver.taken().get(0).id());
      assertThat(Http.get(server.uri("/metrics")).body())
          .contains("telemetry_alerts_open 1.0", "telemetry_alerts_parked 0.0");
    }
    assertThat(receiver.received())
        .extracting(AlertReceiver.Received::id)
        .containsOnly(receiver.taken().get(0).id());
    assertThat(receiver.taken()).hasSize(1);
    assertThat(receiver.taken().get(0).headers()).containsKey("X-Telemetry-Signature");
  }

  @Test
  void command_saysWhetherATestMessageArrived() throws Exception {
    Map<String, String> settings = settings("postgresql://me@127.0.0.1:1/none");
    assertThat(run(settings, "alerts", "test")).contains("webhook  has arrived").endsWith("0");
    assertThat(receiver.taken().get(0).json().path("event").textValue()).isEqualTo("test");

    settings.put("ALERT_ALLOW_PRIVATE", "false");
    assertThat(run(settings, "alerts", "test"))
        .contains("webhook  FAILED: the receiver has a private address")
        .endsWith("1");
    assertThat(receiver.received()).hasSize(1);
  }

  private static String run(Map<String, String> settings, String... arguments) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(ServerProcess.command(arguments)).redirectErrorStream(true);
    builder.environment().putAll(settings);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return output + process.waitFor();
  }

  private static JsonNode json(ServerProcess server, String path) {
    try {
      return new ObjectMapper().readTree(Http.get(server.uri(path)).body());
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<String, String> settings(String database) {
    Map<String, String> settings = new HashMap<>();
    settings.put("PORT", "0");
    settings.put("DATABASE_URL", database);
    settings.put("ALERT_WEBHOOK", receiver.url());
    settings.put("ALERT_WEBHOOK_SECRET", "0123456789abcdef0123456789abcdef");
    settings.put("ALERT_ALLOW_PRIVATE", "true");
    return settings;
  }

  private static AlertThreads threads(Store store, ServerConfig config, SettableClock clock) {
    PostgresTelemetry telemetry = store.telemetry();
    return new AlertThreads(
        telemetry.alerts(),
        new AlertWatch(
            telemetry.usage(),
            telemetry.days(),
            config.alerts().rules(),
            config.drift().incidents()),
        config.alerts().senders("pedi-telemetry test"),
        clock,
        SOON);
  }

  private void awaitTaken(int messages) {
    Waiting.until(messages + " messages", LIMIT, () -> receiver.taken().size() == messages);
  }

  private static void awaitTry(Store store, String reason) {
    Waiting.until(
        reason,
        LIMIT,
        () ->
            store.telemetry().alerts().deliveries(1).stream()
                .map(AlertDelivery::failure)
                .anyMatch(failure -> failure != null && failure.startsWith(reason)));
  }

  /** Until it is known, too: a lease that ends before, as clocks here jump, has it sent again. */
  private void awaitSent(Store store, int messages) {
    awaitTaken(messages);
    Waiting.until(
        "that is known", LIMIT, () -> store.telemetry().alerts().figures().waiting() == 0);
  }

  private static void moveOn(SettableClock clock, Store store, Duration duration) {
    clock.set(clock.instant().plus(duration));
    Waiting.until(
        "a look", LIMIT, () -> store.telemetry().alerts().figures().sinceJudged().isZero());
  }

  private void calls(PostgresTelemetry telemetry, Instant at, int number, int status) {
    List<TelemetryEvent> batch = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      batch.add(EventBuilder.event("e-" + events++).at(at).model("m").status(status).build());
    }
    telemetry.events().append(OrgPermission.all(), batch);
  }
}

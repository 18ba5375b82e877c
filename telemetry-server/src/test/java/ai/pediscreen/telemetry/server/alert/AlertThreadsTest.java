package ai.pediscreen.telemetry.server.alert;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.alert.AlertDelivery;
import ai.pediscreen.telemetry.alert.AlertMessage;
import ai.pediscreen.telemetry.alert.AlertRules;
import ai.pediscreen.telemetry.alert.AlertWatch;
import ai.pediscreen.telemetry.daily.DriftIncidents;
import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.memory.InMemoryAlerts;
import ai.pediscreen.telemetry.memory.InMemoryTelemetry;
import ai.pediscreen.telemetry.server.Waiting;
import ai.pediscreen.telemetry.server.http.SettableClock;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AlertThreadsTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration SOON = Duration.ofMillis(10);

  private final AlertReceiver receiver = new AlertReceiver();
  private final SettableClock clock = new SettableClock(Instant.parse("2026-03-10T06:00:00Z"));
  private final InMemoryTelemetry telemetry = new InMemoryTelemetry(clock);
  private final InMemoryAlerts store = new InMemoryAlerts(clock);
  private final AlertThreads threads =
      new AlertThreads(
          store,
          new AlertWatch(telemetry, telemetry, AlertRules.standard(), DriftIncidents.standard()),
          List.of(
              new WebhookSender(
                  new WebhookSettings(
                      URI.create(receiver.url()), null, WebhookSettings.Format.JSON, true),
                  new AlertText("pedi-telemetry test"),
                  InetAddress::getAllByName,
                  clock,
                  Duration.ofSeconds(3))),
          clock,
          new AlertThreads.Pace(SOON, SOON));

  private int events;

  @BeforeEach
  void start() {
    threads.start();
    moveOn(Duration.ZERO);
  }

  @AfterEach
  void close() {
    threads.close();
    receiver.close();
  }

  @Test
  void failingAndHangingReceiver_getsEachMessage_withTheSameId() {
    calls(50, 500);
    moveOn(Duration.ZERO);
    for (AlertReceiver.Mood mood :
        List.of(
            AlertReceiver.Mood.FAILS,
            AlertReceiver.Mood.HANGS,
            AlertReceiver.Mood.CUTS,
            AlertReceiver.Mood.REDIRECTS,
            AlertReceiver.Mood.TAKES)) {
      receiver.is(mood);
      awaitTry(mood);
    }
    Waiting.until("it has arrived", LIMIT, () -> store.figures().waiting() == 0);
    assertThat(receiver.received()).extracting(AlertReceiver.Received::id).containsOnly(id());
    assertThat(receiver.taken()).hasSize(1);

    moveOn(Duration.ofHours(7));
    calls(50, 200);
    moveOn(Duration.ofMinutes(2));
    moveOn(Duration.ofMinutes(11));
    Waiting.until("recovery", LIMIT, () -> receiver.taken().size() == 2);
    assertThat(receiver.taken().get(1).json().path("event").textValue()).isEqualTo("resolved");
    assertThat(receiver.taken().get(1).json().path("alert_id"))
        .isEqualTo(receiver.taken().get(0).json().path("alert_id"));
    assertThat(receiver.taken().get(1).id()).isNotEqualTo(id());
  }

  @Test
  void messageThatFailsForADay_isParked() {
    receiver.is(AlertReceiver.Mood.FAILS);
    calls(50, 500);
    moveOn(Duration.ofMinutes(1));
    Waiting.until("a try", LIMIT, () -> store.deliveries(1).stream().anyMatch(this::hasFailed));
    moveOn(Duration.ofHours(25));
    Waiting.until("it is given up", LIMIT, () -> store.figures().parked() == 1);

    AlertDelivery parked = store.deliveries(10).get(store.deliveries(10).size() - 1);
    assertThat(parked.message().event()).isEqualTo(AlertMessage.Event.OPENED);
    assertThat(parked.failure()).isEqualTo("the receiver answered 500");
    assertThat(parked.attempts()).isEqualTo(2);
  }

  private boolean hasFailed(AlertDelivery delivery) {
    return delivery.failure() != null;
  }

  /** Of the first message. */
  private String id() {
    return receiver.received().get(0).id();
  }

  /**
   * Until the receiver has met a message in that mood; each time when one has failed, it is later.
   */
  private void awaitTry(AlertReceiver.Mood mood) {
    AtomicInteger movedAfter = new AtomicInteger(-1);
    Waiting.until(
        "a message that meets " + mood,
        LIMIT,
        () -> {
          if (receiver.received().stream().anyMatch(one -> one.mood() == mood)) {
            return true;
          }
          AlertDelivery delivery = store.deliveries(1).get(0);
          boolean underWay = delivery.due().equals(clock.instant().plus(Duration.ofMinutes(1)));
          if (delivery.attempts() > movedAfter.get() && !underWay) {
            movedAfter.set(delivery.attempts());
            moveOn(Duration.ofMinutes(20));
          }
          return false;
        });
  }

  /** Until somebody has looked at that time. */
  private void moveOn(Duration duration) {
    clock.set(clock.instant().plus(duration).plus(Duration.ofMinutes(1)));
    Waiting.until("a look", LIMIT, () -> store.figures().sinceJudged().isZero());
  }

  private void calls(int number, int status) {
    List<TelemetryEvent> batch = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      batch.add(
          EventBuilder.event("e-" + events++)
              .at(clock.instant())
              .model("m")
              .status(status)
              .build());
    }
    telemetry.append(OrgPermission.all(), batch);
  }
}

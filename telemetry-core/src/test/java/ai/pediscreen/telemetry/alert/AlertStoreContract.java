package ai.pediscreen.telemetry.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link AlertStore} promises. An adapter's test extends this class; the store is empty
 * when a test begins, and its clock stands at {@link #NOW}.
 */
public abstract class AlertStoreContract {

  protected static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Set<AlertChannel> WEBHOOK = Set.of(AlertChannel.WEBHOOK);
  private static final Set<AlertChannel> BOTH = Set.of(AlertChannel.WEBHOOK, AlertChannel.MAIL);
  private static final AlertSubject ERRORS = AlertSubject.ofModel(AlertKind.ERROR_RATE, "m");

  /** The store, the same one throughout a test. */
  protected abstract AlertStore store();

  protected abstract void setNow(Instant now);

  @Test
  void judge_storesChanges_andPassesThemToTheNextRun() {
    assertThat(open(ERRORS, WEBHOOK)).isTrue();

    Alert alert = store().alerts(10).get(0);
    assertThat(alert.subject()).isEqualTo(ERRORS);
    assertThat(alert.opened()).isEqualTo(NOW);
    assertThat(alert.value()).isEqualTo(6.5);
    assertThat(alert.bound()).isEqualTo(5);
    assertThat(known(NOW.plusSeconds(60))).containsExactly(alert);
  }

  @Test
  void judge_keepsEveryFieldOfASubject() {
    AlertSubject drift =
        new AlertSubject(AlertKind.DRIFT, false, "模型 🙂", "/response/risk", "0–12 months");
    List<AlertSubject> subjects =
        List.of(
            drift,
            AlertSubject.ofAll(AlertKind.COST_PER_DAY),
            AlertSubject.ofModel(AlertKind.FALLBACK_RATE, null),
            AlertSubject.ofModel(AlertKind.FALLBACK_RATE, "*"));
    List<AlertFinding> findings =
        subjects.stream()
            .map(
                subject ->
                    new AlertFinding(
                        subject, AlertFinding.State.ALERT, null, null, "text", "incident-1"))
            .toList();
    judge(WEBHOOK, findings);

    assertThat(store().alerts(10))
        .extracting(Alert::subject)
        .containsExactlyInAnyOrderElementsOf(subjects);
    assertThat(store().alerts(10)).allMatch(one -> "incident-1".equals(one.incident()));
    assertThat(store().alerts(3)).hasSize(3);
  }

  @Test
  void judge_doesNothing_beforeThePauseIsOver() {
    assertThat(open(ERRORS, WEBHOOK)).isTrue();
    setNow(NOW.plusSeconds(59));
    assertThat(store().judge(MINUTE, WEBHOOK, AlertStoreContract::never)).isFalse();
    setNow(NOW.plusSeconds(60));
    assertThat(store().judge(MINUTE, WEBHOOK, (known, now) -> AlertChanges.NONE)).isTrue();
  }

  @Test
  void judge_doesNothing_whileAnotherRuns() {
    List<Boolean> second = new ArrayList<>();
    assertThat(
            store()
                .judge(
                    Duration.ZERO,
                    WEBHOOK,
                    (known, now) -> {
                      second.add(store().judge(Duration.ZERO, WEBHOOK, AlertStoreContract::never));
                      return AlertChanges.NONE;
                    }))
        .isTrue();
    assertThat(second).containsExactly(false);
  }

  @Test
  void judge_storesNothing_whenItFails() {
    assertThatThrownBy(
            () ->
                store()
                    .judge(
                        Duration.ZERO,
                        WEBHOOK,
                        (known, now) -> {
                          throw new IllegalStateException("no figures");
                        }))
        .hasMessageContaining("no figures");
    assertThat(open(ERRORS, WEBHOOK)).isTrue();
    assertThat(store().deliveries(10)).hasSize(1);
  }

  @Test
  void judge_passesResolvedAlerts_forADay() {
    open(ERRORS, WEBHOOK);
    resolve(NOW.plusSeconds(60));
    Alert resolved = store().alerts(1).get(0);
    assertThat(resolved.resolved()).isEqualTo(NOW.plusSeconds(60 + 600));
    assertThat(known(NOW.plus(Duration.ofHours(24)))).containsExactly(resolved);
    assertThat(known(NOW.plus(Duration.ofHours(25)))).isEmpty();
  }

  @Test
  void message_isTakenOncePerChannel_untilItsLeaseExpires() {
    open(ERRORS, BOTH);

    AlertDelivery mail = taken(Set.of(AlertChannel.MAIL));
    AlertDelivery webhook = taken(BOTH);
    assertThat(mail.channel()).isEqualTo(AlertChannel.MAIL);
    assertThat(webhook.channel()).isEqualTo(AlertChannel.WEBHOOK);
    assertThat(webhook.message().id()).isEqualTo(mail.message().id());
    assertThat(webhook.attempts()).isEqualTo(1);
    assertThat(take(BOTH)).isEmpty();

    setNow(NOW.plusSeconds(60));
    assertThat(taken(WEBHOOK).message()).isEqualTo(webhook.message());
  }

  @Test
  void message_isNotTaken_withoutItsChannel() {
    open(ERRORS, WEBHOOK);
    assertThat(take(Set.of(AlertChannel.MAIL))).isEmpty();
    assertThat(take(Set.of())).isEmpty();
  }

  @Test
  void message_isTheSameAtEachAttempt_evenIfItsAlertChanges() {
    open(ERRORS, WEBHOOK);
    AlertMessage first = taken(WEBHOOK).message();
    assertThat(first.event()).isEqualTo(AlertMessage.Event.OPENED);

    setNow(NOW.plusSeconds(60));
    judge(
        WEBHOOK,
        List.of(new AlertFinding(ERRORS, AlertFinding.State.ALERT, 99.0, 5.0, "worse", "another")));

    assertThat(store().alerts(1).get(0).value()).isEqualTo(99);
    assertThat(taken(WEBHOOK).message()).isEqualTo(first);
  }

  @Test
  void failedDelivery_isRetriedAfterItsPause_andKeepsItsReason() {
    open(ERRORS, WEBHOOK);
    store().failed(taken(WEBHOOK), "answered 500", Duration.ofSeconds(90));

    setNow(NOW.plusSeconds(89));
    assertThat(take(WEBHOOK)).isEmpty();
    assertThat(store().deliveries(1).get(0).failure()).isEqualTo("answered 500");
    assertThat(store().figures().waiting()).isEqualTo(1);
    assertThat(store().figures().oldestWait()).isEqualTo(Duration.ofSeconds(89));
    setNow(NOW.plusSeconds(90));
    assertThat(taken(WEBHOOK).attempts()).isEqualTo(2);
  }

  @Test
  void failedDelivery_isNotRetried_onceGivenUp() {
    open(ERRORS, WEBHOOK);
    store().failed(taken(WEBHOOK), "answered 500", null);

    setNow(NOW.plus(Duration.ofDays(2)));
    assertThat(take(WEBHOOK)).isEmpty();
    assertThat(store().deliveries(1).get(0).parked()).isEqualTo(NOW);
    assertThat(store().figures().parked()).isEqualTo(1);
    assertThat(store().figures().waiting()).isZero();
  }

  @Test
  void deliveredMessage_isNotSentAgain_afterALateFailure() {
    open(ERRORS, WEBHOOK);
    AlertDelivery slow = taken(WEBHOOK);
    setNow(NOW.plusSeconds(60));
    AlertDelivery fast = taken(WEBHOOK);
    store().delivered(fast);
    store().failed(slow, "timed out", Duration.ZERO);

    assertThat(take(WEBHOOK)).isEmpty();
    AlertDelivery seen = store().deliveries(1).get(0);
    assertThat(seen.delivered()).isEqualTo(NOW.plusSeconds(60));
    assertThat(seen.failure()).isNull();
    assertThat(seen.parked()).isNull();
  }

  @Test
  void recoveryMessage_waitsForTheAlertMessage() {
    open(ERRORS, WEBHOOK);
    AlertDelivery opened = taken(WEBHOOK);
    resolve(NOW.plusSeconds(60));
    AlertSubject other = AlertSubject.ofModel(AlertKind.ERROR_RATE, "n");
    judge(WEBHOOK, List.of(alertOf(other)));
    store().failed(opened, "answered 503", Duration.ofHours(2));

    assertThat(taken(WEBHOOK).message().alert().subject()).isEqualTo(other);
    assertThat(take(WEBHOOK)).isEmpty();
    setNow(NOW.plus(Duration.ofHours(3)));
    AlertDelivery again = taken(WEBHOOK);
    assertThat(again.message()).isEqualTo(opened.message());
    store().delivered(again);
    AlertMessage recovery = taken(WEBHOOK).message();
    assertThat(recovery.event()).isEqualTo(AlertMessage.Event.RESOLVED);
    assertThat(recovery.alert().id()).isEqualTo(opened.message().alert().id());
    assertThat(recovery.id()).isNotEqualTo(opened.message().id());
  }

  @Test
  void subject_isOpenOnce_andReopensAfterItWasResolved() {
    open(ERRORS, WEBHOOK);
    resolve(NOW.plusSeconds(60));
    open(ERRORS, WEBHOOK);
    open(ERRORS, WEBHOOK);

    assertThat(store().deliveries(10))
        .extracting(one -> one.message().event())
        .containsExactly(
            AlertMessage.Event.OPENED, AlertMessage.Event.RESOLVED, AlertMessage.Event.OPENED);
    assertThat(store().figures().open()).isEqualTo(1);
    assertThat(store().alerts(10)).extracting(Alert::isOpen).containsExactly(true, false);
  }

  @Test
  void oldAlerts_areForgotten_unlessOpenOrWaiting() {
    open(ERRORS, WEBHOOK);
    AlertSubject other = AlertSubject.ofModel(AlertKind.ERROR_RATE, "n");
    judge(WEBHOOK, List.of(alertOf(ERRORS), alertOf(other)));
    IntStream.range(0, 2).forEach(i -> store().delivered(taken(WEBHOOK)));
    setNow(NOW.plusSeconds(60));
    judge(WEBHOOK, List.of(alertOf(other)));
    setNow(NOW.plusSeconds(660));
    judge(WEBHOOK, List.of(alertOf(other)));

    setNow(NOW.plus(AlertStore.KEPT).plusSeconds(3_600));
    judge(WEBHOOK, List.of(alertOf(other)));
    assertThat(store().deliveries(10))
        .extracting(one -> one.message().event())
        .containsExactly(AlertMessage.Event.RESOLVED);
    store().delivered(taken(WEBHOOK));
    judge(WEBHOOK, List.of(alertOf(other)));
    assertThat(store().deliveries(10)).isEmpty();
    assertThat(store().alerts(10)).extracting(Alert::subject).containsExactly(other);
  }

  @Test
  void figures_areZero_whenNothingWasEvaluated() {
    assertThat(store().figures())
        .isEqualTo(new AlertFigures(0, 0, 0, Duration.ZERO, Duration.ZERO));
    open(ERRORS, BOTH);
    setNow(NOW.plusSeconds(5));
    assertThat(store().figures())
        .isEqualTo(new AlertFigures(1, 2, 0, Duration.ofSeconds(5), Duration.ofSeconds(5)));
  }

  private boolean open(AlertSubject subject, Set<AlertChannel> channels) {
    return judge(channels, List.of(alertOf(subject)));
  }

  private void resolve(Instant from) {
    setNow(from);
    judge(WEBHOOK, List.of());
    setNow(from.plus(AlertKind.ERROR_RATE.recoveryTime()));
    judge(WEBHOOK, List.of());
  }

  private boolean judge(Set<AlertChannel> channels, List<AlertFinding> findings) {
    return store()
        .judge(
            Duration.ZERO,
            channels,
            (known, now) ->
                AlertChanges.of(known.stream().filter(Alert::isOpen).toList(), findings, now));
  }

  private List<Alert> known(Instant now) {
    setNow(now);
    List<Alert> all = new ArrayList<>();
    store()
        .judge(
            Duration.ZERO,
            WEBHOOK,
            (known, at) -> {
              assertThat(at).isEqualTo(now);
              all.addAll(known);
              return AlertChanges.NONE;
            });
    return all;
  }

  private Optional<AlertDelivery> take(Set<AlertChannel> channels) {
    return store().take(channels, MINUTE);
  }

  private AlertDelivery taken(Set<AlertChannel> channels) {
    return take(channels).orElseThrow();
  }

  private static AlertFinding alertOf(AlertSubject subject) {
    return new AlertFinding(subject, AlertFinding.State.ALERT, 6.5, 5.0, "6.5 % errors", null);
  }

  private static AlertChanges never(List<Alert> known, Instant now) {
    throw new AssertionError("must not be asked");
  }
}

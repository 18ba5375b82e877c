package ai.pediscreen.telemetry.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.daily.DriftIncidents;
import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.memory.InMemoryTelemetry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AlertWatchTest {

  private static final Instant START = Instant.parse("2026-03-10T12:30:00Z");

  private Instant now = START;
  private final InMemoryTelemetry telemetry = new InMemoryTelemetry(() -> now);
  private final List<Alert> known = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private int events;

  @Test
  void fallbacksOfOneModel_alert_thoughFewOfAllTogether() {
    calls("good", 2_000, 0, event -> event);
    calls("bad", 400, 26, event -> event.fallbackTo("gemini-flash"));
    AlertWatch watch = watch(AlertRules.standard());

    look(watch);
    look(watch);

    assertThat(told).containsExactly("opened fallback_rate bad");
    assertThat(known.get(0).text())
        .isEqualTo("Fallback rate 6.5 % of 400 calls in the last hour; the bound is 5 %");
    assertThat(known.get(0).value()).isEqualTo(6.5);
  }

  @Test
  void bound_isTheModelsOwn_orElseTheGeneralOne() {
    calls("a", 100, 0, event -> event.latency(1_500L));
    calls("b", 100, 0, event -> event.latency(1_500L));
    calls("c", 100, 10, event -> event.status(500));
    AlertRules rules =
        new AlertRules(
            new AlertBounds(Map.of(AlertKind.ERROR_RATE, 3.0)),
            new AlertBounds(Map.of(AlertKind.P95_LATENCY, 2_000.0, AlertKind.ERROR_RATE, 1.0)),
            Map.of(
                "b", new AlertBounds(Map.of(AlertKind.P95_LATENCY, 1_000.0)),
                "c", new AlertBounds(Map.of(AlertKind.ERROR_RATE, Double.POSITIVE_INFINITY))),
            20,
            0);

    look(watch(rules));

    assertThat(told)
        .containsExactlyInAnyOrder("opened p95_latency_ms b", "opened error_rate all models");
  }

  @Test
  void noAlert_atTheBound_orWithFewCalls_orTwoFailures() {
    calls("at", 1_000, 50, event -> event.fallbackTo("x"));
    calls("few", 19, 19, event -> event.status(500));
    calls("two", 20, 2, event -> event.status(500));
    look(watch(AlertRules.standard()));
    assertThat(told).isEmpty();

    calls("few", 1, 1, event -> event.status(500));
    calls("two", 1, 1, event -> event.status(500));
    look(watch(AlertRules.standard()));
    assertThat(told).containsExactlyInAnyOrder("opened error_rate few", "opened error_rate two");
  }

  @Test
  void callsWithoutAModel_areEvaluatedToo() {
    calls(null, 100, 50, event -> event.status(500));
    look(watch(AlertRules.standard()));
    assertThat(told).containsExactly("opened error_rate calls without a model");
  }

  @Test
  void recoveryIsReportedOnce_afterTenGoodMinutes_andARelapseIsNotNew() {
    AlertWatch watch = watch(AlertRules.standard());
    calls("m", 100, 50, event -> event.status(500));
    look(watch);
    now = START.plus(61, ChronoUnit.MINUTES);
    calls("m", 100, 0, event -> event);
    look(watch);
    now = now.plus(5, ChronoUnit.MINUTES);
    calls("m", 100, 90, event -> event.status(500));
    look(watch);
    assertThat(told).containsExactly("opened error_rate m");

    now = now.plus(61, ChronoUnit.MINUTES);
    calls("m", 100, 0, event -> event);
    look(watch);
    now = now.plus(9, ChronoUnit.MINUTES);
    look(watch);
    assertThat(told).hasSize(1);
    now = now.plus(1, ChronoUnit.MINUTES);
    look(watch);
    assertThat(told).containsExactly("opened error_rate m", "resolved error_rate m");
    assertThat(known.get(0).text())
        .isEqualTo("Error rate 0 % of 100 calls in the last hour; the bound is 1 %");
  }

  @Test
  void resolvedAlert_isNotReportedAgain_whenCallsBecomeFew() {
    AlertWatch watch = watch(AlertRules.standard());
    calls("m", 100, 50, event -> event.status(500));
    look(watch);
    now = now.plus(61, ChronoUnit.MINUTES);
    calls("m", 100, 0, event -> event);
    look(watch);
    now = now.plus(10, ChronoUnit.MINUTES);
    look(watch);
    assertThat(told).hasSize(2);

    // Only in the last six hours and in the last 24 there are enough now, failures among them.
    for (int i = 0; i < 12; i++) {
      now = now.plus(1, ChronoUnit.HOURS);
      calls("m", 1, 0, event -> event);
      look(watch);
    }
    assertThat(told).hasSize(2);
  }

  @Test
  void modelWithFewCalls_isEvaluatedOverALongerWindow() {
    for (int i = 0; i < 24; i++) {
      now = START.plus(i, ChronoUnit.HOURS);
      calls("slow", 4, 1, event -> event.fallbackTo("x"));
    }
    look(watch(AlertRules.standard()));
    assertThat(told).containsExactly("opened fallback_rate slow");
    assertThat(known.get(0).text()).contains("in the last 6 hours");
  }

  @Test
  void costAlert_isOfTheDay_andResolvedOnTheNext() {
    AlertRules rules =
        new AlertRules(
            new AlertBounds(Map.of(AlertKind.COST_PER_DAY, 150.0)),
            new AlertBounds(Map.of(AlertKind.COST_PER_DAY, 100.0)),
            Map.of(),
            20,
            0);
    AlertWatch watch = watch(rules);
    calls("a", 2, 0, event -> event.cost("49.99"));
    calls("b", 1, 0, event -> event.cost("50"));
    look(watch);
    assertThat(told).isEmpty();
    calls("b", 1, 0, event -> event.cost("50.01"));
    look(watch);
    assertThat(told)
        .containsExactlyInAnyOrder(
            "opened cost_per_day_usd b", "opened cost_per_day_usd all models");
    now = Instant.parse("2026-03-11T00:01:00Z");
    look(watch);
    now = Instant.parse("2026-03-11T00:11:00Z");
    look(watch);
    assertThat(told)
        .contains("resolved cost_per_day_usd b", "resolved cost_per_day_usd all models");
  }

  @Test
  void silence_alertsAfterTwoHours_ifTheSameWeekdaysHadCalls() {
    for (int week = 1; week <= 3; week++) {
      for (int hour = 8; hour <= 16; hour++) {
        callsAt(
            "m", 10, START.truncatedTo(ChronoUnit.DAYS).minus(7L * week, ChronoUnit.DAYS), hour);
      }
    }
    callsAt("m", 10, START.truncatedTo(ChronoUnit.DAYS), 8);
    AlertWatch watch = watch(AlertRules.standard());
    now = Instant.parse("2026-03-10T10:59:00Z");
    look(watch);
    assertThat(told).isEmpty();
    now = Instant.parse("2026-03-10T11:00:00Z");
    look(watch);
    assertThat(told).containsExactly("opened silence m");

    now = Instant.parse("2026-03-10T23:00:00Z");
    look(watch);
    assertThat(told).as("at night silence is usual, and says nothing").hasSize(1);
    callsAt("m", 1, START.truncatedTo(ChronoUnit.DAYS), 23);
    now = Instant.parse("2026-03-10T23:40:00Z");
    look(watch);
    assertThat(told).containsExactly("opened silence m", "resolved silence m");
  }

  @Test
  void silence_alerts_ifEachOfSevenDaysHadCalls_andIsForgottenAfterTwoWeeks() {
    for (int day = 1; day <= 7; day++) {
      Instant midnight = START.truncatedTo(ChronoUnit.DAYS).minus(day, ChronoUnit.DAYS);
      callsAt("m", 10, midnight, 10);
      callsAt("m", 10, midnight, 11);
      callsAt("rare", 9, midnight, 10);
      callsAt("rare", 9, midnight, 11);
    }
    AlertWatch watch = watch(AlertRules.standard());
    look(watch);
    assertThat(told).containsExactly("opened silence m");
    for (int day = 1; day <= 14; day++) {
      now = START.plus(day, ChronoUnit.DAYS);
      look(watch);
    }
    assertThat(told).containsExactly("opened silence m", "resolved silence m");
  }

  @Test
  void noSilenceAlert_whenTheHourMoves_orItIsOff() {
    for (int week = 1; week <= 4; week++) {
      Instant midnight = START.truncatedTo(ChronoUnit.DAYS).minus(7L * week, ChronoUnit.DAYS);
      callsAt("m", 100, midnight, 11);
    }
    look(watch(AlertRules.standard()));
    assertThat(told).as("one hour of two is usual").isEmpty();
    look(watch(new AlertRules(AlertBounds.NONE, AlertBounds.NONE, Map.of(), 20, 1)));
    assertThat(told).containsExactly("opened silence m");
    told.clear();
    known.clear();
    look(watch(new AlertRules(AlertBounds.NONE, AlertBounds.NONE, Map.of(), 20, 0)));
    assertThat(told).isEmpty();
  }

  @Test
  void rules_areRefused_outsideTheirRange() {
    assertThatThrownBy(() -> new AlertBounds(Map.of(AlertKind.ERROR_RATE, Double.NaN)))
        .hasMessageContaining("error_rate must be at least 0");
    assertThatThrownBy(() -> new AlertBounds(Map.of(AlertKind.SILENCE, 1.0)))
        .hasMessageContaining("silence has no bound");
    assertThatThrownBy(() -> new AlertRules(AlertBounds.NONE, AlertBounds.NONE, Map.of(), 0, 2))
        .hasMessageContaining("minCalls must be at least 1");
    assertThatThrownBy(() -> new AlertRules(AlertBounds.NONE, AlertBounds.NONE, Map.of(), 1, 25))
        .hasMessageContaining("silentHours must be between 0 and 24");
  }

  private AlertWatch watch(AlertRules rules) {
    return new AlertWatch(telemetry, telemetry, rules, DriftIncidents.standard());
  }

  private void look(AlertWatch watch) {
    AlertChanges changes = watch.of(List.copyOf(known), now);
    for (Alert alert : changes.alerts()) {
      known.removeIf(one -> one.id().equals(alert.id()));
      known.add(alert);
    }
    known.removeIf(
        one -> one.resolved() != null && one.resolved().isBefore(now.minus(Duration.ofDays(1))));
    changes
        .messages()
        .forEach(
            one ->
                told.add(
                    one.event().label()
                        + " "
                        + one.alert().subject().kind().label()
                        + " "
                        + one.alert().subject().name()));
  }

  /** Calls of this minute, some of them failed. */
  private void calls(
      @Nullable String model, int number, int failed, UnaryOperator<EventBuilder> failure) {
    List<TelemetryEvent> batch = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      EventBuilder event = EventBuilder.event("e-" + events++).at(now).model(model);
      boolean plain = failed > 0 && i >= failed;
      batch.add((plain ? event : failure.apply(event)).build());
    }
    telemetry.append(OrgPermission.all(), batch);
  }

  private void callsAt(String model, int number, Instant midnight, int hour) {
    Instant before = now;
    now = midnight.plus(hour, ChronoUnit.HOURS).plus(20, ChronoUnit.MINUTES);
    calls(model, number, 0, event -> event);
    now = before;
  }
}

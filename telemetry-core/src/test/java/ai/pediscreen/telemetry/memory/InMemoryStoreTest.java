package ai.pediscreen.telemetry.memory;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import ai.pediscreen.telemetry.daily.DailyAggregation;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsagePoint;
import ai.pediscreen.telemetry.usage.UsageRange;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryStoreTest {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:30Z");

  private Instant clock = NOW;

  @Test
  void figures_countEveryEvent_evenForgottenOnes() {
    InMemoryStore store = bounded(100);
    List<TelemetryEvent> batch = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      batch.add(
          event("e-" + i)
              .at(NOW.minusSeconds(5_000 - i))
              .model("m-" + i % 3)
              .latency((long) i % 100)
              .status(i % 10 == 0 ? 500 : 200)
              .build());
    }

    append(store, batch);

    var overview = store.overview(UsageFilter.last(UsageRange.DAY, NOW));
    assertThat(store.kept()).isEqualTo(100);
    assertThat(overview.requests()).isEqualTo(5_000);
    assertThat(overview.errors()).isEqualTo(500);
    assertThat(overview.models()).isEqualTo(3);
    var errors = store.errors(UsageFilter.last(UsageRange.DAY, NOW), 50);
    assertThat(errors.total()).isEqualTo(500);
    assertThat(errors.newest()).as("of those that are kept").hasSize(10);
    assertThat(errors.newest().get(0).eventId()).isEqualTo("e-4990");
  }

  @Test
  void duplicates_areRecognised_whileTheirEventIsKept() {
    InMemoryStore store = bounded(2);
    append(store, List.of(at("a", -3), at("b", -2), at("c", -1)));

    assertThat(store.append(OrgPermission.all(), List.of(at("c", -1), at("a", -3))))
        .containsExactly(Receipt.duplicate(), Receipt.accepted());
    assertThat(store.overview(UsageFilter.last(UsageRange.HOUR, NOW)).requests()).isEqualTo(4);
    assertThat(store.kept()).isEqualTo(2);
  }

  @Test
  void events_areForgotten_whenTheyAreOld_andRowsByMinuteToo() {
    InMemoryStore store = InMemoryStore.bounded(10, Duration.ofHours(1), () -> clock);
    append(store, List.of(at("a", -1)));

    clock = NOW.plus(Duration.ofDays(3));
    store.maintain();

    assertThat(store.kept()).isZero();
    assertThat(store.overview(UsageFilter.last(UsageRange.WEEK, clock)).requests()).isEqualTo(1);
  }

  @Test
  void aDay_isComputed_onlyIfAllOfItsEventsAreKept() {
    InMemoryStore store = bounded(3);
    var days = store.days().orElseThrow();
    append(store, List.of(day("a", 7), day("b", 8), day("c", 8), day("d", 9)));

    assertThat(days.due()).containsExactly(LocalDate.of(2026, 3, 8), LocalDate.of(2026, 3, 9));
    assertThat(new DailyAggregation(days).computeDue()).hasSize(2);
    assertThat(
            days.aggregates(
                new DayFilter(
                    OrgFilter.all(), null, LocalDate.of(2026, 3, 1), LocalDate.of(2026, 3, 9))))
        .extracting(one -> one.date().getDayOfMonth(), one -> one.calls())
        .containsExactly(tuple(8, 2L), tuple(9, 1L));
  }

  @Test
  void eventsAfterTheWindow_areNotCounted_evenWithinItsMinute() {
    InMemoryStore store = bounded(100);
    append(store, List.of(at("before", 0), at("after", 1), at("hour later", 3_600)));

    assertThat(store.overview(UsageFilter.last(UsageRange.HOUR, NOW)).requests()).isEqualTo(1);
    assertThat(store.series(UsageFilter.last(UsageRange.HOUR, NOW)))
        .extracting(point -> point.calls())
        .endsWith(1L);
    assertThat(store.overview(UsageFilter.last(UsageRange.HOUR, NOW.plusSeconds(1))).requests())
        .isEqualTo(2);
  }

  @Test
  void eventsAfterTheWindow_areNotCounted_thoughTheyAreForgotten() {
    InMemoryStore store = bounded(1);
    Instant midnight = Instant.parse("2026-03-05T00:00:00Z");
    append(
        store,
        List.of(
            event("within").at(midnight.plus(Duration.ofHours(3))).build(),
            event("after").at(midnight.plus(Duration.ofHours(12))).build(),
            at("kept", 0)));

    TimeWindow window = TimeWindow.between(midnight, midnight.plus(Duration.ofHours(6)), NOW);
    UsageFilter filter = new UsageFilter(OrgFilter.all(), null, window);
    assertThat(store.overview(filter).requests()).isEqualTo(1);
    assertThat(store.series(filter)).extracting(UsagePoint::calls).endsWith(1L, 0L, 0L);
  }

  /** In bytes of the heap after a collection. */
  @Test
  void event_needsLittleMemoryBesideItsFields() {
    int count = 100_000;
    long before = heap();
    List<TelemetryEvent> events = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      events.add(
          TelemetryEvent.builder("0190f5c2-7a3e-7c41-9d52-" + i, NOW.minusMillis(i))
              .org("clinic-7")
              .model("medgemma-4b")
              .latency(Duration.ofMillis(120))
              .status(200)
              .tokens(1_011, 211)
              .costUsd("0.0012")
              .build());
    }
    long fields = heap() - before;
    InMemoryStore store = bounded(count);
    append(store, events);

    assertThat((double) (heap() - before) / fields).isBetween(1.0, 1.5);
    assertThat(store.kept()).isEqualTo(events.size());
  }

  private static long heap() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  void settings_areRefused_outsideTheirRange() {
    assertThatIllegalArgumentException().isThrownBy(() -> InMemoryStore.bounded(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InMemoryStore.bounded(1, Duration.ZERO, () -> clock));
  }

  private InMemoryStore bounded(int events) {
    return InMemoryStore.bounded(events, Duration.ofDays(90), () -> clock);
  }

  private static void append(InMemoryStore store, List<TelemetryEvent> events) {
    store.append(OrgPermission.all(), events);
  }

  private static TelemetryEvent at(String id, int seconds) {
    return event(id).at(NOW.plusSeconds(seconds)).build();
  }

  private static TelemetryEvent day(String id, int day) {
    EventBuilder event = event(id).at("2026-03-0" + day + "T12:00:00Z");
    return event.model("m").build();
  }
}

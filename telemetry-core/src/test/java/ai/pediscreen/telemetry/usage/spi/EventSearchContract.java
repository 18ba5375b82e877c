package ai.pediscreen.telemetry.usage.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageKit;
import ai.pediscreen.telemetry.usage.UsagePoint;
import ai.pediscreen.telemetry.usage.UsageRange;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every {@link EventSearch} and {@link ModelHistory} promises. The store is empty when a test
 * begins, and its time is {@link UsageKit#NOW}.
 */
public abstract class EventSearchContract {

  private static final Instant NOW = UsageKit.NOW;

  /** Where events are put. */
  protected abstract EventStore store();

  /** Where they are looked for. */
  protected abstract EventSearch search();

  /** Since when models were called with what. */
  protected abstract ModelHistory history();

  @Test
  void newest_findsByEachId_andByAllThatAreGiven() {
    append(
        named("e-1", 1, "trace_id", "t", "case_id", "c", "user_id", "u"),
        named("e-2", 2, "trace_id", "t", "case_id", "d"),
        named("e-3", 3, "trace_id", "s", "user_id", "u"));

    assertThat(ids(query("e-2", null, null, null))).containsExactly("e-2");
    assertThat(ids(query(null, "t", null, null))).containsExactly("e-1", "e-2");
    assertThat(ids(query(null, null, "d", null))).containsExactly("e-2");
    assertThat(ids(query(null, null, null, "u"))).containsExactly("e-1", "e-3");
    assertThat(ids(query(null, "t", null, "u"))).containsExactly("e-1");
    assertThat(ids(query(null, "t", null, "nobody"))).isEmpty();
  }

  @Test
  void newest_givesTheWholeEventBack() {
    TelemetryEvent event =
        TelemetryEvent.fromMap(
            Map.of(
                "event_id", "e-1",
                "timestamp", NOW.minusSeconds(1),
                "trace_id", "t",
                "model", Map.of("model_id", "m", "version", "7"),
                "request", Map.of("tokens", List.of(1, 2))));
    store().append(OrgPermission.all(), List.of(event));

    assertThat(search().newest(query(null, "t", null, null), null, 10))
        .singleElement()
        .extracting(TelemetryEvent::toMap)
        .isEqualTo(event.toMap());
  }

  @Test
  void newest_reachesAnyDay_withinTheBoundsOfTheQuery() {
    append(
        named("old", 9 * 24 * 60, "trace_id", "t"),
        named("new", 1, "trace_id", "t"),
        named("to-come", -9 * 24 * 60, "trace_id", "t"));

    EventQuery all = query(null, "t", null, null);
    List<String> found = new ArrayList<>();
    EventPosition last = null;
    do {
      List<TelemetryEvent> page = search().newest(all, last, 10);
      page.forEach(event -> found.add(event.eventId()));
      last = page.isEmpty() ? null : EventPosition.of(page.get(page.size() - 1));
    } while (last != null);
    assertThat(found).containsExactly("to-come", "new", "old");
    EventQuery some =
        new EventQuery(OrgFilter.all(), null, "t", null, null, NOW.minus(Duration.ofHours(1)), NOW);
    assertThat(ids(some)).containsExactly("new");
  }

  @Test
  void newest_continuesAfterThePageBefore_alsoWithinOneInstant() {
    List<TelemetryEvent> events = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      events.add(named("e-%02d".formatted(i), i / 10, "trace_id", "t"));
    }
    append(events.toArray(TelemetryEvent[]::new));

    EventQuery query = query(null, "t", null, null);
    List<TelemetryEvent> found = new ArrayList<>();
    List<TelemetryEvent> page = search().newest(query, null, 4);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(4);
      found.addAll(page);
      page = search().newest(query, EventPosition.of(page.get(page.size() - 1)), 4);
    }
    assertThat(found).hasSize(25).doesNotHaveDuplicates();
    assertThat(found)
        .extracting(TelemetryEvent::timestamp)
        .isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(found.get(0).eventId()).isEqualTo("e-09");
  }

  @Test
  void newest_isOfTheNamedOrganisationOnly() {
    append(
        named("e-1", 1, "trace_id", "t", "org_id", "a"),
        named("e-1", 2, "trace_id", "t", "org_id", "b"),
        named("e-1", 3, "trace_id", "t"));

    assertThat(ids(query("e-1", null, null, null))).hasSize(3);
    EventQuery ofA =
        new EventQuery(
            OrgFilter.of("a"), "e-1", null, null, null, Instant.EPOCH, NOW.plusSeconds(1));
    assertThat(search().newest(ofA, null, 10))
        .extracting(TelemetryEvent::orgId)
        .containsExactly("a");
  }

  @Test
  void firstSeen_isTheHourOfTheFirstCallWithEachAdapterAndProvider() {
    append(
        called("e-1", 300, "v1", "here"),
        called("e-2", 200, "v1", "here"),
        called("e-3", 60, "v2", "here"),
        called("e-4", 0, "v2", "there", "org_id", "o"));

    List<FirstSeen> seen = history().firstSeen(OrgFilter.all(), "m", 10);
    assertThat(seen).extracting(FirstSeen::name).containsExactly("there", "v2", "v1", "here");
    assertThat(seen.get(2).kind()).isEqualTo(UsageLabel.Kind.ADAPTER);
    assertThat(seen.get(2).since())
        .isEqualTo(NOW.minus(Duration.ofHours(5)).truncatedTo(ChronoUnit.HOURS));
    assertThat(history().firstSeen(OrgFilter.all(), "m", 1)).hasSize(1);
    assertThat(history().firstSeen(OrgFilter.of("o"), "m", 10))
        .extracting(FirstSeen::name)
        .containsExactlyInAnyOrder("v2", "there");
    assertThat(history().firstSeen(OrgFilter.all(), "other", 10)).isEmpty();
  }

  @Test
  void calls_areThoseOfTheWindow_byName() {
    append(
        called("e-1", 125, "v1", "here"),
        called("e-2", 61, "v1", "here"),
        called("e-3", 60, "v2", "here"),
        called("e-4", 1, "v2", "there", "org_id", "o"),
        called("e-5", 0, "v2", "here"),
        called("to-come", -1, "v3", "here"),
        called("too-old", 26 * 60, "v0", "here"),
        named("e-6", 1));
    UsageFilter all = new UsageFilter(OrgFilter.all(), null, TimeWindow.last(UsageRange.DAY, NOW));

    List<LabelCalls> adapters = history().calls(all, UsageLabel.Kind.ADAPTER, 10);
    assertThat(adapters).extracting(LabelCalls::name).containsExactly("v2", "v1");
    assertThat(adapters).extracting(LabelCalls::total).containsExactly(3L, 2L);
    List<UsagePoint> steps = new UsageSeries(all.window()).points();
    for (LabelCalls one : adapters) {
      assertThat(one.calls()).hasSize(steps.size());
    }
    int last = steps.size() - 1;
    assertThat(adapters.get(0).calls().subList(last - 3, last + 1)).containsExactly(0L, 0L, 2L, 1L);
    assertThat(adapters.get(1).calls().subList(last - 3, last + 1)).containsExactly(1L, 1L, 0L, 0L);

    assertThat(history().calls(all, UsageLabel.Kind.ADAPTER, 1)).hasSize(1);
    assertThat(history().calls(all, UsageLabel.Kind.PROVIDER, 10))
        .extracting(LabelCalls::name, LabelCalls::total)
        .containsExactly(tuple("here", 4L), tuple("there", 1L));
    UsageFilter ofO = new UsageFilter(OrgFilter.of("o"), "m", all.window());
    assertThat(history().calls(ofO, UsageLabel.Kind.ADAPTER, 10))
        .extracting(LabelCalls::name, LabelCalls::total)
        .containsExactly(tuple("v2", 1L));
    UsageFilter ofAnother = new UsageFilter(OrgFilter.all(), "n", all.window());
    assertThat(history().calls(ofAnother, UsageLabel.Kind.ADAPTER, 10)).isEmpty();
  }

  private static TelemetryEvent called(
      String id, int minutesAgo, String adapter, String provider, String... more) {
    Map<String, Object> model =
        Map.of("model_id", "m", "adapter_id", adapter, "provider", provider);
    return named(id, minutesAgo, Map.of("model", model), more);
  }

  private static TelemetryEvent named(String id, int minutesAgo, String... more) {
    return named(id, minutesAgo, Map.of(), more);
  }

  private static TelemetryEvent named(
      String id, int minutesAgo, Map<String, Object> rest, String... more) {
    Map<String, Object> event = new LinkedHashMap<>(rest);
    event.put("event_id", id);
    event.put("timestamp", NOW.minus(Duration.ofMinutes(minutesAgo)));
    for (int i = 0; i < more.length; i += 2) {
      event.put(more[i], more[i + 1]);
    }
    return TelemetryEvent.fromMap(event);
  }

  private static EventQuery query(
      @Nullable String event,
      @Nullable String trace,
      @Nullable String aCase,
      @Nullable String user) {
    return new EventQuery(
        OrgFilter.all(),
        event,
        trace,
        aCase,
        user,
        Instant.parse("2000-01-01T00:00:00Z"),
        Instant.parse("2200-01-01T00:00:00Z"));
  }

  private List<String> ids(EventQuery query) {
    return search().newest(query, null, 10).stream().map(TelemetryEvent::eventId).toList();
  }

  private void append(TelemetryEvent... events) {
    store().append(OrgPermission.all(), List.of(events));
  }
}

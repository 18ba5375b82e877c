package ai.pediscreen.telemetry.event.spi;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link EventArchive} promises. The store is empty when a test begins. */
public abstract class EventArchiveContract {

  private static final Instant FROM = Instant.parse("2026-03-09T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2026-03-11T00:00:00Z");

  /** Where events are put. */
  protected abstract EventStore store();

  /** Where they are read back. */
  protected abstract EventArchive archive();

  @Test
  void page_isEmpty_whenThereIsNothing() {
    assertThat(archive().page(all(), null, 10)).isEmpty();
  }

  @Test
  void page_givesTheWholeEventBack() {
    TelemetryEvent event =
        TelemetryEvent.fromMap(
            Map.of(
                "event_id", "e-1",
                "timestamp", "2026-03-10T12:00:00.123456Z",
                "org_id", "org",
                "app", "app",
                "user_id", "user",
                "case_id", "case",
                "model", Map.of("model_id", "m", "provider", "p", "version", "7"),
                "request", Map.of("tokens", List.of(1, 2)),
                "response", Map.of("latency_ms", 12, "status_code", 200, "risk_level", "low"),
                "region", "eu"));
    append(event);

    assertThat(archive().page(all(), null, 10))
        .singleElement()
        .extracting(TelemetryEvent::toMap)
        .isEqualTo(event.toMap());
  }

  /** What readers of JSON put limits to: the length of a name, of a number, names that collide. */
  @Test
  void page_returnsEveryValueThatTheRulesAllow() {
    List<Object> numbers =
        List.of(
            new BigDecimal("1." + "7".repeat(990) + "e-300"),
            new BigDecimal("1." + "7".repeat(990) + "e300"),
            new BigDecimal("0e-1074"),
            new BigDecimal("4.9e-324"));
    Map<String, Object> colliding = new LinkedHashMap<>();
    for (int i = 0; i < 4_096; i++) {
      StringBuilder name = new StringBuilder();
      for (int bit = 0; bit < 12; bit++) {
        name.append((i >> bit & 1) == 0 ? "Aa" : "B@");
      }
      colliding.put(name.toString(), i);
    }
    TelemetryEvent event =
        TelemetryEvent.fromMap(
            Map.of(
                "event_id",
                "e-1",
                "timestamp",
                "2026-03-10T12:00:00Z",
                "n".repeat(200_000),
                numbers,
                "request",
                colliding));
    append(event);

    assertThat(archive().page(all(), null, 10)).containsExactly(event);
  }

  @Test
  void page_includesTheFirstInstant_notTheLast() {
    append(
        event("before").at(FROM.minusMillis(1)).build(),
        event("first").at(FROM).build(),
        event("last").at(UNTIL.minusNanos(1_000)).build(),
        event("after").at(UNTIL).build());

    assertThat(ids(archive().page(all(), null, 10))).containsExactly("first", "last");
  }

  @Test
  void page_isOfOneOrganisationAndModel_whenTheyAreNamed() {
    append(
        event("1").org("a").model("m").build(),
        event("2").org("a").model("n").build(),
        event("3").org("b").model("m").build(),
        event("4").model("m").build(),
        event("5").org("a").build());

    assertThat(ids(archive().page(selection(OrgFilter.of("a"), null), null, 10)))
        .containsExactly("1", "2", "5");
    assertThat(ids(archive().page(selection(OrgFilter.of("a"), "m"), null, 10)))
        .containsExactly("1");
    assertThat(ids(archive().page(selection(OrgFilter.all(), "m"), null, 10)))
        .containsExactly("4", "1", "3");
  }

  @Test
  void pages_giveEachEventOnceInOrder_whateverTheirSize() {
    List<TelemetryEvent> events = new ArrayList<>();
    // Few instants, so that most pages end among equals; ids whose orders in UTF-8 and UTF-16
    // differ.
    String[] ids = {"\uFF5E", "\uD83D\uDE00", "a", "B", "\u00E9", "-"};
    for (int i = 0; i < 120; i++) {
      events.add(
          event(ids[i % ids.length] + i)
              .org(i % 4 == 0 ? null : "org-" + ids[i % 3])
              .at(FROM.plusSeconds(i % 5))
              .build());
    }
    Collections.shuffle(events, new Random(7));
    append(events.toArray(TelemetryEvent[]::new));
    events.sort(EventArchive.ORDER);

    for (int limit : new int[] {1, 7, 120, 500}) {
      assertThat(ids(allPages(all(), limit))).as("pages of %d", limit).isEqualTo(ids(events));
    }
  }

  @Test
  void pages_giveEachEventOnce_howeverLargeTheyAre() {
    // One of them is written out fifty times as long as it was sent.
    List<BigDecimal> small = Collections.nCopies(30_000, new BigDecimal("1e-300"));
    TelemetryEvent[] events = new TelemetryEvent[8];
    for (int i = 0; i < events.length; i++) {
      Object content = i == 3 ? small : "x".repeat(250_000);
      events[i] = event("e-" + i).at(FROM.plusSeconds(i)).with("content", content).build();
    }
    append(events);

    assertThat(allPages(all(), 50)).containsExactly(events);
  }

  @Test
  void selection_isRefused_whenItEndsBeforeItsStart() {
    assertThatThrownBy(() -> new EventSelection(OrgFilter.all(), null, FROM, FROM.minusMillis(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("until");
  }

  private List<TelemetryEvent> allPages(EventSelection selection, int limit) {
    List<TelemetryEvent> events = new ArrayList<>();
    TelemetryEvent last = null;
    List<TelemetryEvent> page;
    do {
      page = archive().page(selection, last, limit);
      events.addAll(page);
      last = page.isEmpty() ? last : page.get(page.size() - 1);
    } while (!page.isEmpty());
    return events;
  }

  private void append(TelemetryEvent... events) {
    assertThat(store().append(OrgPermission.all(), List.of(events)))
        .containsOnly(Receipt.accepted());
  }

  private static EventSelection all() {
    return selection(OrgFilter.all(), null);
  }

  private static EventSelection selection(OrgFilter org, @Nullable String modelId) {
    return new EventSelection(org, modelId, FROM, UNTIL);
  }

  private static List<String> ids(List<TelemetryEvent> events) {
    return events.stream().map(TelemetryEvent::eventId).toList();
  }
}

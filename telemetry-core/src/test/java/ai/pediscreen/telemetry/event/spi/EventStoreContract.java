package ai.pediscreen.telemetry.event.spi;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.UsageQueriesContract;
import ai.pediscreen.telemetry.usage.UsageRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link EventStore} promises. An adapter's test extends this class; the store is empty
 * when a test begins, and its clock, if it has one, stands at {@link UsageQueriesContract#NOW}.
 */
public abstract class EventStoreContract {

  private static final int THREADS = 32;

  /** The store, the same one throughout a test. */
  protected abstract EventStore store();

  /** Questions about what {@link #store} keeps. */
  protected abstract UsageQueries queries();

  @Test
  void append_doesNothing_whenTheListIsEmpty() {
    assertThat(store().append(OrgPermission.all(), List.of())).isEmpty();
    assertThat(counted(OrgFilter.all())).isZero();
  }

  @Test
  void append_acceptsAndCounts_whenTheEventIsNew() {
    assertThat(store().append(OrgPermission.all(), List.of(event("e-1").build())))
        .containsExactly(Receipt.accepted());
    assertThat(counted(OrgFilter.all())).isEqualTo(1);
  }

  @Test
  void append_isIdempotent_whenTheSameCallIsMadeAgain() {
    List<TelemetryEvent> events = events("e", 10);
    store().append(OrgPermission.all(), events);

    assertThat(store().append(OrgPermission.all(), events))
        .hasSize(10)
        .containsOnly(Receipt.duplicate());
    assertThat(counted(OrgFilter.all())).isEqualTo(10);
  }

  @Test
  void append_acceptsTheFirst_whenIdentitiesRepeatWithinOneCall() {
    TelemetryEvent first = event("e-1").cost("1").build();
    TelemetryEvent second = event("e-1").cost("2").build();

    assertThat(
            store()
                .append(
                    OrgPermission.all(),
                    List.of(first, event("e-2").cost("4").build(), second, first)))
        .containsExactly(
            Receipt.accepted(), Receipt.accepted(), Receipt.duplicate(), Receipt.duplicate());
    assertThat(queries().overview(filter(OrgFilter.all())).costUsd()).isEqualByComparingTo("5");
  }

  @Test
  void append_keepsTheFirst_whenItsIdComesBackWithOtherContent() {
    store().append(OrgPermission.all(), List.of(event("e-1").cost("1").build()));

    TelemetryEvent later = event("e-1").at("2026-03-09T12:00:00Z").model("m").cost("2").build();
    assertThat(store().append(OrgPermission.all(), List.of(later)))
        .containsExactly(Receipt.duplicate());
    assertThat(counted(OrgFilter.all())).isEqualTo(1);
    assertThat(queries().overview(filter(OrgFilter.all())).costUsd()).isEqualByComparingTo("1");
    assertThat(queries().overview(filter(OrgFilter.all())).models()).isZero();
  }

  @Test
  void append_returnsReceiptsInOrder_whenNewAndKnownEventsAlternate() {
    store()
        .append(
            OrgPermission.all(),
            List.of(event("a").build(), event("c").build(), event("z").build()));

    assertThat(
            store()
                .append(
                    OrgPermission.all(),
                    List.of(
                        event("z").build(),
                        event("y").build(),
                        event("a").build(),
                        event("b").build(),
                        event("c").build())))
        .containsExactly(
            Receipt.duplicate(),
            Receipt.accepted(),
            Receipt.duplicate(),
            Receipt.accepted(),
            Receipt.duplicate());
  }

  @Test
  void append_distinguishesOrganisations_whenEventIdsAreEqual() {
    List<TelemetryEvent> events =
        List.of(
            event("e-1").org("org-a").build(),
            event("e-1").org("org-b").build(),
            event("e-1").org("ORG-A").build(),
            event("e-1").build());

    assertThat(store().append(OrgPermission.all(), events))
        .hasSize(4)
        .containsOnly(Receipt.accepted());
    assertThat(store().append(OrgPermission.all(), events))
        .hasSize(4)
        .containsOnly(Receipt.duplicate());
    assertThat(counted(OrgFilter.all())).isEqualTo(4);
    assertThat(counted(OrgFilter.of("org-a"))).isEqualTo(1);
  }

  @Test
  void append_storesEventsOfSeveralSenders_ofDifferentOrganisations() {
    TelemetryEvent ofA = event("e-1").org("org-a").build();
    TelemetryEvent ofB = event("e-1").org("org-b").build();
    TelemetryEvent ofNone = event("e-1").build();
    List<ScopedEvent> sent =
        List.of(
            new ScopedEvent(OrgPermission.of("org-b"), ofB),
            new ScopedEvent(OrgPermission.all(), ofNone),
            new ScopedEvent(OrgPermission.of("org-a"), ofA),
            new ScopedEvent(OrgPermission.all(), ofB));

    assertThat(store().append(sent))
        .containsExactly(
            Receipt.accepted(), Receipt.accepted(), Receipt.accepted(), Receipt.duplicate());
    assertThat(counted(OrgFilter.all())).isEqualTo(3);
    assertThat(counted(OrgFilter.of("org-a"))).isEqualTo(1);
  }

  @Test
  void append_storesNothing_whenOneEventIsOfAForeignOrganisation() {
    List<TelemetryEvent> foreign =
        List.of(event("own").org("org-a").build(), event("foreign").org("org-b").build());
    List<TelemetryEvent> ofNone = List.of(event("of none").build());

    for (List<TelemetryEvent> events : List.of(foreign, ofNone)) {
      assertThatThrownBy(() -> store().append(OrgPermission.of("org-a"), events))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("org-b");
    }
    assertThat(counted(OrgFilter.all())).isZero();
  }

  @Test
  void append_keepsOrganisationsApart_whenTheirNamesAreUnusual() {
    List<String> names = List.of("*", "=", "a,b", "{\"}", "\\", "NULL", "'; --", "=org-a", " a ");
    List<ScopedEvent> sent =
        names.stream()
            .map(name -> new ScopedEvent(OrgPermission.of(name), event("e").org(name).build()))
            .toList();

    assertThat(store().append(sent)).hasSize(names.size()).containsOnly(Receipt.accepted());
    assertThat(store().append(sent)).containsOnly(Receipt.duplicate());
    for (String name : names) {
      assertThat(counted(OrgFilter.of(name))).as(name).isEqualTo(1);
    }
  }

  @Test
  void append_distinguishesIds_thatDifferInCaseAccentOrInnerSpace() {
    List<TelemetryEvent> events =
        List.of(
            event("e").build(),
            event("E").build(),
            event("e e").build(),
            event("e  e").build(),
            event("é").build(),
            event("e\u0301").build());

    assertThat(store().append(OrgPermission.all(), events))
        .hasSize(6)
        .containsOnly(Receipt.accepted());
  }

  @Test
  void append_recognisesAnEvent_withTheLongestIds() {
    TelemetryEvent longest =
        event("🙂".repeat(127) + "a").org("組".repeat(127) + "🙂").model("🧠".repeat(256)).build();
    TelemetryEvent other = event("🙂".repeat(127) + "b").org(longest.orgId()).build();

    assertThat(store().append(OrgPermission.all(), List.of(longest, other, longest)))
        .containsExactly(Receipt.accepted(), Receipt.accepted(), Receipt.duplicate());
    assertThat(store().append(OrgPermission.all(), List.of(longest)))
        .containsExactly(Receipt.duplicate());
  }

  @Test
  void append_acceptsUnusualContent_thatTheRulesAllow() {
    TelemetryEvent event =
        event("'; -- \\ \" \u2028 🙂")
            .model("a\tb\nc\\\"'{}\u2028")
            .fallbackTo("\u0001")
            .cost("0.000000000000000000000000000001")
            .latency(86_400_000L)
            .status(0)
            .with("null", null)
            .with("1e308", 1e308)
            .with("smallest", Double.MIN_VALUE)
            .with("nested", List.of(List.of(), "\u007f", true))
            .build();

    assertThat(store().append(OrgPermission.all(), List.of(event)))
        .containsExactly(Receipt.accepted());
    assertThat(counted(OrgFilter.all())).isEqualTo(1);
  }

  @Test
  void append_recognisesEvents_ofAnyAllowedYear() {
    List<TelemetryEvent> events =
        List.of(
            event("first").at("2000-01-01T00:00:00Z").build(),
            event("leap day").at("2000-02-29T23:59:59.999999Z").build(),
            event("century").at("2100-02-28T23:59:59.999999Z").build(),
            event("last").at("2199-12-31T23:59:59.999999Z").build());

    assertThat(store().append(OrgPermission.all(), events))
        .hasSize(4)
        .containsOnly(Receipt.accepted());
    assertThat(store().append(OrgPermission.all(), events))
        .hasSize(4)
        .containsOnly(Receipt.duplicate());
    assertThat(counted(OrgFilter.all())).isZero();
  }

  @Test
  void append_storesThreeThousandEvents_atOnce() {
    List<TelemetryEvent> events = events("e", 3_000);
    List<TelemetryEvent> twice = new ArrayList<>(events);
    twice.addAll(events.subList(0, 100));

    List<Receipt> receipts = store().append(OrgPermission.all(), twice);

    assertThat(receipts.subList(0, 3_000)).containsOnly(Receipt.accepted());
    assertThat(receipts.subList(3_000, 3_100)).containsOnly(Receipt.duplicate());
    assertThat(counted(OrgFilter.all())).isEqualTo(3_000);
  }

  @Test
  void append_countsOnce_whenThirtyTwoThreadsRaceOneEvent() throws Exception {
    TelemetryEvent raced = event("raced").org("org-a").model("m").cost("0.1").build();

    List<Receipt> receipts = race(thread -> List.of(raced));

    assertThat(Collections.frequency(receipts, Receipt.accepted())).isEqualTo(1);
    assertThat(Collections.frequency(receipts, Receipt.duplicate())).isEqualTo(THREADS - 1);
    assertThat(counted(OrgFilter.all())).isEqualTo(1);
  }

  @Test
  void append_countsEachOnce_whenThreadsRaceOverlappingCallsInDifferentOrders() throws Exception {
    List<Receipt> receipts =
        race(
            thread -> {
              List<TelemetryEvent> events = new ArrayList<>(events("shared", 400));
              events.addAll(events("own-" + thread, 5));
              Collections.rotate(events, thread % 4);
              return thread % 2 == 0 ? events : reversed(events);
            });

    assertThat(Collections.frequency(receipts, Receipt.accepted())).isEqualTo(400 + 5 * THREADS);
    assertThat(Collections.frequency(receipts, Receipt.duplicate())).isEqualTo(400 * (THREADS - 1));
    assertThat(counted(OrgFilter.all())).isEqualTo(400 + 5 * THREADS);
  }

  /** On a busy machine a store may have no connection for so many at once: asking again is safe. */
  private List<Receipt> appendPatiently(List<TelemetryEvent> events) {
    for (int attempt = 1; ; attempt++) {
      try {
        return store().append(OrgPermission.all(), events);
      } catch (StoreUnavailableException e) {
        if (attempt == 10) {
          throw e;
        }
      }
    }
  }

  private List<Receipt> race(IntFunction<List<TelemetryEvent>> callOfThread) throws Exception {
    // Threads that spin begin together; parked ones would be woken one after the other.
    AtomicInteger ready = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<List<Receipt>>> calls = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        List<TelemetryEvent> call = callOfThread.apply(i);
        calls.add(
            threads.submit(
                () -> {
                  ready.incrementAndGet();
                  while (ready.get() < THREADS) {
                    Thread.onSpinWait();
                  }
                  return appendPatiently(call);
                }));
      }
      List<Receipt> receipts = new ArrayList<>();
      for (Future<List<Receipt>> call : calls) {
        receipts.addAll(call.get());
      }
      return receipts;
    } finally {
      threads.shutdownNow();
    }
  }

  /** Events of three organisations, two models and several days of the last week. */
  private static List<TelemetryEvent> events(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                event(prefix + "-" + i)
                    .at(Instant.parse("2026-03-10T11:59:59Z").minusSeconds(i * 120L))
                    .org(i % 3 == 0 ? null : "org-" + i % 3)
                    .model(i % 2 == 0 ? "model-a" : "model-b")
                    .build())
        .toList();
  }

  private static List<TelemetryEvent> reversed(List<TelemetryEvent> events) {
    List<TelemetryEvent> reversed = new ArrayList<>(events);
    Collections.reverse(reversed);
    return reversed;
  }

  /** How many events of the last 30 days the store counts. */
  private long counted(OrgFilter org) {
    return queries().overview(filter(org)).requests();
  }

  private static UsageFilter filter(OrgFilter org) {
    return new UsageFilter(org, null, TimeWindow.last(UsageRange.MONTH, UsageQueriesContract.NOW));
  }
}

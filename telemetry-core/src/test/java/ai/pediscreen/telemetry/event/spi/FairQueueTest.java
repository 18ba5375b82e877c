package ai.pediscreen.telemetry.event.spi;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.FairQueue.Append;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FairQueueTest {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

  private final FairQueue queue = new FairQueue(1_000);

  @Test
  void organisations_takeTurns_howeverManyEventsEachHas() {
    for (int i = 0; i < 10; i++) {
      assertThat(queue.add(append("loud", 100))).isTrue();
    }
    assertThat(queue.add(append("quiet", 1))).isTrue();
    assertThat(queue.add(append("other", 1))).isTrue();

    assertThat(senders(4)).containsExactly("loud", "quiet", "other", "loud");
    assertThat(queue.events()).isEqualTo(800);
  }

  @Test
  void line_givesSeveralSmallAppends_atItsTurn() {
    for (int i = 0; i < 200; i++) {
      assertThat(queue.add(append("many", 1))).isTrue();
    }
    assertThat(queue.add(append("few", 1))).isTrue();

    assertThat(senders(66)).containsOnlyOnce("few").endsWith("few", "many");
  }

  @Test
  void fullQueue_hasRoom_forAnOrganisationBelowItsShare() {
    for (int i = 0; i < 10; i++) {
      assertThat(queue.add(append("loud", 100))).isTrue();
    }

    assertThat(queue.add(append("loud", 1))).isFalse();
    assertThat(queue.add(append("quiet", 400))).isTrue();
    assertThat(queue.add(append("quiet", 101))).isFalse();
    assertThat(queue.add(append("third", 333))).isTrue();
    assertThat(queue.add(append("fourth", 250))).isTrue();
    assertThat(queue.add(append("fifth", 200))).as("twice the capacity").isFalse();
    assertThat(queue.events()).isEqualTo(1_983);
  }

  @Test
  void slowLine_acceptsNoMore_unlessItIsShort() {
    AtomicLong waited = new AtomicLong();
    FairQueue slow = new FairQueue(20_000, () -> System.nanoTime() + waited.get());
    assertThat(slow.add(append("loud", 990))).isTrue();
    assertThat(slow.add(append("quiet", 5))).isTrue();
    assertThat(slow.add(append("loud", 10))).as("after no time").isTrue();

    waited.set(Duration.ofSeconds(1).toNanos());
    assertThat(slow.add(append("loud", 1))).as("after a second").isFalse();
    assertThat(slow.add(append("quiet", 5))).isTrue();
    assertThat(slow.poll()).isNotNull();
    assertThat(slow.add(append("loud", 1))).as("ten wait").isTrue();
  }

  @Test
  void emptyQueue_acceptsAnySize() {
    assertThat(queue.add(append("one", 5_000))).isTrue();
    assertThat(queue.add(append("one", 1))).isFalse();
    assertThat(queue.poll()).isNotNull();
    assertThat(queue.poll()).isNull();
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void cancelledAppend_leavesTheQueue() {
    Append first = append("one", 2);
    Append second = append("one", 3);
    Append third = append("two", 4);
    for (Append append : List.of(first, second, third)) {
      assertThat(queue.add(append)).isTrue();
    }
    assertThat(queue.oldest()).isSameAs(first);

    queue.remove(first);
    queue.remove(third);
    queue.remove(third);

    assertThat(queue.events()).isEqualTo(3);
    assertThat(queue.oldest()).isSameAs(second);
    assertThat(queue.poll()).isSameAs(second);
    assertThat(second.taken).isTrue();
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void sender_isTheKeysOrganisation_orTheEventsOrganisation() {
    assertThat(queue.add(append(OrgPermission.of("key"), "key", 70))).isTrue();
    assertThat(queue.add(append(OrgPermission.all(), "key", 70))).isTrue();
    assertThat(queue.add(append(OrgPermission.all(), null, 70))).isTrue();
    assertThat(queue.add(new Append(List.of()))).isTrue();

    assertThat(senders(2)).containsExactly("key", "none");
  }

  private List<String> senders(int count) {
    List<String> senders = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Append append = Objects.requireNonNull(queue.poll());
      String orgId = append.events.get(0).event().orgId();
      senders.add(orgId == null ? "none" : orgId);
    }
    return senders;
  }

  private static Append append(String orgId, int events) {
    return append(OrgPermission.all(), orgId, events);
  }

  private static Append append(OrgPermission scope, @Nullable String orgId, int events) {
    List<ScopedEvent> list = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      TelemetryEvent event =
          TelemetryEvent.fromMap(Map.of("event_id", "e-" + i, "timestamp", NOW.toString()));
      list.add(new ScopedEvent(scope, orgId == null ? event : event.withOrgId(orgId)));
    }
    return new Append(list);
  }
}

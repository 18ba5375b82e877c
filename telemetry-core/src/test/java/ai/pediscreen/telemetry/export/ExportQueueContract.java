package ai.pediscreen.telemetry.export;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link ExportQueue} promises. */
public abstract class ExportQueueContract {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The summer time of many a JVM begins a second later. */
  private static final Instant AT = Instant.parse("2026-03-08T06:59:59.123456Z");

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static final TypeReference<Map<String, @Nullable Object>> OBJECT =
      new TypeReference<>() {};

  private final List<ExportLease> leases = new ArrayList<>();

  /** The queue, empty before each test. */
  protected abstract ExportQueue queue();

  /** Makes events durable in one step, with export on or off. */
  protected abstract void append(List<TelemetryEvent> events, boolean exporting);

  /** Computes a day that has events and is over, as at the next revision. */
  protected abstract void compute(LocalDate day);

  /** The reasons and fields of all dead letters. */
  protected abstract List<DeadLetter> deadLetters();

  @AfterEach
  void endLeases() {
    leases.forEach(ExportLease::close);
  }

  @Test
  void onlyOneHasTheLease_untilItIsClosed() {
    ExportLease first = lease();
    assertThat(queue().tryLease()).isEmpty();
    first.renew();
    first.close();
    assertThat(lease().stored()).isEmpty();
  }

  @Test
  void events_areQueuedOldestFirst_andUnchanged() {
    append(events(0, 3), true);
    append(events(3, 5), true);
    ExportLease lease = lease();
    assertThat(waiting(lease, 10)).containsExactlyElementsOf(events(0, 5));
    assertThat(waiting(lease, 2)).containsExactlyElementsOf(events(0, 2));
    assertThat(queue().backlog().events()).isEqualTo(5);
    assertThat(queue().backlog().oldestAge()).isPositive();
  }

  @Test
  void eventSentAgain_isQueuedOnce() {
    append(events(0, 2), true);
    append(events(0, 3), true);
    assertThat(waiting(lease(), 10)).containsExactlyElementsOf(events(0, 3));
  }

  @Test
  void nothingIsQueued_whileExportIsOff() {
    append(events(0, 2), false);
    assertThat(waiting(lease(), 10)).isEmpty();
    assertThat(queue().backlog()).isEqualTo(Backlog.EMPTY);
  }

  @Test
  void storedBatch_isFoundByTheNextLease_byteForByte() {
    append(events(0, 4), true);
    ExportLease lease = lease();
    assertThat(lease.end()).isEmpty();
    ExportBatch batch = batch(0, 0, 3);
    assertThat(waiting(lease, 10)).hasSize(4);
    lease.store(batch, 3, List.of());
    assertThat(lease.stored()).contains(batch);
    lease.close();

    ExportLease next = lease();
    assertThat(next.stored()).contains(batch);
    assertThat(next.end()).contains(new StreamPosition("s", 3));
    assertThat(waiting(next, 10)).containsExactlyElementsOf(events(3, 4));
    assertThat(queue().backlog().events()).isEqualTo(4);
    assertThat(queue().backlog().oldestAge()).isPositive();
  }

  @Test
  void storingTheNextBatch_marksTheOneBeforeAsExported() {
    append(events(0, 4), true);
    ExportLease lease = lease();
    assertThat(waiting(lease, 3)).hasSize(3);
    lease.store(batch(0, 0, 3), 3, List.of());
    assertThat(waiting(lease, 10)).hasSize(1);
    lease.store(batch(3, 3, 4), 1, List.of());
    lease.store(null, 0, List.of());
    assertThat(lease.stored()).isEmpty();
    assertThat(lease.end()).contains(new StreamPosition("s", 4));
    lease.close();
    assertThat(lease().end()).contains(new StreamPosition("s", 4));
    assertThat(queue().backlog()).isEqualTo(Backlog.EMPTY);
  }

  @Test
  void partOfWhatOneStepAdded_canBeTaken() {
    append(events(0, 700), true);
    ExportLease lease = lease();
    List<TelemetryEvent> left = new ArrayList<>(events(0, 700));
    int offset = 0;
    for (int taken : new int[] {1, 7, 491, 1, 150, 50}) {
      assertThat(waiting(lease, 500)).isEqualTo(left.subList(0, Math.min(500, left.size())));
      lease.store(batch(offset, offset, offset + taken), taken, List.of());
      left.subList(0, taken).clear();
      offset += taken;
    }
    assertThat(waiting(lease, 500)).isEmpty();
  }

  @Test
  void discardedBatch_freesItsPlace() {
    append(events(0, 3), true);
    ExportLease lease = lease();
    assertThat(waiting(lease, 3)).hasSize(3);
    lease.store(batch(0, 0, 1), 1, List.of());
    assertThat(waiting(lease, 3)).hasSize(2);
    lease.store(batch(1, 1, 3), 2, List.of());
    List<DeadLetter> refused =
        events(1, 3).stream()
            .map(one -> new DeadLetter(EventReference.of(one), "because", "cost_estimate_usd"))
            .toList();
    lease.discard(refused);
    assertThat(lease.stored()).isEmpty();
    assertThat(lease.end()).contains(new StreamPosition("s", 1));
    assertThat(deadLetters()).isEqualTo(refused);
    assertThat(queue().backlog()).isEqualTo(new Backlog(0, Backlog.EMPTY.oldestAge(), 2));
  }

  @Test
  void day_isQueuedOnce_withoutEventsQueuedBefore() {
    append(events(0, 3), false);
    append(events(3, 5), true);
    LocalDate day = LocalDate.ofInstant(AT, ZoneOffset.UTC);
    assertThat(enqueue(day.plusDays(1))).isZero();
    assertThat(enqueue(day)).isEqualTo(3);
    assertThat(enqueue(day)).isZero();
    assertThat(waiting(lease(), 10)).containsExactlyInAnyOrderElementsOf(events(0, 5));
  }

  @Test
  void day_isDue_afterEachComputation() {
    LocalDate day = LocalDate.ofInstant(AT, ZoneOffset.UTC);
    ExportLease lease = lease();
    assertThat(lease.day()).isEmpty();
    append(events(0, 3), false);
    compute(day);
    DayToExport due = lease.day().orElseThrow();
    assertThat(due.day().date()).isEqualTo(day);
    assertThat(due.day().revision()).isEqualTo(1);
    assertThat(due.source()).matches("[a-z0-9]+");
    assertThat(due.aggregates()).hasSize(due.day().aggregates()).isNotEmpty();
    lease.exported(due);
    assertThat(lease.day()).isEmpty();

    append(events(3, 4), false);
    compute(day);
    DayToExport again = lease.day().orElseThrow();
    assertThat(again.day().revision()).isEqualTo(2);
    assertThat(again.source()).isEqualTo(due.source());
    lease.exported(again);
    lease.exported(due);
    assertThat(lease.day()).isEmpty();
  }

  /** One that was closed may be given free a moment later. */
  private ExportLease lease() {
    long start = System.nanoTime();
    Optional<ExportLease> lease = queue().tryLease();
    while (lease.isEmpty() && System.nanoTime() - start < PATIENCE.toNanos()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      lease = queue().tryLease();
    }
    leases.add(lease.orElseThrow());
    return lease.get();
  }

  private int enqueue(LocalDate day) {
    int events = 0;
    Instant after = null;
    do {
      Enqueued part = queue().enqueue(day, after);
      events += part.events();
      after = part.next();
    } while (after != null);
    return events;
  }

  private static List<@Nullable TelemetryEvent> waiting(ExportLease lease, int limit) {
    List<@Nullable TelemetryEvent> events = new ArrayList<>();
    lease.waiting(limit).forEach(one -> events.add(read(one.json())));
    return events;
  }

  private static @Nullable TelemetryEvent read(@Nullable String json) {
    try {
      return json == null ? null : TelemetryEvent.fromMap(JSON.readValue(json, OBJECT));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ExportBatch batch(long offset, int from, int to) {
    byte[] bytes = new byte[to - from];
    new java.util.Random(from).nextBytes(bytes);
    return new ExportBatch(new StreamPosition("s", offset), new EncodedRows(to - from, bytes));
  }

  /** Some of one organisation and some of none, some with the same timestamp. */
  private static List<TelemetryEvent> events(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(
            i ->
                event("e-" + i)
                    .at(AT.plusSeconds(i / 2))
                    .org(i % 3 == 0 ? null : "org")
                    .model("model")
                    .latency((long) i)
                    .cost("0.000" + i)
                    .with("note", "déjà " + i)
                    .build())
        .toList();
  }
}

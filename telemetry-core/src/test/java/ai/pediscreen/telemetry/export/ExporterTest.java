package ai.pediscreen.telemetry.export;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.daily.ComputedDay;
import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.export.ExportException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ExporterTest {

  private static final LocalDate DAY = LocalDate.of(2026, 3, 9);

  private final InMemoryExportQueue queue = new InMemoryExportQueue();
  private final Place place = new Place();
  private final Heard heard = new Heard();
  private long nanos;
  private boolean busy;
  private Exporter exporter = exporter();

  @Test
  void queuedEvents_areExportedOnce_inBatches() {
    add(0, 1_201);
    drain();
    assertThat(place.rows).isEqualTo(ids(0, 1_201));
    assertThat(place.sizes).containsExactly(500, 500, 201);
    assertThat(exporter.figures().rows()).isEqualTo(1_201);
    assertThat(exporter.figures().batches()).isEqualTo(3);
    add(1_201, 1_202);
    nanos += Duration.ofSeconds(1).toNanos();
    drain();
    assertThat(place.rows).isEqualTo(ids(0, 1_202));
    assertThat(place.streams).isEqualTo(1);
  }

  @Test
  void largeBatch_isEncodedInParts() {
    place.maxRows = 3;
    add(0, 10);
    drain();
    assertThat(place.rows).isEqualTo(ids(0, 10));
    assertThat(place.sizes).containsExactly(3, 3, 3, 1);
  }

  @Test
  void anotherExporter_waitsForTheLease() {
    add(0, 1);
    exporter.step();
    Exporter other = exporter();
    assertThat(other.step()).isEqualTo(Duration.ofSeconds(1));
    assertThat(other.figures().active()).isFalse();
    exporter.close();
    other.step();
    assertThat(other.figures().active()).isTrue();
  }

  @Test
  void crashAfterStoring_isRecovered_withTheSameBytes() {
    add(0, 5);
    stepUntilStored();
    exporter.close();
    exporter = exporter();
    drain();
    assertThat(place.rows).isEqualTo(ids(0, 5));
  }

  @Test
  void lostAnswer_isRecovered_andTheBatchIsThereOnce() {
    add(0, 5);
    place.failAfterWriting.add(failure(Reason.UNREACHABLE));
    drain();
    assertThat(place.rows).isEqualTo(ids(0, 5));
    assertThat(place.sent).isEqualTo(2);
    assertThat(heard.twice).isZero();
    assertThat(heard.recovered).isEqualTo(1);
  }

  @Test
  void refusedRows_areDeadLetters_andTheRestIsSent() {
    add(0, 6);
    place.refused.addAll(List.of("e-1", "e-4"));
    drain();
    assertThat(place.rows).containsExactly("e-0", "e-2", "e-3", "e-5");
    assertThat(queue.deadLetters())
        .extracting(one -> one.reference().eventId(), DeadLetter::reason, DeadLetter::field)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("e-1", "bad", "f"),
            org.assertj.core.groups.Tuple.tuple("e-4", "bad", "f"));
    assertThat(heard.gaveUp).isEqualTo(2);
  }

  @Test
  void whollyRefusedBatch_leavesNoGapInTheStream() {
    add(0, 3);
    drain();
    place.refused.add("e-3");
    add(3, 4);
    later();
    drain();
    add(4, 6);
    later();
    drain();
    assertThat(place.rows).containsExactly("e-0", "e-1", "e-2", "e-4", "e-5");
    assertThat(place.streams).isEqualTo(1);
  }

  @Test
  void deletedEvent_isADeadLetter_andBlocksNothing() {
    add(0, 3);
    queue.forget(one(1));
    drain();
    assertThat(place.rows).containsExactly("e-0", "e-2");
    assertThat(queue.deadLetters()).hasSize(1);
    queue.append(one(7), true);
    queue.forget(one(7));
    later();
    drain();
    assertThat(queue.deadLetters()).hasSize(2);
    assertThat(queue.backlog().events()).isZero();
  }

  @Test
  void lostStream_isReplaced_withoutDuplicates_ifTheBatchWasNeverSent() {
    add(0, 3);
    drain();
    place.loseStream();
    add(3, 5);
    later();
    drain();
    assertThat(place.rows).isEqualTo(ids(0, 5));
    assertThat(place.streams).isEqualTo(2);
    assertThat(exporter.figures().possiblyTwice()).isZero();
  }

  @Test
  void streamLostWithABatchInDoubt_mayDuplicateIt_andIsReported() {
    add(0, 3);
    place.failAfterWriting.add(failure(Reason.UNREACHABLE));
    while (heard.failures.isEmpty()) {
      exporter.step();
    }
    place.loseStream();
    drain();
    assertThat(place.rows).containsExactly("e-0", "e-1", "e-2", "e-0", "e-1", "e-2");
    assertThat(exporter.figures().possiblyTwice()).isEqualTo(3);
    assertThat(heard.twice).isEqualTo(3);
  }

  @Test
  void repeatedlyLostStreams_areReopenedWithAPause() {
    add(0, 3);
    place.losing = true;
    long start = nanos;
    for (int i = 0; i < 60; i++) {
      nanos += exporter.step().toNanos();
    }
    long seconds = Duration.ofNanos(nanos - start).toSeconds();
    assertThat(place.streams).isGreaterThan(2);
    assertThat(seconds).isGreaterThanOrEqualTo(10L * (place.streams - 2));
    place.losing = false;
    drain();
    assertThat(place.rows).isEqualTo(ids(0, 3));
  }

  @Test
  void storedBatchFoundAfterACrash_isInDoubt() {
    add(0, 3);
    stepUntilStored();
    exporter.close();
    place.loseStream();
    exporter = exporter();
    drain();
    assertThat(exporter.figures().possiblyTwice()).isEqualTo(3);
  }

  @Test
  void failures_backOff_andAreCounted() {
    add(0, 1);
    for (int i = 0; i < 12; i++) {
      place.failBefore.add(failure(Reason.SERVER_ERROR));
    }
    drain();
    assertThat(place.rows).containsExactly("e-0");
    assertThat(heard.failures).hasSize(12);
    assertThat(exporter.figures().retries())
        .containsEntry(Reason.SERVER_ERROR, 12L)
        .containsEntry(Reason.REFUSED, 0L);
    assertThat(heard.failures.get(0)).isLessThanOrEqualTo(Duration.ofMillis(500));
    assertThat(heard.failures).anyMatch(pause -> pause.compareTo(Duration.ofSeconds(8)) > 0);
    assertThat(heard.recovered).isEqualTo(1);
  }

  @Test
  void lease_isRenewed_duringALongPause() {
    add(0, 1);
    place.failBefore.add(failure(Reason.REFUSED));
    while (heard.failures.isEmpty()) {
      exporter.step();
    }
    int sent = place.sent;
    long start = nanos;
    while (nanos - start < Duration.ofMinutes(4).toNanos()) {
      Duration pause = exporter.step();
      assertThat(pause).isLessThanOrEqualTo(Duration.ofSeconds(10));
      nanos += pause.toNanos();
      assertThat(exporter().step()).isEqualTo(Duration.ofSeconds(1));
    }
    assertThat(place.sent).isEqualTo(sent);
    drain();
    assertThat(place.rows).containsExactly("e-0");
  }

  @Test
  void destinationThatCannotBePrepared_isRetried_andNothingIsSent() {
    add(0, 1);
    place.failPrepare.add(failure(Reason.UNREACHABLE));
    exporter.step();
    assertThat(place.sent).isZero();
    assertThat(heard.failures).hasSize(1);
    drain();
    assertThat(place.rows).containsExactly("e-0");
  }

  @Test
  void unavailableStore_losesTheLease_andNothingElse() {
    add(0, 700);
    stepUntilStored();
    queue.unavailable(true);
    assertThat(exporter.step()).isPositive();
    assertThat(exporter.figures().active()).isFalse();
    exporter.refreshBacklog();
    queue.unavailable(false);
    drain();
    assertThat(place.rows).isEqualTo(ids(0, 700));
    exporter.refreshBacklog();
    assertThat(exporter.figures().backlog()).isEqualTo(Backlog.EMPTY);
  }

  @Test
  void days_areExportedAtTheirRevision_andAgainAtTheNext() {
    computed(1);
    place.dayAnswers.addAll(List.of(false, false, true));
    drain();
    assertThat(place.days)
        .containsExactly("src 2026-03-09 r1", "src 2026-03-09 r1", "src 2026-03-09 r1");
    assertThat(exporter.figures().days()).isEqualTo(1);
    computed(2);
    later();
    drain();
    assertThat(place.days).last().isEqualTo("src 2026-03-09 r2");
  }

  @Test
  void daysAndEvents_failIndependently() {
    add(0, 1);
    computed(1);
    place.failBefore.add(failure(Reason.REFUSED));
    for (int i = 0; i < 5; i++) {
      exporter.step();
    }
    assertThat(exporter.figures().days()).isEqualTo(1);
    assertThat(place.rows).isEmpty();

    drain();
    computed(2);
    add(1, 2);
    place.dayFailures.add(failure(Reason.QUOTA_EXCEEDED));
    later();
    for (int i = 0; i < 5; i++) {
      exporter.step();
    }
    assertThat(place.rows).containsExactly("e-0", "e-1");
    assertThat(exporter.figures().days()).isEqualTo(1);
    drain();
    assertThat(exporter.figures().days()).isEqualTo(2);
  }

  @Test
  void step_restsThreeTimesAsLong_whileEventsWaitToBeStored() {
    add(0, 2_500);
    stepUntilStored();
    place.appendTakes = Duration.ofMillis(7);
    assertThat(exporter.step()).isZero();
    busy = true;
    assertThat(exporter.step()).isEqualTo(Duration.ofMillis(21));
    place.appendTakes = Duration.ofSeconds(7);
    assertThat(exporter.step()).isEqualTo(Duration.ofMillis(200));
    busy = false;
    assertThat(exporter.step()).isZero();
    drain();
    assertThat(place.rows).hasSize(2_500);
  }

  private Exporter exporter() {
    return new Exporter(queue, place, heard, () -> busy, new Random(1), () -> nanos);
  }

  private void add(int from, int to) {
    for (int i = from; i < to; i++) {
      queue.append(one(i), true);
    }
  }

  private void computed(long revision) {
    queue.computed(
        new DayToExport(
            "src",
            new ComputedDay(DAY, revision, 1),
            List.of(InMemoryExportQueueTest.aggregate(DAY)),
            List.of()));
  }

  private void later() {
    nanos += Duration.ofSeconds(1).toNanos();
  }

  /** Lets the time pass that each step asks for, until nothing is left. */
  private void drain() {
    int steps = 0;
    do {
      nanos += exporter.step().toNanos();
      assertThat(steps++).as("steps").isLessThan(1_000);
    } while (!exporter.isIdle());
  }

  private void stepUntilStored() {
    while (place.encoded == 0) {
      exporter.step();
    }
    assertThat(place.sent).isZero();
  }

  private static TelemetryEvent one(int i) {
    return event("e-" + i).build();
  }

  private static List<String> ids(int from, int to) {
    List<String> ids = new ArrayList<>();
    for (int i = from; i < to; i++) {
      ids.add("e-" + i);
    }
    return ids;
  }

  private static ExportException failure(Reason reason) {
    return new ExportException(reason, reason.name(), null);
  }

  /** A place with streams that take rows at their end alone. */
  private final class Place implements EventExporter {
    private final List<String> rows = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private final Map<String, Long> ends = new HashMap<>();
    private final List<String> refused = new ArrayList<>();
    private final List<String> days = new ArrayList<>();
    private final Deque<ExportException> failPrepare = new ArrayDeque<>();
    private final Deque<ExportException> failBefore = new ArrayDeque<>();
    private final Deque<ExportException> failAfterWriting = new ArrayDeque<>();
    private final Deque<ExportException> dayFailures = new ArrayDeque<>();
    private final Deque<Boolean> dayAnswers = new ArrayDeque<>();
    private Duration appendTakes = Duration.ZERO;
    private int maxRows = Integer.MAX_VALUE;
    private boolean losing;
    private int streams;
    private int sent;
    private int encoded;

    void loseStream() {
      ends.clear();
    }

    @Override
    public void prepare() {
      throwFirst(failPrepare);
    }

    @Override
    public String openStream() {
      String name = "s-" + ++streams;
      ends.put(name, 0L);
      return name;
    }

    @Override
    public EncodedRows encode(List<WaitingEvent> events) {
      encoded++;
      assertThat(events).extracting(WaitingEvent::json).doesNotContainNull();
      return rows(events.stream().limit(maxRows).map(one -> one.reference().eventId()).toList());
    }

    @Override
    public AppendReceipt append(ExportBatch batch, Runnable meanwhile) {
      sent++;
      nanos += appendTakes.toNanos();
      throwFirst(failBefore);
      meanwhile.run();
      Long end = ends.get(batch.position().stream());
      if (end == null || losing) {
        return new AppendReceipt.StreamLost();
      }
      List<String> ids = new String(batch.rows().bytes(), StandardCharsets.UTF_8).lines().toList();
      List<DeadLetter> faults =
          ids.stream()
              .filter(refused::contains)
              .map(id -> new DeadLetter(EventReference.of(event(id).build()), "bad", "f"))
              .toList();
      if (!faults.isEmpty()) {
        List<String> rest = ids.stream().filter(id -> !refused.contains(id)).toList();
        return new AppendReceipt.RowsRefused(faults, rest.isEmpty() ? null : rows(rest));
      }
      assertThat(batch.position().offset()).isLessThanOrEqualTo(end);
      if (batch.position().offset() == end) {
        rows.addAll(ids);
        sizes.add(ids.size());
        ends.put(batch.position().stream(), end + ids.size());
      }
      throwFirst(failAfterWriting);
      return new AppendReceipt.Appended();
    }

    @Override
    public boolean replaceDay(
        String source, ComputedDay day, List<DailyAggregate> aggregates, List<DriftRecord> drift) {
      throwFirst(dayFailures);
      days.add(source + " " + day.date() + " r" + day.revision());
      return dayAnswers.isEmpty() || dayAnswers.remove();
    }

    private static EncodedRows rows(List<String> ids) {
      return new EncodedRows(
          ids.size(),
          ids.stream().collect(Collectors.joining("\n")).getBytes(StandardCharsets.UTF_8));
    }

    private static void throwFirst(Deque<ExportException> failures) {
      @Nullable ExportException failure = failures.poll();
      if (failure != null) {
        throw failure;
      }
    }
  }

  private static final class Heard implements ExportListener {
    private final List<Duration> failures = new ArrayList<>();
    private int recovered;
    private int gaveUp;
    private int twice;

    @Override
    public void failed(ExportException failure, Duration pause) {
      failures.add(pause);
    }

    @Override
    public void recovered() {
      recovered++;
    }

    @Override
    public void gaveUp(List<DeadLetter> deadLetters) {
      gaveUp += deadLetters.size();
    }

    @Override
    public void possiblyTwice(ExportBatch batch) {
      twice += batch.rows().count();
    }
  }
}

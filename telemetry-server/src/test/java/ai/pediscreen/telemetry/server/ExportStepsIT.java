package ai.pediscreen.telemetry.server;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.bigquery.BigQueryTelemetry;
import ai.pediscreen.telemetry.bigquery.FakeBigQuery;
import ai.pediscreen.telemetry.bigquery.FakeBigQuery.Fault;
import ai.pediscreen.telemetry.daily.ComputedDay;
import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.export.AppendReceipt;
import ai.pediscreen.telemetry.export.Backlog;
import ai.pediscreen.telemetry.export.DayToExport;
import ai.pediscreen.telemetry.export.DeadLetter;
import ai.pediscreen.telemetry.export.EncodedRows;
import ai.pediscreen.telemetry.export.Enqueued;
import ai.pediscreen.telemetry.export.EventExporter;
import ai.pediscreen.telemetry.export.ExportBatch;
import ai.pediscreen.telemetry.export.ExportException;
import ai.pediscreen.telemetry.export.ExportLease;
import ai.pediscreen.telemetry.export.ExportListener;
import ai.pediscreen.telemetry.export.ExportQueue;
import ai.pediscreen.telemetry.export.Exporter;
import ai.pediscreen.telemetry.export.StreamPosition;
import ai.pediscreen.telemetry.export.WaitingEvent;
import ai.pediscreen.telemetry.postgres.PostgresSettings;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.server.url.DatabaseUrl;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Exporters that die at every step of a batch, over real PostgreSQL, real gRPC and a fake BigQuery
 * that takes a row only at its offset: each event is there once.
 */
class ExportStepsIT {

  private final PostgresTelemetry telemetry = open();
  private final FakeBigQuery fake = FakeBigQuery.start("p-1");
  private int events;

  /** Where an exporter dies. */
  enum Step {
    BEFORE_STORING,
    AFTER_STORING,
    BEFORE_APPEND,
    WHILE_THE_ANSWER_IS_AWAITED,
    AFTER_APPEND_AND_BEFORE_THE_ANSWER,
    BEFORE_MARKING,
    AFTER_MARKING
  }

  /** What a killed process does: nothing more. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  @AfterEach
  void close() {
    fake.close();
    telemetry.close();
  }

  @ParameterizedTest
  @EnumSource
  void everyEvent_arrivesOnce_whenEveryExporterDiesAtThisStep(Step step) {
    append(1_700);
    int deaths = 0;
    // The first exporters die the first time, the second, … that they come to the step.
    for (int lives = 0; lives < 4; lives++) {
      int[] left = {lives};
      deaths += run(at -> at == step && left[0]-- == 0) ? 0 : 1;
    }
    assertThat(deaths).isPositive();
    assertThat(run(at -> false)).isTrue();
    assertEachOnce();
  }

  @Test
  void everyEvent_arrivesOnce_underRandomFailures() {
    long seed = Long.getLong("telemetry.test.seed", System.nanoTime());
    System.out.println("ExportStepsIT: seed " + seed + " (-Dtelemetry.test.seed=…)");
    Random random = new Random(seed);
    Set<Step> met = EnumSet.noneOf(Step.class);
    for (int i = 0; i < 40; i++) {
      append(random.nextInt(900));
      if (random.nextInt(4) == 0) {
        // Fails without dying: what was sent may be there or not.
        boolean[] once = {true};
        boolean after = random.nextBoolean();
        fake.faults(
            offset -> {
              boolean fails = once[0];
              once[0] = false;
              return !fails ? Fault.NONE : after ? Fault.ANSWER_LOST : Fault.REQUEST_LOST;
            });
      }
      double deadly = random.nextDouble() * 0.3;
      boolean unused =
          run(
              at -> {
                boolean dies = random.nextDouble() < deadly;
                if (dies) {
                  met.add(at);
                }
                return dies;
              });
    }
    fake.faults(offset -> Fault.NONE);
    assertThat(run(at -> false)).isTrue();
    assertThat(met).hasSizeGreaterThan(3);
    assertEachOnce();
  }

  private void append(int count) {
    List<TelemetryEvent> batch = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      batch.add(
          event("e-" + events++).at(Instant.now()).model("m").org("o").latency((long) i).build());
    }
    assertThat(telemetry.events().append(OrgPermission.all(), batch))
        .allMatch(receipt -> receipt.equals(Receipt.accepted()));
  }

  /** Runs an exporter until nothing is left; false if it died before. */
  private boolean run(Predicate<Step> dies) {
    DyingQueue queue = new DyingQueue(telemetry.exports(), dies);
    try (BigQueryTelemetry bigQuery = BigQueryTelemetry.open(fake.settings());
        Exporter exporter =
            new Exporter(
                queue,
                new DyingExporter(bigQuery.exporter(), dies),
                new NoListener(),
                () -> false)) {
      do {
        pause(exporter.step());
      } while (!exporter.isIdle());
      return true;
    } catch (Killed e) {
      return false;
    }
  }

  private static void pause(Duration pause) {
    // The pauses after failures are drawn anew by each exporter, and are half a second at first.
    if (!pause.isZero()) {
      long start = System.nanoTime();
      Waiting.until(
          "the pause is over",
          Duration.ofMinutes(1),
          () -> System.nanoTime() - start >= pause.toNanos());
    }
  }

  private void assertEachOnce() {
    List<String> ids = fake.values("events", "event_id").stream().sorted().toList();
    List<String> wanted = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      wanted.add("e-" + i);
    }
    assertThat(ids).isEqualTo(wanted.stream().sorted().toList());
    assertThat(telemetry.exports().backlog()).isEqualTo(Backlog.EMPTY);
  }

  private static PostgresTelemetry open() {
    DatabaseUrl url = DatabaseUrl.parse(PostgresServer.freshDatabase());
    return PostgresTelemetry.open(
        PostgresSettings.of(url.jdbcUrl(), url.user(), url.password())
            .withRetentionDays(2)
            .withExporting(true),
        Duration.ofSeconds(10));
  }

  /** A queue whose leases die around their writes. */
  private record DyingQueue(ExportQueue queue, Predicate<Step> dies) implements ExportQueue {
    @Override
    public Optional<ExportLease> tryLease() {
      return queue.tryLease().map(lease -> new DyingLease(lease, dies));
    }

    @Override
    public Backlog backlog() {
      return queue.backlog();
    }

    @Override
    public Enqueued enqueue(LocalDate day, @Nullable Instant after) {
      return queue.enqueue(day, after);
    }
  }

  private record DyingLease(ExportLease lease, Predicate<Step> dies) implements ExportLease {
    @Override
    public void store(@Nullable ExportBatch next, int taken, List<DeadLetter> deadLetters) {
      // To store the next batch is to mark the one before, if there was one.
      boolean marks = lease.stored().isPresent();
      die(dies, marks ? Step.BEFORE_MARKING : Step.BEFORE_STORING);
      lease.store(next, taken, deadLetters);
      die(dies, next == null ? Step.AFTER_MARKING : Step.AFTER_STORING);
    }

    @Override
    public Optional<ExportBatch> stored() {
      return lease.stored();
    }

    @Override
    public Optional<StreamPosition> end() {
      return lease.end();
    }

    @Override
    public List<WaitingEvent> waiting(int limit) {
      return lease.waiting(limit);
    }

    @Override
    public void discard(List<DeadLetter> deadLetters) {
      lease.discard(deadLetters);
    }

    @Override
    public Optional<DayToExport> day() {
      return lease.day();
    }

    @Override
    public void exported(DayToExport day) {
      lease.exported(day);
    }

    @Override
    public void renew() {
      lease.renew();
    }

    @Override
    public void close() {
      // The database ends the session of a process that was killed.
      lease.close();
    }
  }

  private record DyingExporter(EventExporter exporter, Predicate<Step> dies)
      implements EventExporter {
    @Override
    public AppendReceipt append(ExportBatch batch, Runnable meanwhile) {
      die(dies, Step.BEFORE_APPEND);
      AppendReceipt receipt =
          exporter.append(
              batch,
              () -> {
                die(dies, Step.WHILE_THE_ANSWER_IS_AWAITED);
                meanwhile.run();
              });
      die(dies, Step.AFTER_APPEND_AND_BEFORE_THE_ANSWER);
      return receipt;
    }

    @Override
    public void prepare() {
      exporter.prepare();
    }

    @Override
    public String openStream() {
      return exporter.openStream();
    }

    @Override
    public EncodedRows encode(List<WaitingEvent> toEncode) {
      return exporter.encode(toEncode);
    }

    @Override
    public boolean replaceDay(
        String source, ComputedDay day, List<DailyAggregate> aggregates, List<DriftRecord> drift) {
      return exporter.replaceDay(source, day, aggregates, drift);
    }
  }

  private static void die(Predicate<Step> dies, Step step) {
    if (dies.test(step)) {
      throw new Killed();
    }
  }

  private static final class NoListener implements ExportListener {
    @Override
    public void failed(ExportException failure, Duration pause) {
      assertThat(failure.reason()).isEqualTo(ExportException.Reason.SERVER_ERROR);
    }

    @Override
    public void recovered() {}

    @Override
    public void gaveUp(List<DeadLetter> deadLetters) {
      throw new AssertionError("nothing is to be given up: " + deadLetters);
    }

    @Override
    public void possiblyTwice(ExportBatch batch) {
      throw new AssertionError("no stream is lost: " + batch);
    }
  }
}

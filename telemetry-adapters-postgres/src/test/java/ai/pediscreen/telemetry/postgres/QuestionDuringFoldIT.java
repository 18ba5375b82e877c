package ai.pediscreen.telemetry.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import ai.pediscreen.telemetry.postgres.usage.PendingUsage;
import ai.pediscreen.telemetry.postgres.usage.UsageRollup;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;
import ai.pediscreen.telemetry.usage.spi.RollupWidth;
import ai.pediscreen.telemetry.usage.spi.RollupWidth.Piece;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A question reads rollups and what is pending one after the other, and folds do not wait. */
class QuestionDuringFoldIT {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:30Z");
  private static final Instant DAY = NOW.truncatedTo(ChronoUnit.DAYS);
  private static final List<Piece> TODAY =
      List.of(new Piece(RollupWidth.DAY, DAY, DAY.plus(1, ChronoUnit.DAYS)));
  private static final UsageFilter ALL =
      new UsageFilter(OrgFilter.all(), null, TimeWindow.last(UsageRange.DAY, NOW));
  private static final long FOLDED = 20;
  private static final long PENDING = 7;

  private final TestDatabase database = TestDatabase.create();
  private final InstantSource clock = InstantSource.fixed(NOW);
  private final PostgresTelemetry telemetry = database.openWithoutFolding(clock);
  private final Database reader = Opening.pooled(database.settings(clock));

  @BeforeEach
  void haveSomeFoldedAndSomePending() {
    append("folded-", FOLDED);
    telemetry.fold();
    append("pending-", PENDING);
  }

  @AfterEach
  void close() {
    reader.close();
    telemetry.close();
  }

  @Test
  @DisplayName("Events folded after a question has read the rollups are not missed by it")
  void eventsBeingFolded_areCounted_byAQuestionThatHasReadTheRollups() {
    long counted =
        reader.read(
            OrgFilter.all(),
            handle -> {
              long inRollups = inRollups(handle);
              assertThat(telemetry.fold()).isEqualTo(1);
              return inRollups + pending(handle);
            });

    assertThat(counted).isEqualTo(FOLDED + PENDING);
    assertAllAreFolded();
  }

  @Test
  @DisplayName("Events folded after a question has read what is pending are not counted twice")
  void eventsBeingFolded_areCountedOnce_byAQuestionThatHasReadWhatIsPending() {
    long counted =
        reader.read(
            OrgFilter.all(),
            handle -> {
              long pending = pending(handle);
              assertThat(telemetry.fold()).isEqualTo(1);
              return pending + inRollups(handle);
            });

    assertThat(counted).isEqualTo(FOLDED + PENDING);
    assertAllAreFolded();
  }

  private void assertAllAreFolded() {
    assertThat(reader.<Long>read(OrgFilter.all(), QuestionDuringFoldIT::inRollups))
        .isEqualTo(FOLDED + PENDING);
    assertThat(reader.<Long>read(OrgFilter.all(), QuestionDuringFoldIT::pending)).isZero();
  }

  private static long inRollups(Handle handle) {
    return UsageRollup.rows(handle, ALL, TODAY).stream()
        .mapToLong(row -> row.tally().calls())
        .sum();
  }

  private static long pending(Handle handle) {
    AtomicLong calls = new AtomicLong();
    PendingUsage.forEach(handle, null, (key, cell) -> calls.addAndGet(cell.tally().calls()));
    return calls.get();
  }

  private void append(String ids, long events) {
    List<TelemetryEvent> batch =
        IntStream.range(0, (int) events)
            .mapToObj(i -> EventBuilder.event(ids + i).at(NOW.minusSeconds(60L * i)).build())
            .toList();
    assertThat(telemetry.events().append(OrgPermission.all(), batch))
        .containsOnly(Receipt.accepted());
  }
}

package ai.pediscreen.telemetry.postgres.partition;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DayPartitionsIT {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:30Z");
  private static final LocalDate SLOW_DAY = LocalDate.of(2026, 3, 8);

  private final TestDatabase database = TestDatabase.create();
  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final PostgresTelemetry telemetry = database.openWithoutFolding(now::get);

  @AfterEach
  void close() {
    telemetry.close();
  }

  @Test
  @DisplayName("An index that another server has made meanwhile is not made anew")
  void indexesOfAnotherServer_areKept() throws Exception {
    append(event("older", SLOW_DAY.minusDays(1)), event("newer", SLOW_DAY));
    CompletableFuture<Void> maintenance;
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      // So this server has looked at both days, and waits at the first.
      statement.execute("LOCK TABLE event_p20260307 IN SHARE UPDATE EXCLUSIVE MODE");
      maintenance = CompletableFuture.runAsync(telemetry.maintenance()::run);
      while (!"t"
          .equals(
              database.value(
                  "SELECT count(*) > 0 FROM pg_locks"
                      + " WHERE relation = CAST('event_p20260307' AS regclass) AND NOT granted"))) {
        Thread.onSpinWait();
      }
      StringBuilder indexes = new StringBuilder();
      for (String column : List.of("event_id", "trace_id", "case_id", "user_id")) {
        indexes.append(
            "CREATE INDEX event_p20260308_by_%1$s ON event_p20260308 (%1$s);".formatted(column));
      }
      database.execute(indexes.toString());
      other.rollback();
    }
    String made =
        "SELECT string_agg(CAST(oid AS text), ' ' ORDER BY oid) FROM pg_class"
            + " WHERE relname LIKE 'event_p20260308_by_%'";
    String before = database.value(made);
    maintenance.get();
    assertThat(database.value(made)).isEqualTo(before);
  }

  private List<Receipt> append(TelemetryEvent... events) {
    return telemetry.events().append(OrgPermission.all(), List.of(events));
  }

  private static TelemetryEvent event(String id, LocalDate day) {
    return EventBuilder.event(id)
        .org("org-of-" + id)
        .model("m")
        .caseId("case-of-" + id)
        .at(Instant.parse(day + "T12:00:00Z"))
        .build();
  }
}

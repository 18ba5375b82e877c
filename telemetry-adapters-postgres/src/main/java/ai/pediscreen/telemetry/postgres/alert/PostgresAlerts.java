package ai.pediscreen.telemetry.postgres.alert;

import ai.pediscreen.telemetry.alert.Alert;
import ai.pediscreen.telemetry.alert.AlertChanges;
import ai.pediscreen.telemetry.alert.AlertChannel;
import ai.pediscreen.telemetry.alert.AlertDelivery;
import ai.pediscreen.telemetry.alert.AlertFigures;
import ai.pediscreen.telemetry.alert.AlertStore;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.postgres.transaction.AdvisoryLock;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Alerts and their messages.
 *
 * @implNote The right to judge is an advisory lock of the session that stores what was judged, so
 *     who has lost it can change nothing.
 */
public final class PostgresAlerts implements AlertStore {

  /** "PSALERT" in ASCII. */
  private static final long JUDGING = 0x50_53_41_4c_45_52_54L;

  private static final Duration KNOWN = Duration.ofDays(1);

  private final Database database;

  public PostgresAlerts(Database database) {
    this.database = database;
  }

  @Override
  public boolean judge(Duration pause, Set<AlertChannel> channels, Judgement judgement) {
    return database.inOwnSession(
        handle -> {
          if (!AdvisoryLock.tryInSession(handle, JUDGING)) {
            return false;
          }
          Instant now = database.now(handle);
          Instant judged = AlertTable.judged(handle);
          if (judged != null && now.isBefore(judged.plus(pause))) {
            return false;
          }
          AlertChanges changes = judgement.of(AlertTable.since(handle, now.minus(KNOWN)), now);
          handle.useTransaction(transaction -> store(transaction, changes, channels, now));
          return true;
        });
  }

  private static void store(
      Handle handle, AlertChanges changes, Set<AlertChannel> channels, Instant now) {
    AlertTable.judged(handle, now);
    changes.alerts().forEach(alert -> AlertTable.put(handle, alert));
    changes.messages().forEach(message -> AlertOutbox.add(handle, message, channels));
    AlertOutbox.removeBefore(handle, now.minus(KEPT));
    AlertTable.removeBefore(handle, now.minus(KEPT));
  }

  @Override
  public Optional<AlertDelivery> take(Set<AlertChannel> channels, Duration lease) {
    return database.write(
        handle -> AlertOutbox.take(handle, channels, database.now(handle), lease));
  }

  @Override
  public void delivered(AlertDelivery delivery) {
    database.write(handle -> AlertOutbox.delivered(handle, delivery, database.now(handle)));
  }

  @Override
  public void failed(AlertDelivery delivery, String reason, @Nullable Duration pause) {
    database.write(
        handle -> AlertOutbox.failed(handle, delivery, reason, pause, database.now(handle)));
  }

  @Override
  public List<Alert> alerts(int limit) {
    return database.read(OrgFilter.all(), handle -> AlertTable.newest(handle, limit));
  }

  @Override
  public List<AlertDelivery> deliveries(int limit) {
    return database.read(OrgFilter.all(), handle -> AlertOutbox.newest(handle, limit));
  }

  @Override
  public AlertFigures figures() {
    return database.read(
        OrgFilter.all(), handle -> AlertOutbox.figures(handle, database.now(handle)));
  }
}

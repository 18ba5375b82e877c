package ai.pediscreen.telemetry.postgres.alert;

import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.timestamp;
import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import ai.pediscreen.telemetry.alert.Alert;
import ai.pediscreen.telemetry.alert.AlertKind;
import ai.pediscreen.telemetry.alert.AlertSubject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Tables {@code alert} and {@code alert_clock}. */
final class AlertTable {

  private AlertTable() {}

  /** When the rules were last evaluated; null if never. */
  static @Nullable Instant judged(Handle handle) {
    return handle
        .createQuery("SELECT judged FROM alert_clock")
        .map((row, context) -> timestampOrNull(row, "judged"))
        .list()
        .get(0);
  }

  static void judged(Handle handle, Instant now) {
    handle.createUpdate("UPDATE alert_clock SET judged = :now").bind("now", utc(now)).execute();
  }

  static void put(Handle handle, Alert alert) {
    AlertSubject subject = alert.subject();
    handle
        .createUpdate(
            """
            INSERT INTO alert (id, subject, kind, together, model_id, feature, subgroup, opened,
              well_since, resolved, value, bound, summary, incident)
            VALUES (:id, :subject, :kind, :together, :modelId, :feature, :subgroup, :opened,
              CAST(:wellSince AS timestamptz), CAST(:resolved AS timestamptz), :value, :bound,
              :summary, :incident)
            ON CONFLICT (id) DO UPDATE SET
              well_since = excluded.well_since, resolved = excluded.resolved,
              value = excluded.value, bound = excluded.bound, summary = excluded.summary,
              incident = excluded.incident
            """)
        .bind("id", alert.id())
        .bind("subject", subject.key())
        .bind("kind", subject.kind().label())
        .bind("together", subject.together())
        .bind("modelId", subject.modelId())
        .bind("feature", subject.feature())
        .bind("subgroup", subject.subgroup())
        .bind("opened", utc(alert.opened()))
        .bind("wellSince", utcOrNull(alert.wellSince()))
        .bind("resolved", utcOrNull(alert.resolved()))
        .bind("value", alert.value())
        .bind("bound", alert.bound())
        .bind("summary", alert.text())
        .bind("incident", alert.incident())
        .execute();
  }

  /** Those that are open, or were resolved since. */
  static List<Alert> since(Handle handle, Instant resolved) {
    return handle
        .createQuery(
            """
            SELECT *, id AS alert_id FROM alert
            WHERE resolved IS NULL OR resolved > :resolved
            ORDER BY opened, id
            """)
        .bind("resolved", utc(resolved))
        .map((row, context) -> alert(row))
        .list();
  }

  static List<Alert> newest(Handle handle, int limit) {
    return handle
        .createQuery(
            """
            SELECT *, id AS alert_id FROM alert
            ORDER BY resolved IS NULL DESC, opened DESC, id
            LIMIT :limit
            """)
        .bind("limit", limit)
        .map((row, context) -> alert(row))
        .list();
  }

  /** Those without a pending message. */
  static void removeBefore(Handle handle, Instant resolved) {
    handle
        .createUpdate(
            """
            DELETE FROM alert
            WHERE resolved < :resolved
              AND NOT EXISTS (SELECT FROM alert_message WHERE alert_id = alert.id)
            """)
        .bind("resolved", utc(resolved))
        .execute();
  }

  static Alert alert(ResultSet row) throws SQLException {
    AlertSubject subject =
        new AlertSubject(
            AlertKind.ofLabel(row.getString("kind")).orElseThrow(),
            row.getBoolean("together"),
            row.getString("model_id"),
            row.getString("feature"),
            row.getString("subgroup"));
    return new Alert(
        row.getObject("alert_id", UUID.class),
        subject,
        timestamp(row, "opened"),
        timestampOrNull(row, "well_since"),
        timestampOrNull(row, "resolved"),
        row.getObject("value", Double.class),
        row.getObject("bound", Double.class),
        row.getString("summary"),
        row.getString("incident"));
  }

  static @Nullable Instant timestampOrNull(ResultSet row, String column) throws SQLException {
    return row.getObject(column) == null ? null : timestamp(row, column);
  }

  private static @Nullable OffsetDateTime utcOrNull(@Nullable Instant instant) {
    return instant == null ? null : utc(instant);
  }
}

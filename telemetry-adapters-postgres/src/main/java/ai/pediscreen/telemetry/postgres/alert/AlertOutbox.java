package ai.pediscreen.telemetry.postgres.alert;

import static ai.pediscreen.telemetry.postgres.alert.AlertTable.timestampOrNull;
import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.timestamp;
import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import ai.pediscreen.telemetry.alert.AlertChannel;
import ai.pediscreen.telemetry.alert.AlertDelivery;
import ai.pediscreen.telemetry.alert.AlertFigures;
import ai.pediscreen.telemetry.alert.AlertMessage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Tables {@code alert_message} and {@code alert_delivery}: what is to be sent, and where. */
final class AlertOutbox {

  /** The message as it was created, and its delivery on one channel. */
  private static final String DELIVERY =
      """
      SELECT delivery.*, message.event, message.at, message.alert_id, message.resolved,
        message.value, message.bound, message.summary, message.incident, alert.kind, alert.together, alert.model_id,
        alert.feature, alert.subgroup, alert.opened, CAST(NULL AS timestamptz) AS well_since
      FROM %s AS delivery
        JOIN alert_message AS message ON message.id = delivery.message_id
        JOIN alert ON alert.id = message.alert_id
      """;

  private AlertOutbox() {}

  static void add(Handle handle, AlertMessage message, Set<AlertChannel> channels) {
    Instant resolved = message.alert().resolved();
    handle
        .createUpdate(
            """
            INSERT INTO alert_message (id, alert_id, event, at, resolved, value, bound, summary,
              incident)
            VALUES (:id, :alertId, :event, :at, CAST(:resolved AS timestamptz), :value, :bound,
              :summary, :incident)
            """)
        .bind("id", message.id())
        .bind("alertId", message.alert().id())
        .bind("event", message.event().label())
        .bind("at", utc(message.at()))
        .bind("resolved", resolved == null ? null : utc(resolved))
        .bind("value", message.alert().value())
        .bind("bound", message.alert().bound())
        .bind("summary", message.alert().text())
        .bind("incident", message.alert().incident())
        .execute();
    for (AlertChannel channel : channels) {
      handle
          .createUpdate(
              """
              INSERT INTO alert_delivery (message_id, channel, due)
              VALUES (:messageId, :channel, :due)
              """)
          .bind("messageId", message.id())
          .bind("channel", channel.label())
          .bind("due", utc(message.at()))
          .execute();
    }
  }

  static Optional<AlertDelivery> take(
      Handle handle, Set<AlertChannel> channels, Instant now, Duration lease) {
    return handle
        .createQuery(
            """
            WITH next AS (
              SELECT delivery.message_id, delivery.channel
              FROM alert_delivery AS delivery
                JOIN alert_message AS message ON message.id = delivery.message_id
              WHERE delivery.delivered IS NULL AND delivery.parked IS NULL
                AND delivery.due <= :now AND delivery.channel = ANY (:channels)
                AND NOT EXISTS (
                  SELECT FROM alert_message AS earlier
                    JOIN alert_delivery AS waiting ON waiting.message_id = earlier.id
                  WHERE earlier.alert_id = message.alert_id AND earlier.number < message.number
                    AND waiting.channel = delivery.channel
                    AND waiting.delivered IS NULL AND waiting.parked IS NULL)
              ORDER BY message.number, delivery.channel
              LIMIT 1
              FOR UPDATE OF delivery SKIP LOCKED),
            taken AS (
              UPDATE alert_delivery AS delivery SET attempts = attempts + 1, due = :until
              FROM next
              WHERE delivery.message_id = next.message_id AND delivery.channel = next.channel
              RETURNING delivery.*)
            """
                + DELIVERY.formatted("taken"))
        .bind("now", utc(now))
        .bind("until", utc(now.plus(lease)))
        .bindArray("channels", String.class, channels.stream().map(AlertChannel::label).toList())
        .map((row, context) -> delivery(row))
        .findOne();
  }

  static int delivered(Handle handle, AlertDelivery delivery, Instant now) {
    return handle
        .createUpdate(
            """
            UPDATE alert_delivery SET delivered = :now, parked = NULL, failure = NULL
            WHERE message_id = :messageId AND channel = :channel
            """)
        .bind("now", utc(now))
        .bind("messageId", delivery.message().id())
        .bind("channel", delivery.channel().label())
        .execute();
  }

  static int failed(
      Handle handle, AlertDelivery delivery, String reason, @Nullable Duration pause, Instant now) {
    return handle
        .createUpdate(
            """
            UPDATE alert_delivery SET due = :due, failure = :reason,
              parked = CASE WHEN :parked THEN CAST(:now AS timestamptz) END
            WHERE message_id = :messageId AND channel = :channel
              AND delivered IS NULL AND parked IS NULL
            """)
        .bind("due", utc(pause == null ? now : now.plus(pause)))
        .bind("reason", reason)
        .bind("parked", pause == null)
        .bind("now", utc(now))
        .bind("messageId", delivery.message().id())
        .bind("channel", delivery.channel().label())
        .execute();
  }

  static List<AlertDelivery> newest(Handle handle, int limit) {
    return handle
        .createQuery(
            DELIVERY.formatted("alert_delivery")
                + "ORDER BY message.number DESC, delivery.channel LIMIT :limit")
        .bind("limit", limit)
        .map((row, context) -> delivery(row))
        .list();
  }

  /** Removes messages without a pending delivery. */
  static void removeBefore(Handle handle, Instant at) {
    handle
        .createUpdate(
            """
            DELETE FROM alert_message AS message
            WHERE at < :at AND NOT EXISTS (
              SELECT FROM alert_delivery
              WHERE message_id = message.id AND delivered IS NULL AND parked IS NULL)
            """)
        .bind("at", utc(at))
        .execute();
  }

  static AlertFigures figures(Handle handle, Instant now) {
    return handle
        .createQuery(
            """
            SELECT (SELECT count(*) FROM alert WHERE resolved IS NULL) AS open,
              count(*) FILTER (WHERE delivery.delivered IS NULL AND delivery.parked IS NULL)
                AS waiting,
              count(*) FILTER (WHERE delivery.parked IS NOT NULL) AS parked,
              min(message.at) FILTER (WHERE delivery.delivered IS NULL AND delivery.parked IS NULL)
                AS oldest,
              (SELECT judged FROM alert_clock) AS judged
            FROM alert_delivery AS delivery
              JOIN alert_message AS message ON message.id = delivery.message_id
            """)
        .map(
            (row, context) ->
                new AlertFigures(
                    row.getLong("open"),
                    row.getLong("waiting"),
                    row.getLong("parked"),
                    since(row, "oldest", now),
                    since(row, "judged", now)))
        .one();
  }

  private static Duration since(ResultSet row, String column, Instant now) throws SQLException {
    OffsetDateTime then = row.getObject(column, OffsetDateTime.class);
    return then == null ? Duration.ZERO : Duration.between(then.toInstant(), now);
  }

  private static AlertDelivery delivery(ResultSet row) throws SQLException {
    String event = row.getString("event");
    AlertMessage message =
        new AlertMessage(
            row.getObject("message_id", UUID.class),
            Arrays.stream(AlertMessage.Event.values())
                .filter(one -> one.label().equals(event))
                .findFirst()
                .orElseThrow(),
            AlertTable.alert(row),
            timestamp(row, "at"));
    return new AlertDelivery(
        message,
        AlertChannel.valueOf(row.getString("channel").toUpperCase(Locale.ROOT)),
        row.getInt("attempts"),
        timestamp(row, "due"),
        timestampOrNull(row, "delivered"),
        timestampOrNull(row, "parked"),
        row.getString("failure"));
  }
}

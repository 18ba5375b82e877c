package ai.pediscreen.telemetry.postgres;

import static ai.pediscreen.telemetry.postgres.EventTable.timestamp;

import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.usage.FirstSeen;
import ai.pediscreen.telemetry.usage.ModelHistory;
import ai.pediscreen.telemetry.usage.UsageLabel;
import java.util.List;
import java.util.Locale;

/**
 * Reads from the labels of days since when there are such, and from those of the first day's hours
 * the hour, as long as they are kept.
 */
final class PostgresModelHistory implements ModelHistory {

  private static final String FIRST_SEEN =
      """
      SELECT first.kind, first.label, coalesce(hour.bucket, first.day) AS since
      FROM (
        SELECT kind, label, min(bucket) AS day
        FROM label_rollup
        WHERE width_minutes = :day AND scope = :scope AND kind IN ('adapter', 'provider')
          AND model_id = :modelId
        GROUP BY kind, label) AS first
      LEFT JOIN LATERAL (
        SELECT min(bucket) AS bucket
        FROM label_rollup AS hourly
        WHERE hourly.width_minutes = :hour AND hourly.scope = :scope
          AND hourly.bucket >= first.day AND hourly.bucket < first.day + interval '1 day'
          AND hourly.kind = first.kind AND hourly.model_id = :modelId
          AND hourly.label = first.label) AS hour ON TRUE
      ORDER BY since DESC, first.kind, first.label
      LIMIT :limit
      """;

  private final Database database;

  PostgresModelHistory(Database database) {
    this.database = database;
  }

  @Override
  public List<FirstSeen> firstSeen(OrgScope org, String modelId, int limit) {
    return database.read(
        org,
        handle ->
            handle
                .createQuery(FIRST_SEEN)
                .bind("day", RollupWidth.DAY.minutes())
                .bind("hour", RollupWidth.HOUR.minutes())
                .bind("scope", RollupKey.scope(org))
                .bind("modelId", modelId)
                .bind("limit", limit)
                .map(
                    (row, context) ->
                        new FirstSeen(
                            UsageLabel.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                            row.getString("label"),
                            timestamp(row, "since")))
                .list());
  }
}

package ai.pediscreen.telemetry.postgres;

import static ai.pediscreen.telemetry.postgres.EventTable.timestamp;

import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.usage.FirstSeen;
import ai.pediscreen.telemetry.usage.ModelHistory;
import ai.pediscreen.telemetry.usage.RollupWidth;
import ai.pediscreen.telemetry.usage.UsageLabel;
import ai.pediscreen.telemetry.usage.UsageSummary;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Reads from the labels of days since when there are such, and from those of the first day's hours
 * the hour, as long as they are kept; and what is pending.
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
      """;

  private static final Comparator<FirstSeen> NEWEST_FIRST =
      Comparator.comparing(FirstSeen::since)
          .reversed()
          .thenComparing(FirstSeen::kind)
          .thenComparing(FirstSeen::name, UsageSummary.BY_CODE_POINT);

  private static final Set<UsageLabel.Kind> KINDS =
      Set.of(UsageLabel.Kind.ADAPTER, UsageLabel.Kind.PROVIDER);

  private final Database database;

  PostgresModelHistory(Database database) {
    this.database = database;
  }

  @Override
  public List<FirstSeen> firstSeen(OrgScope org, String modelId, int limit) {
    Map<UsageLabel, Instant> first = new HashMap<>();
    database.read(
        org,
        handle -> {
          readFolded(handle, org, modelId, first);
          readPending(handle, org, modelId, first);
          return first;
        });
    return first.entrySet().stream()
        .map(entry -> new FirstSeen(entry.getKey().kind(), entry.getKey().name(), entry.getValue()))
        .sorted(NEWEST_FIRST)
        .limit(limit)
        .toList();
  }

  private static void readFolded(
      Handle handle, OrgScope org, String modelId, Map<UsageLabel, Instant> first) {
    handle
        .createQuery(FIRST_SEEN)
        .bind("day", RollupWidth.DAY.minutes())
        .bind("hour", RollupWidth.HOUR.minutes())
        .bind("scope", RollupKey.scope(org))
        .bind("modelId", modelId)
        .map(
            (row, context) ->
                new FirstSeen(
                    UsageLabel.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                    row.getString("label"),
                    timestamp(row, "since")))
        .forEach(one -> first.put(new UsageLabel(one.kind(), one.name()), one.since()));
  }

  private static void readPending(
      Handle handle, OrgScope org, String modelId, Map<UsageLabel, Instant> first) {
    PendingUsage.sum(handle, org.orgId())
        .forEach(
            (key, cell) -> {
              if (modelId.equals(key.modelId())) {
                Instant hour = key.minute().truncatedTo(ChronoUnit.HOURS);
                cell.labels().keySet().stream()
                    .filter(label -> KINDS.contains(label.kind()))
                    .forEach(label -> first.merge(label, hour, PostgresModelHistory::earlier));
              }
            });
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}

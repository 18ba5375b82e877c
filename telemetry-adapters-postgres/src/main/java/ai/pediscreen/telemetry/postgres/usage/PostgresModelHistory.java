package ai.pediscreen.telemetry.postgres.usage;

import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.timestamp;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.UsageStep;
import ai.pediscreen.telemetry.usage.spi.FirstSeen;
import ai.pediscreen.telemetry.usage.spi.LabelCalls;
import ai.pediscreen.telemetry.usage.spi.LabelSeries;
import ai.pediscreen.telemetry.usage.spi.ModelHistory;
import ai.pediscreen.telemetry.usage.spi.RollupWidth;
import ai.pediscreen.telemetry.usage.spi.UsageDelta;
import ai.pediscreen.telemetry.usage.spi.UsageLabel;
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
public final class PostgresModelHistory implements ModelHistory {

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
          .thenComparing(FirstSeen::name, UsageQueries.BY_CODE_POINT);

  private static final Set<UsageLabel.Kind> KINDS =
      Set.of(UsageLabel.Kind.ADAPTER, UsageLabel.Kind.PROVIDER);

  private final Database database;

  private final int namesPerDay;

  public PostgresModelHistory(Database database, int namesPerDay) {
    this.database = database;
    this.namesPerDay = namesPerDay;
  }

  @Override
  public List<FirstSeen> firstSeen(OrgFilter org, String modelId, int limit) {
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

  @Override
  public List<LabelCalls> calls(UsageFilter filter, UsageLabel.Kind kind, int limit) {
    return database.read(filter.org(), handle -> read(handle, filter, kind)).largest(limit);
  }

  /** As {@link PostgresUsageQueries} reads a series: rows of the step, what is pending, the end. */
  private LabelSeries read(Handle handle, UsageFilter filter, UsageLabel.Kind kind) {
    RollupWidth step = RollupWidth.of(UsageStep.of(filter.window()));
    LabelSeries series = new LabelSeries(filter.window());
    PendingNames names = new PendingNames(handle, filter, namesPerDay);
    Coverage coverage = Coverage.of(database, handle, names.raw());
    LabelRollup.forEachName(handle, filter, coverage.pieces(step), kind, series::add);
    PostgresUsageQueries.forEachPending(
        handle, filter, coverage, (key, cell) -> add(names, key, cell, kind, 1, series));
    new LaterEvents(handle, filter, names, coverage)
        .forEach((key, cell) -> add(names, key, cell, kind, -1, series));
    return series;
  }

  private static void add(
      PendingNames names,
      UsageDelta.Key key,
      UsageDelta.Cell cell,
      UsageLabel.Kind kind,
      int sign,
      LabelSeries series) {
    String model = names.model(key);
    if (model == null) {
      return;
    }
    cell.labels()
        .forEach(
            (label, count) -> {
              if (label.kind() == kind) {
                series.add(
                    key.minute(), names.label(key, model, label).name(), sign * count.events());
              }
            });
  }

  private static void readFolded(
      Handle handle, OrgFilter org, String modelId, Map<UsageLabel, Instant> first) {
    handle
        .createQuery(FIRST_SEEN)
        .bind("day", RollupWidth.DAY.minutes())
        .bind("hour", RollupWidth.HOUR.minutes())
        .bind("scope", RollupKey.scope(org.scope()))
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
      Handle handle, OrgFilter org, String modelId, Map<UsageLabel, Instant> first) {
    PendingUsage.forEach(
        handle,
        org.orgId(),
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

package ai.pediscreen.telemetry.postgres.day;

import static ai.pediscreen.telemetry.postgres.event.EventLedger.noneAsNull;
import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import ai.pediscreen.telemetry.daily.DayTally;
import ai.pediscreen.telemetry.daily.DriftFeature;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.daily.FeatureValues;
import ai.pediscreen.telemetry.postgres.event.TokenColumns;
import ai.pediscreen.telemetry.postgres.usage.PendingUsage;
import ai.pediscreen.telemetry.postgres.usage.UsageRollup;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The raw events of one day. */
final class DayEvents {

  /** What a server that is stopped may leave in buffers without the database waiting for it. */
  private static final int FETCH_SIZE = 2_000;

  /** What a value begins with in the answer to the query: a number's decimal digits follow. */
  private static final char NUMBER = 'n';

  private static final String LATENCIES =
      """
      SELECT org_id, model_id, latency_ms, count(*) AS calls,
        count(*) FILTER (WHERE error) AS errors, count(fallback_to) AS fallbacks,
        coalesce(sum(cost_usd), 0) AS cost_usd, %s, %s
      FROM %s
      WHERE ts >= :start AND ts < :end
      GROUP BY org_id, model_id, latency_ms
      ORDER BY org_id, model_id, latency_ms
      """;

  /** As many characters of a JSON text as are needed to know how a subgroup's name begins. */
  private static final int MAX_RAW_LENGTH = 2 + 12 * FeatureValues.MAX_TEXT_LENGTH;

  /**
   * The beginning of a JSON text, at most so many characters of what it says. An escape is never
   * cut in the middle, nor two that are one character.
   */
  private static final String BEGINNING =
      "^\"(?:[^\"\\\\]|\\\\u[dD][89abAB]..\\\\u....|\\\\u....|\\\\[^u]){0,%d}"
          .formatted(FeatureValues.MAX_TEXT_LENGTH);

  /**
   * A row for each subgroup, with its latencies and how often each occurs; events that are in none
   * have one, too, and so have subgroups beyond those that a tally tells apart.
   *
   * <p>An event is looked through once, and what is found is grouped by as it stands: what it says
   * is asked of each group, not of each event. So the part that reads events has nothing that keeps
   * the database from doing it with several processes, as the answer has not: it is small enough to
   * be fetched at once, and of a part at a time the database would not.
   */
  private static final String SUBGROUPS =
      """
      SELECT org_id, model_id, subgroup, array_agg(latency_ms) AS latencies,
        array_agg(calls) AS times, CAST(sum(calls) AS bigint) AS calls,
        CAST(sum(errors) AS bigint) AS errors, CAST(sum(fallbacks) AS bigint) AS fallbacks,
        CAST(sum(unpriced) AS bigint) AS unpriced, sum(cost_usd) AS cost_usd, %4$s
      FROM (
        SELECT *,
          CASE WHEN dense_rank() OVER (PARTITION BY org_id, model_id ORDER BY value) <= %5$d
            THEN value END AS subgroup
        FROM (
          SELECT *, (CASE
              WHEN raw IN ('true', 'false') THEN raw
              WHEN left(raw, 1) = '"' THEN left(CAST(
                CASE WHEN length(raw) < %6$d THEN raw ELSE substring(raw FROM :beginning) || '"' END
                AS json) #>> CAST('{}' AS text[]), %7$d)
            END) COLLATE "C" AS value
          FROM (
            SELECT org_id, model_id, latency_ms, count(*) AS calls,
              left(CAST(payload #> CAST(:by AS text[]) AS text), %6$d) COLLATE "C" AS raw,
              count(*) FILTER (WHERE error) AS errors, count(fallback_to) AS fallbacks,
              coalesce(sum(cost_usd), 0) AS cost_usd, %2$s, %3$s
            FROM %1$s
            WHERE ts >= :start AND ts < :end
            GROUP BY org_id, model_id, latency_ms, raw) AS counted) AS named) AS kept
      GROUP BY org_id, model_id, subgroup
      ORDER BY org_id, model_id, subgroup
      """;

  /**
   * The rows of {@link #LATENCIES} by subgroup, whose {@code feature} is null, and one for each
   * value of each feature. A row that counts a feature is recognised by GROUPING, which is 0 for
   * what its group is made of. OFFSET 0 keeps an event from being parsed once for each of its
   * features.
   */
  private static final String WITH_VALUES =
      """
      SELECT org_id, model_id, subgroup, latency_ms, count(*) AS calls,
        count(*) FILTER (WHERE error) AS errors, count(fallback_to) AS fallbacks,
        coalesce(sum(cost_usd), 0) AS cost_usd, %5$s, %6$s, %3$s
      FROM (
        SELECT org_id, model_id, latency_ms, error, fallback_to, cost_usd, %7$s, %4$s
        FROM (
          SELECT *, CAST(payload AS jsonb) AS document
          FROM %1$s
          WHERE ts >= :start AND ts < :end
          OFFSET 0) AS parsed) AS one
      GROUP BY org_id, model_id, subgroup, GROUPING SETS (latency_ms %2$s)
      ORDER BY org_id, model_id, subgroup, feature, latency_ms, value
      """;

  /** The value that an event is in a subgroup by: what {@link DayTally#subgroupOf} makes of it. */
  private static final String SUBGROUP =
      """
      (CASE jsonb_typeof(document #> CAST(:by AS text[]))
        WHEN 'string' THEN left(document #>> CAST(:by AS text[]), %d)
        WHEN 'boolean' THEN document #>> CAST(:by AS text[])
      END) COLLATE "C" AS subgroup
      """
          .formatted(FeatureValues.MAX_TEXT_LENGTH);

  /** A value of a feature: what {@link FeatureValues} does to it, done before it is grouped by. */
  private static final String VALUE =
      """
      (CASE jsonb_typeof(document #> CAST(:path%1$d AS text[]))
        WHEN 'number' THEN '%2$s' || to_char(
          CAST(document #>> CAST(:path%1$d AS text[]) AS numeric), '9.%3$sEEEE')
        WHEN 'string' THEN 't' || left(document #>> CAST(:path%1$d AS text[]), %4$d)
        WHEN 'boolean' THEN 't' || (document #>> CAST(:path%1$d AS text[]))
      END) COLLATE "C" AS value%1$d
      """;

  private DayEvents() {}

  /**
   * Counts the day's events: grouped by the database, so that few rows travel, and for each feature
   * grouped apart, in the same pass over the events.
   */
  static DayTally tally(Handle handle, String source, LocalDate day, DriftSettings settings) {
    handle.execute("SET LOCAL work_mem = '64MB'");
    DayTally tally = new DayTally(settings);
    DriftFeature by = settings.by();
    if (!settings.features().isEmpty()) {
      ofDay(withValues(handle, source, settings), day)
          .setFetchSize(FETCH_SIZE)
          .map((row, context) -> add(tally, row, settings))
          .forEach(unused -> {});
    } else if (by != null) {
      // What the planner thinks that rows of other processes cost is more than what looking through
      // the events does, of which it knows nothing.
      handle.execute("SET LOCAL parallel_tuple_cost = 0");
      ofDay(subgroups(handle, source, by), day)
          .map((row, context) -> addSubgroup(tally, row))
          .forEach(unused -> {});
      handle.execute("SET LOCAL parallel_tuple_cost TO DEFAULT");
    } else {
      ofDay(
              handle.createQuery(
                  LATENCIES.formatted(TokenColumns.UNPRICED, TokenColumns.SUMS, source)),
              day)
          .setFetchSize(FETCH_SIZE)
          .map((row, context) -> add(tally, row, settings))
          .forEach(unused -> {});
    }
    return tally;
  }

  private static Query ofDay(Query query, LocalDate day) {
    return query
        .bind("start", utc(ComputedDayTable.start(day)))
        .bind("end", utc(ComputedDayTable.start(day.plusDays(1))));
  }

  /** How many events the day has by the figures, which count each one in its own transaction. */
  static long counted(Handle handle, LocalDate day) {
    long folded =
        handle
            .createQuery(
                """
                SELECT CAST(coalesce(sum(calls), 0) AS bigint)
                FROM usage_rollup
                WHERE width_minutes = 1440 AND scope = '*' AND bucket = :start
                """)
            .bind("start", utc(ComputedDayTable.start(day)))
            .mapTo(Long.class)
            .one();
    return folded + PendingUsage.eventsByDay(handle).getOrDefault(day, 0L);
  }

  private static Query subgroups(Handle handle, String source, DriftFeature by) {
    return handle
        .createQuery(
            SUBGROUPS.formatted(
                source,
                TokenColumns.UNPRICED,
                TokenColumns.SUMS,
                TokenColumns.SUMS_OF_SUMS,
                DayTally.MAX_COUNTED_SUBGROUPS,
                MAX_RAW_LENGTH,
                FeatureValues.MAX_TEXT_LENGTH))
        .bindArray("by", String.class, by.path())
        .bind("beginning", BEGINNING);
  }

  private static Query withValues(Handle handle, String source, DriftSettings settings) {
    List<DriftFeature> features = settings.features();
    DriftFeature by = settings.by();
    StringBuilder sets = new StringBuilder();
    StringBuilder chosen = new StringBuilder();
    List<String> values = new ArrayList<>();
    values.add(by == null ? "CAST(NULL AS text) AS subgroup" : SUBGROUP);
    for (int i = 0; i < features.size(); i++) {
      sets.append(", value").append(i);
      chosen.append("WHEN GROUPING(value%1$d) THEN %1$d ".formatted(i));
      values.add(
          VALUE.formatted(
              i, NUMBER, "9".repeat(FeatureValues.DIGITS - 1), FeatureValues.MAX_TEXT_LENGTH));
    }
    Query query =
        handle.createQuery(
            WITH_VALUES.formatted(
                source,
                sets,
                "CASE 0 %s END AS feature, coalesce(%s) AS value"
                    .formatted(chosen, sets.substring(2)),
                String.join(", ", values),
                TokenColumns.UNPRICED,
                TokenColumns.SUMS,
                TokenColumns.NAMES));
    for (int i = 0; i < features.size(); i++) {
      query.bindArray("path" + i, String.class, features.get(i).path());
    }
    if (by != null) {
      query.bindArray("by", String.class, by.path());
    }
    return query;
  }

  /** Adds a row of {@link #LATENCIES}, or of {@link #WITH_VALUES} where features are watched. */
  private static DayTally add(DayTally tally, ResultSet row, DriftSettings settings)
      throws SQLException {
    boolean values = !settings.features().isEmpty();
    DayTally.Group group = group(row, values ? row.getString("subgroup") : null);
    Integer feature = values ? row.getObject("feature", Integer.class) : null;
    if (feature != null) {
      tally.addValue(
          group,
          settings.features().get(feature),
          decoded(row.getString("value")),
          row.getLong("calls"));
      return tally;
    }
    Integer latencyMillis = row.getObject("latency_ms", Integer.class);
    tally.add(
        group,
        latencyMillis == null ? null : latencyMillis.longValue(),
        UsageRollup.counts(row),
        row.getBigDecimal("cost_usd"),
        TokenColumns.read(row));
    return tally;
  }

  /** Adds a row of {@link #SUBGROUPS}. */
  private static DayTally addSubgroup(DayTally tally, ResultSet row) throws SQLException {
    DayTally.Group group = group(row, row.getString("subgroup"));
    tally.add(
        group, UsageRollup.counts(row), row.getBigDecimal("cost_usd"), TokenColumns.read(row));
    @Nullable Integer[] latencies = (@Nullable Integer[]) row.getArray("latencies").getArray();
    Long[] times = (Long[]) row.getArray("times").getArray();
    for (int i = 0; i < latencies.length; i++) {
      Integer latencyMillis = latencies[i];
      if (latencyMillis != null) {
        tally.addLatency(group, latencyMillis, times[i]);
      }
    }
    return tally;
  }

  private static DayTally.Group group(ResultSet row, @Nullable String subgroup)
      throws SQLException {
    return new DayTally.Group(
        noneAsNull(row.getString("org_id")), noneAsNull(row.getString("model_id")), subgroup);
  }

  private static @Nullable Object decoded(@Nullable String value) {
    if (value == null) {
      return null;
    }
    String content = value.substring(1);
    return value.charAt(0) == NUMBER ? new BigDecimal(content.strip()) : content;
  }
}

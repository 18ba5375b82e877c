package ai.pediscreen.telemetry.postgres;

import static ai.pediscreen.telemetry.postgres.EventLedger.noneAsNull;
import static ai.pediscreen.telemetry.postgres.EventTable.utc;

import ai.pediscreen.telemetry.daily.DayTally;
import ai.pediscreen.telemetry.daily.DriftFeature;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.daily.FeatureValues;
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

  /**
   * The same rows, whose {@code feature} is null, and one for each value of each feature. A row
   * that counts a feature is told by GROUPING, which is 0 for what its group is made of. OFFSET 0
   * keeps an event from being parsed once for each of its features; where there is none, it is not
   * parsed whole, but only looked through for its subgroup.
   */
  private static final String WITH_VALUES =
      """
      SELECT org_id, model_id, subgroup, latency_ms, count(*) AS calls,
        count(*) FILTER (WHERE error) AS errors, count(fallback_to) AS fallbacks,
        coalesce(sum(cost_usd), 0) AS cost_usd, %6$s, %7$s, %3$s
      FROM (
        SELECT org_id, model_id, latency_ms, error, fallback_to, cost_usd, %8$s, %4$s
        FROM (
          SELECT *, %5$s AS document
          FROM %1$s
          WHERE ts >= :start AND ts < :end
          OFFSET 0) AS parsed) AS one
      GROUP BY org_id, model_id, subgroup, GROUPING SETS (latency_ms %2$s)
      ORDER BY org_id, model_id, subgroup, feature, latency_ms, value
      """;

  private static final String PARSED = "CAST(payload AS jsonb)";
  private static final String OF_SUBGROUP = "payload #> CAST(:by AS text[])";

  /**
   * The value that an event is in a subgroup by: what {@link DayTally#subgroupOf} makes of it. The
   * document is {@code json} or {@code jsonb}, and the path leads to the value in it.
   */
  private static final String SUBGROUP =
      """
      (CASE %2$s_typeof(document #> %3$s)
        WHEN 'string' THEN left(document #>> %3$s, %1$d)
        WHEN 'boolean' THEN document #>> %3$s
      END) COLLATE "C" AS subgroup
      """;

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

  /**
   * The events of a day that may have more models than are told apart: those with the most calls
   * keep their names, of each organisation and of all together, so that a computation holds no more
   * than that.
   */
  private static final String BOUNDED =
      """
      (SELECT ts, org_id, CASE WHEN named.model_id IS NULL AND sent.model_id > '' THEN 'other'
          ELSE sent.model_id END AS model_id,
        error, latency_ms, fallback_to, cost_usd, %4$s, payload
      FROM %1$s AS sent LEFT JOIN (
        SELECT org_id, model_id
        FROM (
          SELECT org_id, model_id,
            row_number() OVER (PARTITION BY org_id ORDER BY calls DESC, model_id) AS place
          FROM counted) AS of_each
        JOIN (
          SELECT model_id, row_number() OVER (ORDER BY sum(calls) DESC, model_id) AS place_of_all
          FROM counted GROUP BY model_id) AS of_all USING (model_id)
        WHERE place <= %2$d AND place_of_all <= %3$d) AS named USING (org_id, model_id)) AS bounded
      """
          .replace(
              "counted",
              """
              (SELECT org_id, model_id, count(*) AS calls FROM %1$s
                WHERE ts >= :start AND ts < :end AND model_id > ''
                GROUP BY org_id, model_id) AS counted""");

  private DayEvents() {}

  /**
   * The table to read, with models beyond the limit under one name. The day's own partition where
   * there is one: whoever reads the partitioned table makes those wait who add a partition, and
   * these make ingestion wait. To be asked before the snapshot is taken, so that nothing has moved
   * into a partition since.
   */
  static String source(Handle handle, LocalDate day, int namesPerDay) {
    String table =
        EventPartitions.existing(handle).contains(day) ? EventPartitions.name(day) : "event";
    return models(handle, day, namesPerDay) > namesPerDay
        ? BOUNDED.formatted(
            table, namesPerDay, NameLimit.FLEET_FACTOR * namesPerDay, TokenColumns.NAMES)
        : table;
  }

  /** How many models the day has by the figures, which are bounded themselves. */
  private static int models(Handle handle, LocalDate day, int enough) {
    return handle
        .createQuery(
            """
            SELECT count(*) FROM (
              SELECT FROM usage_rollup
              WHERE width_minutes = 1440 AND scope = '*' AND bucket = :start
              LIMIT :enough + 1) AS models
            """)
        .bind("start", utc(ComputedDayTable.start(day)))
        .bind("enough", enough)
        .mapTo(Integer.class)
        .one();
  }

  /**
   * Counts the day's events: grouped by the database, so that few rows travel, and for each feature
   * grouped apart, in the same pass over the events.
   */
  static DayTally tally(Handle handle, String source, LocalDate day, DriftSettings settings) {
    handle.execute("SET LOCAL work_mem = '64MB'");
    DayTally tally = new DayTally(settings);
    boolean plain = settings.features().isEmpty() && settings.by() == null;
    Query query =
        plain
            ? handle.createQuery(
                LATENCIES.formatted(TokenColumns.UNPRICED, TokenColumns.SUMS, source))
            : withValues(handle, source, settings);
    query
        .bind("start", utc(ComputedDayTable.start(day)))
        .bind("end", utc(ComputedDayTable.start(day.plusDays(1))))
        .setFetchSize(FETCH_SIZE)
        .map(
            (row, context) -> {
              add(tally, row, plain ? null : settings.features());
              return tally;
            })
        .forEach(unused -> {});
    return tally;
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

  private static Query withValues(Handle handle, String source, DriftSettings settings) {
    List<DriftFeature> features = settings.features();
    DriftFeature by = settings.by();
    StringBuilder sets = new StringBuilder();
    StringBuilder chosen = new StringBuilder();
    List<String> values = new ArrayList<>();
    boolean parsed = !features.isEmpty();
    values.add(by == null ? "CAST(NULL AS text) AS subgroup" : subgroup(parsed));
    for (int i = 0; i < features.size(); i++) {
      sets.append(", value").append(i);
      chosen.append("WHEN GROUPING(value%1$d) THEN %1$d ".formatted(i));
      values.add(
          VALUE.formatted(
              i, NUMBER, "9".repeat(FeatureValues.DIGITS - 1), FeatureValues.MAX_TEXT_LENGTH));
    }
    String columns =
        features.isEmpty()
            ? "CAST(NULL AS integer) AS feature, CAST(NULL AS text) AS value"
            : "CASE 0 %s END AS feature, coalesce(%s) AS value"
                .formatted(chosen, sets.substring(2));
    Query query =
        handle.createQuery(
            WITH_VALUES.formatted(
                source,
                sets,
                columns,
                String.join(", ", values),
                parsed ? PARSED : OF_SUBGROUP,
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

  private static String subgroup(boolean parsed) {
    return SUBGROUP.formatted(
        FeatureValues.MAX_TEXT_LENGTH,
        parsed ? "jsonb" : "json",
        parsed ? "CAST(:by AS text[])" : "CAST('{}' AS text[])");
  }

  /**
   * Adds a row.
   *
   * @param features those it may be about; null for the query that has no such columns
   */
  private static void add(DayTally tally, ResultSet row, @Nullable List<DriftFeature> features)
      throws SQLException {
    DayTally.Group group =
        new DayTally.Group(
            noneAsNull(row.getString("org_id")),
            noneAsNull(row.getString("model_id")),
            features == null ? null : row.getString("subgroup"));
    Integer feature = features == null ? null : row.getObject("feature", Integer.class);
    if (features != null && feature != null) {
      tally.addValue(
          group, features.get(feature), decoded(row.getString("value")), row.getLong("calls"));
      return;
    }
    Integer latencyMillis = row.getObject("latency_ms", Integer.class);
    tally.add(
        group,
        latencyMillis == null ? null : latencyMillis.longValue(),
        UsageRollup.counts(row),
        row.getBigDecimal("cost_usd"),
        TokenColumns.read(row));
  }

  private static @Nullable Object decoded(@Nullable String value) {
    if (value == null) {
      return null;
    }
    String content = value.substring(1);
    return value.charAt(0) == NUMBER ? new BigDecimal(content.strip()) : content;
  }
}

package ai.pediscreen.telemetry.bigquery;

import static ai.pediscreen.telemetry.bigquery.Conditions.timestamp;

import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.drift.Binning;
import ai.pediscreen.telemetry.drift.IntervalBin;
import ai.pediscreen.telemetry.drift.PopulationStabilityIndex;
import ai.pediscreen.telemetry.drift.PsiResult;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.usage.UsageQueries;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.QueryParameterValue;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The population stability index of a day's latencies against those of other days, all of it
 * computed in GoogleSQL from the raw events.
 *
 * @implNote Edges, counts, shares and contributions are the arithmetic of {@link
 *     PopulationStabilityIndex}, operand for operand. Two things may differ in the last digit: the
 *     logarithm, and the order in which contributions are added.
 */
final class LatencyDrift {

  /**
   * The steps: the latencies that are of the day or of its reference; the models that have values
   * on enough days of the reference; how often each latency occurs on either side; how many of the
   * pooled latencies (both sides, or the reference alone) are up to each; the values at the two
   * ranks beside each quantile; the quantile between them; the distinct ones that cut the latencies
   * into bins, and one above a constant reference; counts in every bin, empty ones too; shares and
   * contributions.
   *
   * <p>A latency's bin is the number of cuts that are at most the latency, which makes bins [lower,
   * upper) and the last one closed.
   */
  private static final String PSI =
      """
      WITH
        read AS (
          SELECT
            model_id,
            latency_ms,
            timestamp >= @day AS current_day,
            DIV(TIMESTAMP_DIFF(timestamp, @since, MICROSECOND), 86400000000) AS days_after
          FROM %s
          WHERE %s AND model_id IS NOT NULL AND latency_ms IS NOT NULL
        ),
        compared AS (
          SELECT *
          FROM read
          WHERE current_day OR (days_after < @days AND MOD(days_after, @days_apart) = 0)
        ),
        models AS (
          SELECT model_id
          FROM compared
          WHERE NOT current_day
          GROUP BY model_id
          HAVING COUNT(DISTINCT days_after) >= @min_days
        ),
        latencies AS (
          SELECT
            model_id,
            latency_ms,
            COUNTIF(NOT current_day) AS reference_count,
            COUNTIF(current_day) AS current_count
          FROM compared JOIN models USING (model_id)
          GROUP BY model_id, latency_ms
        ),
        samples AS (
          SELECT
            model_id,
            SUM(reference_count) AS reference_total,
            SUM(current_count) AS current_total
          FROM latencies
          GROUP BY model_id
          HAVING reference_total >= @min_values AND current_total >= @min_values
        ),
        pool AS (
          SELECT
            model_id,
            latency_ms,
            SUM(times) OVER (PARTITION BY model_id ORDER BY latency_ms) AS up_to,
            SUM(times) OVER (PARTITION BY model_id) - 1 AS last_rank
          FROM (
            SELECT
              model_id,
              latency_ms,
              reference_count + IF(@pooled, current_count, 0) AS times
            FROM latencies JOIN samples USING (model_id)
          )
          WHERE times > 0
        ),
        positions AS (
          SELECT
            model_id,
            step,
            last_rank,
            last_rank * IF(step = @buckets, 1.0, step * (1.0 / @buckets)) AS position
          FROM
            (SELECT DISTINCT model_id, last_rank FROM pool),
            UNNEST(GENERATE_ARRAY(0, @buckets)) AS step
        ),
        neighbours AS (
          SELECT
            model_id,
            step,
            ANY_VALUE(position - FLOOR(position)) AS between_ranks,
            MIN(IF(up_to > FLOOR(position), latency_ms, NULL)) AS lower,
            MIN(IF(up_to > LEAST(FLOOR(position) + 1, positions.last_rank), latency_ms, NULL))
              AS upper
          FROM positions JOIN pool USING (model_id)
          GROUP BY model_id, step
        ),
        quantiles AS (
          SELECT
            model_id,
            step,
            IF(
              between_ranks < 0.5,
              lower + (upper - lower) * between_ranks,
              upper - (upper - lower) * (1 - between_ranks)) AS quantile
          FROM neighbours
        ),
        edges AS (
          SELECT
            model_id,
            MIN(quantile) AS lowest,
            MAX(quantile) AS highest,
            ARRAY_CONCAT(
              ARRAY_AGG(DISTINCT IF(inner_step, quantile, NULL) IGNORE NULLS),
              IF(
                MIN(quantile) = MAX(quantile) AND NOT @pooled AND @buckets > 1,
                [MAX(quantile) + 1e-6],
                [])) AS candidates
          FROM (SELECT *, @pooled OR step BETWEEN 1 AND @buckets - 1 AS inner_step FROM quantiles)
          GROUP BY model_id
        ),
        bin_cuts AS (
          SELECT
            model_id,
            lowest,
            highest,
            ARRAY(
              SELECT cut
              FROM UNNEST(candidates) AS cut
              WHERE NOT @pooled OR (cut > lowest AND cut < highest)
              ORDER BY cut) AS cuts
          FROM edges
        ),
        counted AS (
          SELECT
            model_id,
            RANGE_BUCKET(CAST(latency_ms AS FLOAT64), cuts) AS bin,
            SUM(reference_count) AS reference_count,
            SUM(current_count) AS current_count
          FROM latencies JOIN bin_cuts USING (model_id)
          GROUP BY model_id, bin
        ),
        all_bins AS (
          SELECT model_id, bin, ARRAY_LENGTH(cuts) + 1 AS bin_count
          FROM bin_cuts, UNNEST(GENERATE_ARRAY(0, ARRAY_LENGTH(cuts))) AS bin
        ),
        bins AS (
          SELECT
            model_id,
            bin,
            IFNULL(reference_count, 0) AS reference_count,
            IFNULL(current_count, 0) AS current_count,
            (IFNULL(reference_count, 0) + 1e-6)
              / (reference_total + 1e-6 * bin_count) AS reference_share,
            (IFNULL(current_count, 0) + 1e-6)
              / (current_total + 1e-6 * bin_count) AS current_share
          FROM
            all_bins
            JOIN samples USING (model_id)
            LEFT JOIN counted USING (model_id, bin)
        ),
        scores AS (
          SELECT
            model_id,
            SUM((reference_share - current_share) * LN(reference_share / current_share)) AS psi,
            ARRAY_AGG(
              STRUCT(
                reference_count,
                current_count,
                reference_share,
                current_share,
                (reference_share - current_share) * LN(reference_share / current_share)
                  AS contribution)
              ORDER BY bin) AS bins
          FROM bins
          GROUP BY model_id
        )
      SELECT model_id, psi, bins, cuts, lowest, highest
      FROM scores JOIN bin_cuts USING (model_id)
      ORDER BY model_id
      """;

  /** What SEED adds to the largest value where all edges coincide. */
  private static final double WIDTH_OF_CONSTANT = 1e-6;

  private final GoogleSql sql;
  private final String events;

  LatencyDrift(GoogleSql sql, BigQuerySettings settings) {
    this.sql = sql;
    this.events = settings.table(EventTable.VIEW);
  }

  /**
   * Days that others are compared with.
   *
   * @param first the first one
   * @param days how many days after the first one they end
   * @param apart every how many days there is one of them; 1 for all
   * @param minDays how many of them must have latencies
   */
  private record Reference(LocalDate first, long days, long apart, long minDays) {}

  /** By model: as {@link BigQueryTelemetry#latencyDrift} says. */
  Map<String, PsiResult<IntervalBin>> of(
      OrgFilter org, LocalDate day, DriftReference reference, PopulationStabilityIndex index) {
    if (reference.isBaseline()) {
      throw new IllegalArgumentException(
          "reference must be week or weekdays; for a baseline give its days");
    }
    LocalDate first = reference.before(day).get(0);
    long days = ChronoUnit.DAYS.between(first, day);
    return of(
        org,
        day,
        reference.equals(DriftReference.WEEKDAYS)
            ? new Reference(first, days, DriftRecord.REFERENCE_DAYS, DriftReference.MIN_WEEKDAYS)
            : new Reference(first, days, 1, 1),
        index);
  }

  /** Against the days from one to another, likewise. */
  Map<String, PsiResult<IntervalBin>> of(
      OrgFilter org, LocalDate day, LocalDate from, LocalDate to, PopulationStabilityIndex index) {
    if (from.isAfter(to) || !to.isBefore(day)) {
      throw new IllegalArgumentException(
          "from must not be after to, and to must be before %s, but they are %s and %s"
              .formatted(day, from, to));
    }
    return of(org, day, new Reference(from, ChronoUnit.DAYS.between(from, to) + 1, 1, 1), index);
  }

  private Map<String, PsiResult<IntervalBin>> of(
      OrgFilter org, LocalDate day, Reference reference, PopulationStabilityIndex index) {
    boolean pooled = pooled(index.binning());
    int buckets = index.binning().buckets().orElseThrow();
    Conditions conditions =
        Conditions.events(
                reference.first().atStartOfDay(ZoneOffset.UTC).toInstant(),
                day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant())
            .ofOrg(org)
            .with("day", timestamp(day))
            .with("days", QueryParameterValue.int64(reference.days()))
            .with("days_apart", QueryParameterValue.int64(reference.apart()))
            .with("min_days", QueryParameterValue.int64(reference.minDays()))
            .with("pooled", QueryParameterValue.bool(pooled))
            .with("buckets", QueryParameterValue.int64((long) buckets))
            .with("min_values", QueryParameterValue.int64((long) DriftRecord.MIN_VALUES));
    Map<String, PsiResult<IntervalBin>> results = new TreeMap<>(UsageQueries.BY_CODE_POINT);
    for (FieldValueList row :
        sql.rows(PSI.formatted(events, conditions.sql()), conditions.parameters())) {
      results.put(
          row.get("model_id").getStringValue(),
          index.judge(row.get("psi").getDoubleValue(), bins(row, edges(row, pooled))));
    }
    return results;
  }

  private static boolean pooled(Binning binning) {
    return switch (binning.name()) {
      case "SEED" -> true;
      case "REFERENCE_QUANTILES" -> false;
      default ->
          throw new IllegalArgumentException(
              "binning must be SEED or REFERENCE_QUANTILES but is " + binning);
    };
  }

  private static List<Double> edges(FieldValueList row, boolean pooled) {
    List<Double> edges = new ArrayList<>();
    double lowest = row.get("lowest").getDoubleValue();
    double highest = row.get("highest").getDoubleValue();
    edges.add(pooled ? lowest : Double.NEGATIVE_INFINITY);
    row.get("cuts").getRepeatedValue().forEach(cut -> edges.add(cut.getDoubleValue()));
    if (pooled) {
      edges.add(lowest < highest ? highest : highest + WIDTH_OF_CONSTANT);
    } else {
      edges.add(Double.POSITIVE_INFINITY);
    }
    return edges;
  }

  /** By the order of the STRUCT: the client knows no names within a repeated record. */
  private static List<IntervalBin> bins(FieldValueList row, List<Double> edges) {
    List<IntervalBin> bins = new ArrayList<>();
    for (FieldValue value : row.get("bins").getRepeatedValue()) {
      FieldValueList bin = value.getRecordValue();
      bins.add(
          new IntervalBin(
              edges.get(bins.size()),
              edges.get(bins.size() + 1),
              bin.get(0).getLongValue(),
              bin.get(1).getLongValue(),
              bin.get(2).getDoubleValue(),
              bin.get(3).getDoubleValue(),
              bin.get(4).getDoubleValue()));
    }
    return bins;
  }
}

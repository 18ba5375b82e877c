package ai.pediscreen.telemetry.bigquery;

import ai.pediscreen.telemetry.daily.DailyFigures;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.drift.IntervalBin;
import ai.pediscreen.telemetry.drift.PopulationStabilityIndex;
import ai.pediscreen.telemetry.drift.PsiResult;
import ai.pediscreen.telemetry.erasure.ExportedEvents;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.export.EventExporter;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.warehouse.Warehouse;
import ai.pediscreen.telemetry.warehouse.WarehouseReport;
import com.google.cloud.bigquery.BigQuery;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/**
 * Telemetry in Google BigQuery: hands out the ports over one dataset. Nothing is connected to
 * before it is needed, and nothing is waited for: a program starts even when BigQuery is
 * unavailable.
 *
 * <p>Thread-safe. The caller closes it, after everything that uses its ports.
 */
public final class BigQueryTelemetry implements Warehouse {

  private final BigQuerySettings settings;
  private final Connections connections;
  private final BigQueryEventExporter exporter;
  private final GoogleSql sql;

  private BigQueryTelemetry(BigQuerySettings settings) {
    this.settings = settings;
    this.connections = new Connections(settings);
    this.exporter = new BigQueryEventExporter(settings, connections, InstantSource.system());
    this.sql = new BigQuerySql(connections::rest, settings, InstantSource.system());
  }

  /** Remembers where the dataset is; connects to nothing yet. */
  public static BigQueryTelemetry open(BigQuerySettings settings) {
    return new BigQueryTelemetry(settings);
  }

  @Override
  public UsageQueries usage() {
    return new BigQueryUsageQueries(sql, settings);
  }

  /** The aggregates of days that have left by then, and their drift. */
  public DailyFigures days() {
    return new BigQueryDailyFigures(sql, settings);
  }

  /**
   * How far the latencies of a day are from those of the seven days before, by model; as {@link
   * #latencyDrift(OrgFilter, LocalDate, DriftReference, PopulationStabilityIndex)}.
   */
  public Map<String, PsiResult<IntervalBin>> latencyDrift(
      OrgFilter org, LocalDate day, PopulationStabilityIndex index) {
    return latencyDrift(org, day, DriftReference.WEEK, index);
  }

  /**
   * How far the latencies of a day are from those of the seven days before, or of the same weekday
   * of the four weeks before, by model: computed by BigQuery from the raw events, for any day that
   * it has. SEED with 10 buckets gives what the stored figures have. An index may differ from one
   * computed here by rounding, less than 10⁻¹² of it.
   *
   * @param org whose events
   * @param day a UTC day
   * @param reference week or weekdays
   * @param index how to compare; its binning is SEED or REFERENCE_QUANTILES
   * @return models with at least {@value DriftRecord#MIN_VALUES} latencies on both sides, for
   *     weekdays on at least {@value DriftReference#MIN_WEEKDAYS} of them, in the order of code
   *     points
   * @throws IllegalArgumentException if the binning or the reference is another
   * @throws ai.pediscreen.telemetry.event.StoreUnavailableException if there is no answer in time
   */
  public Map<String, PsiResult<IntervalBin>> latencyDrift(
      OrgFilter org, LocalDate day, DriftReference reference, PopulationStabilityIndex index) {
    return new LatencyDrift(sql, settings).of(org, day, reference, index);
  }

  /**
   * The same against the days of a baseline, which BigQuery does not know: baselines are kept where
   * days are computed, and those of a file of values can be compared with there alone.
   *
   * @param from the baseline's first day
   * @param to its last day, before {@code day}
   * @throws IllegalArgumentException if the binning is another, or the days are no such
   */
  public Map<String, PsiResult<IntervalBin>> latencyDrift(
      OrgFilter org, LocalDate day, LocalDate from, LocalDate to, PopulationStabilityIndex index) {
    return new LatencyDrift(sql, settings).of(org, day, from, to, index);
  }

  /** {@inheritDoc} The dataset is made as well. */
  @Override
  public List<String> prepare() {
    new Dataset(settings, connections.rest()).prepare();
    return Inspection.TABLES;
  }

  @Override
  public WarehouseReport inspect() {
    return new Inspection(settings, connections.rest()).report();
  }

  /** {@inheritDoc} Needs bigquery.tables.updateData. */
  @Override
  public ExportedEvents events() {
    return new BigQueryErasure(connections::rest, settings);
  }

  @Override
  public EventExporter exporter() {
    return exporter;
  }

  @Override
  public void close() {
    exporter.close();
    connections.close();
  }

  /** The REST API, without retries of its own. */
  BigQuery client() {
    return connections.rest();
  }
}

package ai.pediscreen.telemetry.bigquery;

import ai.pediscreen.telemetry.export.EventExporter;
import ai.pediscreen.telemetry.export.ExportException;
import com.google.cloud.bigquery.BigQuery;
import java.time.InstantSource;

/**
 * Telemetry in Google BigQuery: hands out the ports over one dataset. Nothing is connected to
 * before it is needed, and nothing is waited for: a program starts the same when BigQuery is away.
 *
 * <p>Thread-safe. Whoever opened it closes it, after everything that uses its ports.
 */
public final class BigQueryTelemetry implements AutoCloseable {

  private final BigQuerySettings settings;
  private final Connections connections;
  private final BigQueryEventExporter exporter;

  private BigQueryTelemetry(BigQuerySettings settings) {
    this.settings = settings;
    this.connections = new Connections(settings);
    this.exporter = new BigQueryEventExporter(settings, connections, InstantSource.system());
  }

  /** Remembers where the dataset is; connects to nothing yet. */
  public static BigQueryTelemetry open(BigQuerySettings settings) {
    return new BigQueryTelemetry(settings);
  }

  /**
   * Makes the dataset, its tables and its view where they are not there, and adds columns that
   * tables lack. Drops nothing and changes no column. Idempotent; exporting does the same by
   * itself.
   *
   * @throws ExportException if that cannot be done
   */
  public void prepare() {
    new Dataset(settings, connections.rest()).prepare();
  }

  /** Where events and aggregates go. For one thread, and always the same one object. */
  public EventExporter exporter() {
    return exporter;
  }

  /** Ends what is under way. */
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

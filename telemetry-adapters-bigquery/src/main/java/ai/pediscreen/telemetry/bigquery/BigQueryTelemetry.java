package ai.pediscreen.telemetry.bigquery;

import ai.pediscreen.telemetry.daily.DailyFigures;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.drift.IntervalBin;
import ai.pediscreen.telemetry.drift.PopulationStabilityIndex;
import ai.pediscreen.telemetry.drift.PsiResult;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.usage.UsageQueries;
import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Telemetry in Google BigQuery: hands out the ports over one dataset. Nothing is connected to
 * before it is needed, and nothing is waited for: a program starts the same without BigQuery.
 *
 * <p>Thread-safe. Whoever opened it closes it, after everything that uses its ports.
 */
public final class BigQueryTelemetry implements AutoCloseable {

  private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

  private final BigQuerySettings settings;
  private final GoogleSql sql;
  private @Nullable BigQuery client;

  private BigQueryTelemetry(BigQuerySettings settings) {
    this.settings = settings;
    this.sql = new BigQuerySql(this::client, settings, InstantSource.system());
  }

  /** Remembers where the dataset is; connects to nothing yet. */
  public static BigQueryTelemetry open(BigQuerySettings settings) {
    return new BigQueryTelemetry(settings);
  }

  /** Where questions are answered, from the events that have left by then. */
  public UsageQueries usage() {
    return new BigQueryUsageQueries(sql, settings);
  }

  /** The aggregates of days that have left by then, and their drift. */
  public DailyFigures days() {
    return new BigQueryDailyFigures(sql, settings);
  }

  /**
   * How far the latencies of a day are from those of the seven days before, by model: computed by
   * BigQuery from the raw events, for any day that it has. SEED with 10 buckets gives what the
   * stored aggregates have. An index may differ from one computed here by rounding, less than 10⁻¹²
   * of it.
   *
   * @param org whose events
   * @param day a UTC day
   * @param index how to compare; its binning is SEED or REFERENCE_QUANTILES
   * @return models with at least {@value DriftRecord#MIN_VALUES} latencies on both sides, in the
   *     order of code points
   * @throws IllegalArgumentException if the binning is another
   * @throws ai.pediscreen.telemetry.event.StoreUnavailableException if there is no answer in time
   */
  public Map<String, PsiResult<IntervalBin>> latencyDrift(
      OrgScope org, LocalDate day, PopulationStabilityIndex index) {
    return new LatencyDrift(sql, settings).of(org, day, index);
  }

  /** Closes what was opened. */
  @Override
  public void close() {}

  /** The REST API, made when it is first needed, without retries of its own. */
  synchronized BigQuery client() {
    if (client == null) {
      BigQueryOptions.Builder options =
          BigQueryOptions.newBuilder()
              .setProjectId(settings.project())
              .setCredentials(credentials(settings.endpoint()));
      if (settings.endpoint() != null) {
        options.setHost(settings.endpoint().toString());
      }
      client = options.build().getService();
    }
    return client;
  }

  private static Credentials credentials(@Nullable URI endpoint) {
    if (endpoint != null && "http".equals(endpoint.getScheme())) {
      return NoCredentials.getInstance();
    }
    try {
      return GoogleCredentials.getApplicationDefault().createScoped(SCOPE);
    } catch (IOException e) {
      throw new UncheckedIOException("no Google credentials", e);
    }
  }
}

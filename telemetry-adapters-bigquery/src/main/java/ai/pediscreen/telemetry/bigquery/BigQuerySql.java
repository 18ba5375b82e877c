package ai.pediscreen.telemetry.bigquery;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.retrying.BasicResultRetryAlgorithm;
import com.google.api.gax.retrying.RetrySettings;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.QueryParameterValue;
import com.google.cloud.bigquery.TableResult;
import com.google.cloud.http.HttpTransportOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs queries at the service: one request for most, with a limit of bytes and of time that the
 * service itself enforces, so that nothing runs on after a program that died.
 *
 * <p>Thread-safe.
 */
final class BigQuerySql implements GoogleSql {

  private static final Logger LOG = LoggerFactory.getLogger(BigQuerySql.class);

  private static final int ATTEMPTS = 3;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** Reasons that pass by themselves, whatever the HTTP status they come with. */
  private static final Set<String> PASSING =
      Set.of(
          "backendError",
          "internalError",
          "jobBackendError",
          "jobInternalError",
          "jobRateLimitExceeded",
          "quotaExceeded",
          "rateLimitExceeded",
          "stopped",
          "tableUnavailable",
          "timeout");

  private final Supplier<BigQuery> client;
  private final BigQuerySettings settings;
  private final ByteBudget budget;
  private @Nullable BigQuery patient;

  /**
   * @param client made when it is first needed
   * @param clock says when a day's bytes are counted anew
   */
  BigQuerySql(Supplier<BigQuery> client, BigQuerySettings settings, InstantSource clock) {
    this.client = client;
    this.settings = settings;
    this.budget = new ByteBudget(settings.maxBytesPerDay(), clock);
  }

  @Override
  public List<FieldValueList> rows(String sql, Map<String, QueryParameterValue> parameters) {
    budget.requireSome();
    QueryJobConfiguration query =
        QueryJobConfiguration.newBuilder(sql)
            .setUseLegacySql(false)
            .setNamedParameters(parameters)
            .setMaximumBytesBilled(settings.maxBytesPerQuery())
            .setJobTimeoutMs(settings.queryTimeout().toMillis())
            .build();
    try {
      Object answer = client().queryWithTimeout(query, null, settings.queryTimeout().toMillis());
      if (answer instanceof TableResult result) {
        Long bytes = result.getTotalBytesBilled();
        budget.spend(bytes == null ? 0 : bytes);
        return all(result);
      }
      cancel((Job) answer);
      throw new StoreUnavailableException(
          "BigQuery did not answer within " + settings.queryTimeout());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("interrupted while BigQuery was asked", e);
    } catch (BigQueryException e) {
      throw translated(e);
    } catch (UncheckedIOException e) {
      throw new StoreUnavailableException("BigQuery cannot be reached: " + e.getMessage(), e);
    }
  }

  /** The client with patience for one question: it tries again for as long as the time allows. */
  private synchronized BigQuery client() {
    if (patient == null) {
      patient =
          client.get().getOptions().toBuilder()
              .setTransportOptions(
                  HttpTransportOptions.newBuilder()
                      .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
                      .setReadTimeout((int) readTimeout().toMillis())
                      .build())
              .setRetrySettings(
                  RetrySettings.newBuilder()
                      .setMaxAttempts(ATTEMPTS)
                      .setInitialRetryDelayDuration(Duration.ofMillis(500))
                      .setRetryDelayMultiplier(2)
                      .setMaxRetryDelayDuration(Duration.ofSeconds(2))
                      .setTotalTimeoutDuration(settings.queryTimeout())
                      .build())
              .setResultRetryAlgorithm(new PassingFailures())
              .build()
              .getService();
    }
    return patient;
  }

  /** Longer than the service takes to say that the time is over. */
  private Duration readTimeout() {
    return settings.queryTimeout().plus(settings.queryTimeout().dividedBy(4));
  }

  private static List<FieldValueList> all(TableResult result) {
    List<FieldValueList> rows = new ArrayList<>();
    result.iterateAll().forEach(rows::add);
    return rows;
  }

  private static void cancel(Job job) {
    try {
      job.cancel();
    } catch (BigQueryException e) {
      LOG.warn("Could not cancel {}; it ends by its own limit of time", job.getJobId(), e);
    }
  }

  private RuntimeException translated(BigQueryException e) {
    BigQueryError error = e.getError();
    String reason = error == null ? "" : String.valueOf(error.getReason());
    if (PASSING.contains(reason) || passing(e.getCode()) || e.getCode() <= 0) {
      return new StoreUnavailableException("BigQuery did not answer: " + e.getMessage(), e);
    }
    return new IllegalStateException(
        switch (reason) {
          case "bytesBilledLimitExceeded" ->
              "BigQuery would read more than %d bytes for one question, the most allowed: %s"
                  .formatted(settings.maxBytesPerQuery(), e.getMessage());
          case "accessDenied" ->
              "BigQuery refuses these credentials; questions need bigquery.jobs.create in the project"
                  + " and bigquery.tables.getData in the dataset: "
                  + e.getMessage();
          default -> "BigQuery refused a question: " + e.getMessage();
        },
        e);
  }

  private static boolean passing(int status) {
    return status == 429 || status >= 500;
  }

  /** The client's own rule leaves out what is most common: a 503, and a connection that breaks. */
  private static final class PassingFailures extends BasicResultRetryAlgorithm<Object> {
    @Override
    public boolean shouldRetry(@Nullable Throwable failure, @Nullable Object response) {
      return failure instanceof HttpResponseException refusal
          ? passing(refusal.getStatusCode())
          : failure instanceof IOException;
    }
  }
}

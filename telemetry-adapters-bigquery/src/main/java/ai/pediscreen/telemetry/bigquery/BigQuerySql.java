package ai.pediscreen.telemetry.bigquery;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.export.ExportException;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs queries at the service: one request for most, with a limit of bytes and of time that the
 * service itself enforces, so that nothing runs on after a program that died.
 *
 * <p>Thread-safe.
 */
final class BigQuerySql implements GoogleSql {

  private static final int ATTEMPTS = 3;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** Reasons of a query that was ended because its time was over. */
  private static final Set<String> TOO_LATE = Set.of("stopped", "timeout");

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
      throw cancelled((Job) answer);
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (BigQueryException e) {
      // Between two attempts the client takes an interruption for a failure.
      throw e.getCause() instanceof InterruptedException ? interrupted(e) : translated(e);
    } catch (ExportException e) {
      throw new StoreUnavailableException(
          "the query was not sent to BigQuery: " + e.getMessage(), e);
    }
  }

  /** The client for one query: it retries until the timeout. */
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

  private static StoreUnavailableException interrupted(Exception cause) {
    Thread.currentThread().interrupt();
    return new StoreUnavailableException("interrupted while waiting for BigQuery", cause);
  }

  private StoreUnavailableException cancelled(Job job) {
    StoreUnavailableException failure =
        new StoreUnavailableException("BigQuery did not answer within " + settings.queryTimeout());
    try {
      job.cancel();
    } catch (BigQueryException e) {
      // It ends by its own limit of time.
      failure.addSuppressed(e);
    }
    return failure;
  }

  private RuntimeException translated(BigQueryException e) {
    BigQueryError error = e.getError();
    String name = error == null || error.getReason() == null ? "" : error.getReason();
    ExportException failure = Failures.of("", e);
    if (failure.reason() != ExportException.Reason.REFUSED || TOO_LATE.contains(name)) {
      return new StoreUnavailableException("BigQuery did not answer: " + e.getMessage(), e);
    }
    return new IllegalStateException(
        switch (name) {
          case "bytesBilledLimitExceeded" ->
              "a query would read more than the allowed %d bytes: %s"
                  .formatted(settings.maxBytesPerQuery(), e.getMessage());
          case "accessDenied" ->
              "BigQuery refuses these credentials, which need bigquery.jobs.create in the project"
                  + " and bigquery.tables.getData in the dataset: "
                  + e.getMessage();
          default -> "BigQuery refused a query: " + e.getMessage();
        },
        e);
  }

  /** The client's own rule leaves out what is most common: a 503, and a connection that breaks. */
  private static final class PassingFailures extends BasicResultRetryAlgorithm<Object> {
    @Override
    public boolean shouldRetry(@Nullable Throwable failure, @Nullable Object response) {
      return failure instanceof IOException e
          && switch (Failures.of("", new BigQueryException(e)).reason()) {
            case RATE_LIMITED, SERVER_ERROR, UNREACHABLE -> true;
            case QUOTA_EXCEEDED, REFUSED -> false;
          };
    }
  }
}

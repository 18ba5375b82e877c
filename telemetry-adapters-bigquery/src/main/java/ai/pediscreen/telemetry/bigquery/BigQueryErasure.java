package ai.pediscreen.telemetry.bigquery;

import ai.pediscreen.telemetry.erasure.ErasureSelection;
import ai.pediscreen.telemetry.erasure.ExportedEvents;
import ai.pediscreen.telemetry.erasure.LegalHold;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.export.ExportException;
import com.google.cloud.RetryOption;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobStatistics.QueryStatistics;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.QueryParameterValue;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Erases exported events by one UPDATE. The service refuses it while it would touch rows that were
 * written in the last half hour or so; then it must be retried. No limit of bytes applies: an
 * erasure must not fail for its cost.
 *
 * <p>Thread-safe.
 */
final class BigQueryErasure implements ExportedEvents {

  private static final Duration LONGEST = Duration.ofMinutes(10);

  /**
   * Copies of an event get the same new id, so that the reading view still shows one of them. The
   * condition on the timestamp is true of every row: the table takes no statement without one.
   */
  private static final String ERASE =
      """
      UPDATE %s
      SET event_id = CONCAT('erased:',
          TO_HEX(SHA256(CONCAT(@salt, IFNULL(org_id, ''), '\\n', event_id)))),
        app = NULL, user_id = NULL, case_id = NULL, region = NULL, agent = NULL, trace_id = NULL,
        payload = NULL
      WHERE timestamp >= TIMESTAMP '0001-01-01 00:00:00+00'
        AND %s IN UNNEST(@values)%s AND NOT STARTS_WITH(event_id, 'erased:')
        AND IFNULL(org_id, '') NOT IN UNNEST(@held_orgs)
        AND CONCAT(IFNULL(org_id, ''), '\\n', IFNULL(case_id, '')) NOT IN UNNEST(@held_cases)
      """;

  private final Supplier<BigQuery> client;
  private final BigQuerySettings settings;

  BigQueryErasure(Supplier<BigQuery> client, BigQuerySettings settings) {
    this.client = client;
    this.settings = settings;
  }

  @Override
  public long erase(ErasureSelection selection, List<LegalHold> holds) {
    try {
      Job job =
          client
              .get()
              .create(JobInfo.of(statement(selection, holds)))
              .waitFor(RetryOption.totalTimeoutDuration(LONGEST));
      if (job == null) {
        throw new StoreUnavailableException("BigQuery does not know the job any more");
      }
      if (job.getStatus().getError() != null) {
        throw new StoreUnavailableException(
            "BigQuery refused to erase: " + job.getStatus().getError().getMessage());
      }
      Long rows = job.<QueryStatistics>getStatistics().getNumDmlAffectedRows();
      return rows == null ? 0 : rows;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("interrupted while BigQuery erased", e);
    } catch (BigQueryException | ExportException e) {
      throw new StoreUnavailableException("BigQuery did not erase: " + e.getMessage(), e);
    }
  }

  QueryJobConfiguration statement(ErasureSelection selection, List<LegalHold> holds) {
    String orgId = selection.org().orgId();
    String sql =
        ERASE.formatted(
            settings.table(EventTable.NAME),
            selection.field().label(),
            orgId == null ? "" : " AND org_id = @org_id");
    QueryJobConfiguration.Builder query =
        QueryJobConfiguration.newBuilder(sql)
            .setUseLegacySql(false)
            .setJobTimeoutMs(LONGEST.toMillis())
            .addNamedParameter("salt", QueryParameterValue.string(UUID.randomUUID().toString()))
            .addNamedParameter("values", texts(selection.values().stream().sorted().toList()))
            .addNamedParameter("held_orgs", texts(heldOrgs(holds)))
            .addNamedParameter("held_cases", texts(heldCases(holds)));
    if (orgId != null) {
      query.addNamedParameter("org_id", QueryParameterValue.string(orgId));
    }
    return query.build();
  }

  private static List<String> heldOrgs(List<LegalHold> holds) {
    return holds.stream().filter(hold -> hold.caseId() == null).map(LegalHold::orgId).toList();
  }

  private static List<String> heldCases(List<LegalHold> holds) {
    return holds.stream()
        .filter(hold -> hold.caseId() != null)
        .map(hold -> hold.orgId() + "\n" + hold.caseId())
        .toList();
  }

  private static QueryParameterValue texts(List<String> values) {
    return QueryParameterValue.array(values.toArray(String[]::new), String.class);
  }
}

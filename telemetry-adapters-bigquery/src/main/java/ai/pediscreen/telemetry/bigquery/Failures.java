package ai.pediscreen.telemetry.bigquery;

import ai.pediscreen.telemetry.export.ExportException;
import ai.pediscreen.telemetry.export.ExportException.Reason;
import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.BigQueryException;
import com.google.rpc.Code;
import com.google.rpc.Status;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** When to retry after a failure of BigQuery. */
final class Failures {

  private Failures() {}

  /**
   * A failure of the REST API.
   *
   * @param what what was tried, to begin a sentence with
   */
  static ExportException of(String what, BigQueryException e) {
    BigQueryError error = e.getError();
    String name = error == null || error.getReason() == null ? "" : error.getReason();
    return new ExportException(reason(e, name), what + ": " + e.getMessage(), e);
  }

  /** A failure of a job that ran. */
  static ExportException of(String what, BigQueryError error) {
    String name = error.getReason() == null ? "" : error.getReason();
    return new ExportException(
        byName(name, Reason.REFUSED), what + ": " + error.getMessage(), null);
  }

  /** A failure of the Storage Write API. */
  static ExportException of(String what, Status status, @Nullable Throwable cause) {
    String message = "%s: %s: %s".formatted(what, code(status), status.getMessage());
    return new ExportException(reason(status), message, cause);
  }

  private static Reason reason(BigQueryException e, String name) {
    if (e.getCode() == 0 && e.getCause() instanceof IOException) {
      return Reason.UNREACHABLE;
    }
    Reason unnamed = Reason.REFUSED;
    if (e.getCode() == 429) {
      unnamed = Reason.RATE_LIMITED;
    } else if (e.getCode() >= 500 || e.getCode() == 408) {
      unnamed = Reason.SERVER_ERROR;
    } else if (e.getCode() == 0) {
      unnamed = Reason.UNREACHABLE;
    }
    return byName(name, unnamed);
  }

  /** By the "reason" of an error, of which the documentation has a table. */
  private static Reason byName(String name, Reason unnamed) {
    return switch (name) {
      case "rateLimitExceeded", "jobRateLimitExceeded" -> Reason.RATE_LIMITED;
      case "quotaExceeded" -> Reason.QUOTA_EXCEEDED;
      case "backendError", "internalError", "jobBackendError", "jobInternalError" ->
          Reason.SERVER_ERROR;
      default -> unnamed;
    };
  }

  private static Reason reason(Status status) {
    return switch (code(status)) {
      case RESOURCE_EXHAUSTED ->
          status.getMessage().toLowerCase(Locale.ROOT).contains("quota")
              ? Reason.QUOTA_EXCEEDED
              : Reason.RATE_LIMITED;
      case UNAVAILABLE, DEADLINE_EXCEEDED -> Reason.UNREACHABLE;
      case INTERNAL, ABORTED, CANCELLED, UNKNOWN, DATA_LOSS -> Reason.SERVER_ERROR;
      default -> Reason.REFUSED;
    };
  }

  static Code code(Status status) {
    Code code = Code.forNumber(status.getCode());
    return code == null ? Code.UNKNOWN : code;
  }
}

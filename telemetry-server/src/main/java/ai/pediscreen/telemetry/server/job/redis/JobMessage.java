package ai.pediscreen.telemetry.server.job.redis;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One message of the stream, as far as it can be read.
 *
 * @param streamId id of the message in the stream
 * @param jobId what the asker calls it: {@code job_id}, or else the message's id
 * @param task what is asked for, cut to 200 characters; empty if the message does not say
 * @param date the day, as written, cut to 200 characters; empty if the message does not say
 * @param day the day; null if the message cannot be done
 * @param fault why it cannot be done; null if it can
 */
record JobMessage(
    String streamId,
    String jobId,
    String task,
    String date,
    @Nullable LocalDate day,
    @Nullable String fault) {

  static final String TASK = "compute_daily_aggregates";

  private static final int MAX_LENGTH = 200;
  private static final Pattern JOB_ID = Pattern.compile("[A-Za-z0-9._:-]{1," + MAX_LENGTH + "}");
  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

  static JobMessage of(String streamId, Map<String, String> fields) {
    String task = cut(fields.get("task"));
    String date = cut(fields.get("date"));
    String jobId = fields.getOrDefault("job_id", streamId);
    String jobIdOrOwn = isJobId(jobId) ? jobId : streamId;
    LocalDate day = day(date);
    String fault = null;
    if (!task.equals(TASK)) {
      fault = "the field task must be " + TASK;
    } else if (day == null) {
      fault = "the field date must be a date such as 2026-02-01";
    } else if (!isJobId(jobId)) {
      fault = "the field job_id must be 1 to 200 letters, digits, dots, colons, hyphens or _";
    }
    return new JobMessage(streamId, jobIdOrOwn, task, date, fault == null ? day : null, fault);
  }

  /** Whether a job can have that id. */
  static boolean isJobId(String text) {
    return JOB_ID.matcher(text).matches();
  }

  /** The day that a text names; null if none. */
  static @Nullable LocalDate day(String date) {
    if (!DATE.matcher(date).matches()) {
      return null;
    }
    try {
      return LocalDate.parse(date);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static String cut(@Nullable String text) {
    if (text == null) {
      return "";
    }
    return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH);
  }
}

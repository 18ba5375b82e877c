package ai.pediscreen.telemetry.bigquery;

import ai.pediscreen.telemetry.daily.ComputedDay;
import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.export.ExportException;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobStatus;
import com.google.cloud.bigquery.TableDataWriteChannel;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.WriteChannelConfiguration;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Table {@code daily_aggregates}: a load job puts a day's rows in place of its partition. The job's
 * id is made of the day and its revision, so a job that was submitted is not submitted again; one
 * that failed is followed by another with a number behind.
 */
final class DayLoads {

  private static final RowFormat<AggregateTable.Row> FORMAT =
      new RowFormat<>(AggregateTable.COLUMNS);

  /** A job that fails so often at one revision needs somebody to look. */
  private static final int MAX_TRIES = 20;

  private final BigQuerySettings settings;
  private final BigQuery client;
  private final @Nullable String location;

  DayLoads(BigQuerySettings settings, BigQuery client, @Nullable String location) {
    this.settings = settings;
    this.client = client;
    this.location = location;
  }

  /** Submits the load unless that was done; returns whether it has succeeded. */
  boolean load(String source, ComputedDay day, List<DailyAggregate> aggregates) {
    if (aggregates.isEmpty()) {
      // Events are only added, so a day that has no aggregates has never had any.
      return true;
    }
    String what = "aggregates of " + day.date() + " were not loaded";
    try {
      BigQueryError last = null;
      for (int tries = 1; tries <= MAX_TRIES; tries++) {
        JobId id = jobId(source, day, tries);
        Job job = client.getJob(id);
        if (job == null) {
          submit(id, day, aggregates);
          if (last != null) {
            // The next try is under way; what became of it is asked after a pause.
            throw Failures.of(what, last);
          }
          return false;
        }
        JobStatus status = job.getStatus();
        if (!JobStatus.State.DONE.equals(status.getState())) {
          return false;
        }
        last = status.getError();
        if (last == null) {
          return true;
        }
      }
      throw new ExportException(
          ExportException.Reason.REFUSED,
          "%s in %d tries: %s".formatted(what, MAX_TRIES, last == null ? "" : last.getMessage()),
          null);
    } catch (BigQueryException e) {
      throw Failures.of(what, e);
    }
  }

  private void submit(JobId id, ComputedDay day, List<DailyAggregate> aggregates) {
    String partition =
        AggregateTable.NAME + "$" + DateTimeFormatter.BASIC_ISO_DATE.format(day.date());
    WriteChannelConfiguration load =
        WriteChannelConfiguration.newBuilder(
                TableId.of(settings.project(), settings.dataset(), partition))
            .setFormatOptions(FormatOptions.json())
            .setSchema(AggregateTable.definition().getSchema())
            .setCreateDisposition(JobInfo.CreateDisposition.CREATE_NEVER)
            .setWriteDisposition(JobInfo.WriteDisposition.WRITE_TRUNCATE)
            .build();
    try (TableDataWriteChannel channel = client.writer(id, load)) {
      ByteBuffer rows = ByteBuffer.wrap(lines(day, aggregates));
      while (rows.hasRemaining()) {
        channel.write(rows);
      }
    } catch (BigQueryException e) {
      if (e.getCode() != 409) {
        throw e;
      }
      // It was submitted before, and the next question finds it.
    } catch (IOException e) {
      throw new ExportException(
          ExportException.Reason.UNREACHABLE, "aggregates of " + day.date() + " were not sent", e);
    }
  }

  private static byte[] lines(ComputedDay day, List<DailyAggregate> aggregates) {
    StringWriter lines = new StringWriter();
    try {
      for (DailyAggregate one : aggregates) {
        // A writer a line: each line is a document.
        JsonWriter json = new JsonWriter(lines);
        FORMAT.json(json, new AggregateTable.Row(one, day.revision()));
        json.flush();
        lines.append('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  private JobId jobId(String source, ComputedDay day, int tries) {
    String name =
        "pedi_telemetry_%s_%s_r%d%s"
            .formatted(
                source,
                DateTimeFormatter.BASIC_ISO_DATE.format(day.date()),
                day.revision(),
                tries == 1 ? "" : "_" + tries);
    JobId.Builder id = JobId.newBuilder().setProject(settings.project()).setJob(name);
    if (location != null) {
      id.setLocation(location);
    }
    return id.build();
  }
}

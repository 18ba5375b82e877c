package ai.pediscreen.telemetry.bigquery;

import ai.pediscreen.telemetry.daily.ComputedDay;
import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.export.ExportException;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobStatus;
import com.google.cloud.bigquery.StandardTableDefinition;
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
 * Tables {@code daily_aggregates} and {@code daily_drift}: in each a load job puts a day's rows in
 * place of its partition. The job's id is made of the day and its revision, so a job that was
 * submitted is not submitted again; one that failed is followed by another with a number behind.
 */
final class DayLoads {

  private static final RowFormat<AggregateTable.Row> AGGREGATES =
      new RowFormat<>(AggregateTable.COLUMNS);

  private static final RowFormat<DriftTable.Row> DRIFT = new RowFormat<>(DriftTable.COLUMNS);

  /** A job that fails so often at one revision needs an operator. */
  private static final int MAX_TRIES = 20;

  private final BigQuerySettings settings;
  private final BigQuery client;
  private final @Nullable String location;

  DayLoads(BigQuerySettings settings, BigQuery client, @Nullable String location) {
    this.settings = settings;
    this.client = client;
    this.location = location;
  }

  /**
   * What a day has in one of the tables.
   *
   * @param table the table
   * @param definition its definition
   * @param what what the rows are, in words
   * @param name begins the names of its jobs
   * @param lines a document a line
   */
  @SuppressWarnings("ArrayRecordComponent") // Lives until it is sent, and is not compared.
  private record Load(
      String table, StandardTableDefinition definition, String what, String name, byte[] lines) {}

  /** Submits the loads unless that was done; returns whether they have succeeded. */
  boolean load(
      String source, ComputedDay day, List<DailyAggregate> aggregates, List<DriftRecord> drift) {
    if (aggregates.isEmpty()) {
      // Events are only added, so a day that has no aggregates has never had any.
      return true;
    }
    boolean aggregatesAreThere =
        load(
            day,
            new Load(
                AggregateTable.NAME,
                AggregateTable.definition(),
                "aggregates",
                source,
                lines(
                    AGGREGATES,
                    aggregates.stream()
                        .map(one -> new AggregateTable.Row(one, day.revision()))
                        .toList())));
    // The client sends no empty load. What is left of the revision before is told by its number.
    boolean driftIsThere =
        drift.isEmpty()
            || load(
                day,
                new Load(
                    DriftTable.NAME,
                    DriftTable.definition(),
                    "drift",
                    "drift_" + source,
                    lines(
                        DRIFT,
                        drift.stream()
                            .map(one -> new DriftTable.Row(one, day.revision()))
                            .toList())));
    return aggregatesAreThere && driftIsThere;
  }

  private boolean load(ComputedDay day, Load rows) {
    String what = rows.what() + " of " + day.date() + " were not loaded";
    try {
      BigQueryError last = null;
      for (int tries = 1; tries <= MAX_TRIES; tries++) {
        JobId id = jobId(rows.name(), day, tries);
        Job job = client.getJob(id);
        if (job == null) {
          submit(id, day, rows);
          if (last != null) {
            // The next attempt is running; its state is read after a pause.
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

  private void submit(JobId id, ComputedDay day, Load rows) {
    String partition = rows.table() + "$" + DateTimeFormatter.BASIC_ISO_DATE.format(day.date());
    WriteChannelConfiguration load =
        WriteChannelConfiguration.newBuilder(
                TableId.of(settings.project(), settings.dataset(), partition))
            .setFormatOptions(FormatOptions.json())
            .setSchema(rows.definition().getSchema())
            .setCreateDisposition(JobInfo.CreateDisposition.CREATE_NEVER)
            .setWriteDisposition(JobInfo.WriteDisposition.WRITE_TRUNCATE)
            .build();
    try (TableDataWriteChannel channel = client.writer(id, load)) {
      ByteBuffer bytes = ByteBuffer.wrap(rows.lines());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (BigQueryException e) {
      if (e.getCode() != 409) {
        throw e;
      }
      // It was submitted before, and the next question finds it.
    } catch (IOException e) {
      throw new ExportException(
          ExportException.Reason.UNREACHABLE,
          rows.what() + " of " + day.date() + " were not sent",
          e);
    }
  }

  private static <T> byte[] lines(RowFormat<T> format, List<T> rows) {
    StringWriter lines = new StringWriter();
    try {
      for (T row : rows) {
        // A writer a line: each line is a document.
        JsonWriter json = new JsonWriter(lines);
        format.json(json, row);
        json.flush();
        lines.append('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  private JobId jobId(String start, ComputedDay day, int tries) {
    String name =
        "pedi_telemetry_%s_%s_r%d%s"
            .formatted(
                start,
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

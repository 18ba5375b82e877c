package ai.pediscreen.telemetry.export;

import ai.pediscreen.telemetry.daily.ComputedDay;
import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DriftRecord;
import java.util.List;

/**
 * The destination of events and aggregates. Called only by {@link Exporter}, by one thread at a
 * time; every method throws {@link ExportException} if the destination failed, and may be called
 * again after that.
 */
public interface EventExporter {

  /**
   * Creates what is needed there: tables, and columns that tables lack. Called before anything else
   * and after a stream was lost. Idempotent.
   */
  void prepare();

  /** Opens a stream and returns its name. The first batch goes to its offset 0. */
  String openStream();

  /**
   * Writes events as rows, from the first one on, as many as make up one batch. Does no I/O.
   *
   * @param events at least one, and each with what it says
   * @return the rows of at least the first event
   */
  EncodedRows encode(List<WaitingEvent> events);

  /**
   * Sends a stored batch. Idempotent, since each batch has its own place in the stream: sent again,
   * it is found to be there.
   *
   * @param meanwhile runs while the answer is awaited, unless nothing could be sent; what it throws
   *     is rethrown, and the batch may have arrived
   */
  AppendReceipt append(ExportBatch batch, Runnable meanwhile);

  /**
   * Replaces a day's figures. Does not wait: call it again until it returns true. Idempotent by day
   * and revision.
   *
   * @param source tells the revisions of one store from those of another, which may use the same
   *     numbers: lower-case letters and digits
   * @param day the day and its revision
   * @param aggregates all of the day's aggregates; may be empty
   * @param drift how its latencies compare with each reference; may be empty
   * @return whether they are there now
   */
  boolean replaceDay(
      String source, ComputedDay day, List<DailyAggregate> aggregates, List<DriftRecord> drift);
}

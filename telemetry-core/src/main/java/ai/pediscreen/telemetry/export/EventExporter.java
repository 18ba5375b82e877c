package ai.pediscreen.telemetry.export;

import ai.pediscreen.telemetry.daily.ComputedDay;
import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DriftRecord;
import java.util.List;

/**
 * The place where events and aggregates go. Called by {@link Exporter} alone, by one thread at a
 * time; every method throws {@link ExportException} if the place did not do what was asked, after
 * which the same may be asked again.
 */
public interface EventExporter {

  /**
   * Makes what is needed there: tables, and columns that tables lack. Called before anything else
   * and after a stream was lost. Idempotent.
   */
  void prepare();

  /** Opens a stream and returns its name. The first batch goes to its offset 0. */
  String openStream();

  /**
   * Writes events as rows, from the first one on, as many as make up one batch. Asks nobody.
   *
   * @param events at least one, and each with what it says
   * @return the rows of at least the first event
   */
  EncodedRows encode(List<WaitingEvent> events);

  /**
   * Sends a batch that was stored before. Idempotent, since each batch has its own place: sent
   * again, it is found to be there.
   *
   * @param meanwhile is done while the answer is on its way, unless nothing could be sent; what it
   *     throws is thrown on, and the batch may have arrived
   */
  AppendReceipt append(ExportBatch batch, Runnable meanwhile);

  /**
   * Puts a day's figures in place of those that are there. Does not wait: it is to be asked again
   * until it says that it is done. Idempotent by day and revision.
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

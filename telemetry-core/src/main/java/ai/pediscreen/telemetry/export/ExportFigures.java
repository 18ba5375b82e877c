package ai.pediscreen.telemetry.export;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * What an {@link Exporter} has done since it was made, and what waits.
 *
 * @param active whether this exporter has the lease
 * @param backlog what waits, as it was when last looked at
 * @param rows events that left
 * @param batches batches that they left in
 * @param days daily aggregates that left, each revision of a day counted
 * @param retries failures that were followed by another try, by reason; every reason is there
 * @param possiblyTwice events that were sent to a new stream although a lost one may have them
 */
public record ExportFigures(
    boolean active,
    Backlog backlog,
    long rows,
    long batches,
    long days,
    Map<ExportException.Reason, Long> retries,
    long possiblyTwice) {

  public ExportFigures {
    requireNonNull(backlog, "backlog");
    retries = Map.copyOf(retries);
  }
}

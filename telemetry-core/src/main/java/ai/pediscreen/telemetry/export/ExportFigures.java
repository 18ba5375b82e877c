package ai.pediscreen.telemetry.export;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * What an {@link Exporter} has done since it was made, and what waits.
 *
 * @param active whether this exporter has the lease
 * @param backlog what waits, as it was when last looked at
 * @param rows exported events
 * @param batches exported batches
 * @param days exported daily aggregates, each revision of a day counted
 * @param retries failures that were retried, by reason; every reason is there
 * @param possiblyTwice events that were sent to a new stream although a lost one may hold them
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

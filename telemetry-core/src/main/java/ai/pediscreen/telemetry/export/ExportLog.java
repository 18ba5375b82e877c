package ai.pediscreen.telemetry.export;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line when export begins to fail, one for each other reason that follows, and one when it
 * works again. Used by the exporter's thread.
 */
public final class ExportLog implements ExportListener {

  private static final Logger LOG = System.getLogger(ExportLog.class.getName());

  private ExportException.@Nullable Reason failing;

  /** A log that has reported nothing yet. */
  public ExportLog() {}

  @Override
  public void failed(ExportException failure, Duration pause) {
    if (failure.reason() != failing) {
      failing = failure.reason();
      LOG.log(
          Level.WARNING,
          "export failed (%s); events wait; retrying in %d s: %s"
              .formatted(failure.reason(), pause.toSeconds(), failure.getMessage()));
    }
  }

  @Override
  public void recovered() {
    if (failing != null) {
      failing = null;
      LOG.log(Level.INFO, "export works again");
    }
  }

  @Override
  public void gaveUp(List<DeadLetter> deadLetters) {
    DeadLetter first = deadLetters.get(0);
    LOG.log(
        Level.WARNING,
        ("%d events could not be exported and are dead letters (table export_dead_letter); the"
                + " first: %s %s")
            .formatted(
                deadLetters.size(), first.field() == null ? "" : first.field(), first.reason()));
  }

  @Override
  public void possiblyTwice(ExportBatch batch) {
    LOG.log(
        Level.WARNING,
        ("stream %s was lost, and whether its last %d events had arrived is unknown; they are sent"
                + " again, and the view events_once shows each once")
            .formatted(batch.position().stream(), batch.rows().count()));
  }
}

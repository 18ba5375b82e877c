package ai.pediscreen.telemetry.server.export;

import ai.pediscreen.telemetry.export.DeadLetter;
import ai.pediscreen.telemetry.export.ExportBatch;
import ai.pediscreen.telemetry.export.ExportException;
import ai.pediscreen.telemetry.export.ExportListener;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line when export begins to fail, one for each other reason that follows, and one when it
 * works again. Used by the exporter's thread.
 */
public final class ExportLog implements ExportListener {

  private static final Logger LOG = LoggerFactory.getLogger(ExportLog.class);

  private ExportException.@Nullable Reason failing;

  @Override
  public void failed(ExportException failure, Duration pause) {
    if (failure.reason() != failing) {
      failing = failure.reason();
      LOG.warn(
          "export stands still and events wait ({}), tried again in {} s: {}",
          failure.reason(),
          pause.toSeconds(),
          failure.getMessage());
    }
  }

  @Override
  public void recovered() {
    if (failing != null) {
      failing = null;
      LOG.info("export goes on");
    }
  }

  @Override
  public void gaveUp(List<DeadLetter> deadLetters) {
    DeadLetter first = deadLetters.get(0);
    LOG.warn(
        "{} events are not exported, which table export_dead_letter lists; the first: {} {}",
        deadLetters.size(),
        first.field() == null ? "" : first.field(),
        first.reason());
  }

  @Override
  public void possiblyTwice(ExportBatch batch) {
    LOG.warn(
        "stream {} was lost with {} events of which it is not known whether they arrived; they are"
            + " sent again, and the reading view shows them once",
        batch.position().stream(),
        batch.rows().count());
  }
}

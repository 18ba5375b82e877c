package ai.pediscreen.telemetry.export;

import java.time.Duration;
import java.util.List;

/** Is notified of what an operator may want to know, on the exporter's thread; must not throw. */
public interface ExportListener {

  /** Something failed and is retried after the pause; called for every failure. */
  void failed(ExportException failure, Duration pause);

  /** What failed before has worked. */
  void recovered();

  /** Some events will not be exported. */
  void gaveUp(List<DeadLetter> deadLetters);

  /** A batch was sent to a new stream although the lost one may hold it. */
  void possiblyTwice(ExportBatch batch);
}

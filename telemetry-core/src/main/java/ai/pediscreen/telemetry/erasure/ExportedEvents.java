package ai.pediscreen.telemetry.erasure;

import java.util.List;

/** Events where they were exported to. Implementations are thread-safe. */
public interface ExportedEvents {

  /**
   * Erases payloads and identifiers and leaves what figures are made of. Idempotent.
   *
   * @param holds what is left as it is
   * @return how many rows were changed
   * @throws ai.pediscreen.telemetry.event.StoreUnavailableException if it cannot be done now
   */
  long erase(ErasureSelection selection, List<LegalHold> holds);
}

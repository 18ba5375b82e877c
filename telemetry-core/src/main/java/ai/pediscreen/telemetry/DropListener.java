package ai.pediscreen.telemetry;

/**
 * Is notified of dropped events, on a thread of its own, so it may be slow. What it throws is
 * logged and has no other effect.
 */
@FunctionalInterface
public interface DropListener {

  /**
   * Some more events were dropped.
   *
   * @param reason why
   * @param events how many since the last time; at least 1
   */
  void dropped(DropReason reason, long events);
}

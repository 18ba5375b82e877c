package ai.pediscreen.telemetry;

/**
 * Hears of dropped events. Called by a thread of its own, so that it may take its time; what it
 * throws is logged, and changes nothing.
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

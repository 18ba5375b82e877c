package ai.pediscreen.telemetry.bench;

/**
 * A scenario, measured once.
 *
 * @param used by server and database, until they had finished what was left to do
 */
record Measured(LoadResult load, Counters used) {

  double serverMillisPerEvent() {
    return used.serverMillis() / load.accepted();
  }

  double databaseMillisPerEvent() {
    return used.databaseMillis() / load.accepted();
  }

  double millisPerEvent() {
    return serverMillisPerEvent() + databaseMillisPerEvent();
  }

  double walBytesPerEvent() {
    return used.walBytes() / load.accepted();
  }

  double diskBytesPerEvent() {
    return used.diskBytes() / load.accepted();
  }
}

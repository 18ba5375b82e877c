package ai.pediscreen.telemetry.bench;

import java.util.Map;

/**
 * What a load met with.
 *
 * @param seconds from the first request to the last answer that counts
 * @param requests answered 2xx in that time
 * @param events accepted by them
 * @param latencies how long each of those requests took
 * @param accepted all events that were accepted, those answered after the time too
 * @param duplicates events that were there already
 * @param others answers of other statuses by status; -1 stands for a broken connection
 */
record LoadResult(
    double seconds,
    long requests,
    long events,
    Latencies latencies,
    long accepted,
    long duplicates,
    Map<Integer, Long> others) {

  LoadResult {
    others = Map.copyOf(others);
  }

  /** Accepted events a second. */
  double perSecond() {
    return seconds > 0 ? events / seconds : 0;
  }
}

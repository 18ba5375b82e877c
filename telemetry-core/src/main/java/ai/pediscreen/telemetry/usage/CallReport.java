package ai.pediscreen.telemetry.usage;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The calls of one kind, errors or fallbacks, over a window.
 *
 * @param newest the newest of them: by timestamp, then by event id, then by organisation
 * @param reasons number of events by reason over the whole window, the most frequent first, then by
 *     name
 * @param total number of events over the whole window
 */
public record CallReport(List<Call> newest, Map<String, Long> reasons, long total) {

  public CallReport {
    newest = List.copyOf(newest);
    reasons = Collections.unmodifiableMap(new LinkedHashMap<>(reasons));
  }
}

package ai.pediscreen.telemetry.server.audit;

import ai.pediscreen.telemetry.audit.AuditAct;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts refused requests. A flood with many invented keys takes the places of other wrong keys,
 * never those of valid ones; requests without a place are counted together. Thread-safe.
 */
final class RefusedAccess {

  /** Each is an entry a minute at most. */
  static final int MOST_OF_WRONG_KEYS = 20;

  static final int MOST_OF_VALID_KEYS = 200;

  /**
   * Requests that are counted together.
   *
   * @param who the prefix of a key, or {@link AuditAct#NO_KEY}
   * @param route its method and the template of its path
   * @param status 401, 403 or 429
   * @param valid whether the key was one
   */
  record Refusal(String who, String route, int status, boolean valid) {

    Refusal ofOthers() {
      return new Refusal(AuditAct.OTHERS, AuditAct.OTHERS, status, valid);
    }
  }

  private final ConcurrentMap<Refusal, Long> ofValidKeys = new ConcurrentHashMap<>();
  private final ConcurrentMap<Refusal, Long> ofWrongKeys = new ConcurrentHashMap<>();

  void count(@Nullable String prefix, boolean valid, String route, int status) {
    count(new Refusal(prefix == null ? AuditAct.NO_KEY : prefix, route, status, valid), 1);
  }

  /** Counts what could not be entered once more. */
  void count(Refusal refusal, long count) {
    ConcurrentMap<Refusal, Long> counts = refusal.valid ? ofValidKeys : ofWrongKeys;
    int most = refusal.valid ? MOST_OF_VALID_KEYS : MOST_OF_WRONG_KEYS;
    boolean placed = counts.containsKey(refusal) || counts.size() < most;
    counts.merge(placed ? refusal : refusal.ofOthers(), count, Long::sum);
  }

  /** What was counted since this was asked last. */
  Map<Refusal, Long> take() {
    Map<Refusal, Long> taken = new HashMap<>();
    take(ofValidKeys, taken);
    take(ofWrongKeys, taken);
    return taken;
  }

  private static void take(ConcurrentMap<Refusal, Long> counts, Map<Refusal, Long> taken) {
    for (Refusal refusal : counts.keySet()) {
      Long count = counts.remove(refusal);
      if (count != null) {
        taken.put(refusal, count);
      }
    }
  }
}

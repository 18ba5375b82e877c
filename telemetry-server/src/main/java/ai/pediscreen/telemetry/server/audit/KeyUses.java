package ai.pediscreen.telemetry.server.audit;

import ai.pediscreen.telemetry.access.AccessKey;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * Which keys were used and are to be entered. A key is passed on once an hour; the store knows, for
 * all servers, whether it was entered on this day already. Holds only valid keys. Thread-safe.
 */
final class KeyUses {

  private final InstantSource clock;
  private final ConcurrentMap<String, Long> hours = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, AccessKey> waiting = new ConcurrentHashMap<>();

  KeyUses(InstantSource clock) {
    this.clock = clock;
  }

  void used(AccessKey key) {
    long hour = TimeUnit.MILLISECONDS.toHours(clock.millis());
    Long told = hours.get(key.prefix());
    if (told == null || told != hour) {
      waiting.put(key.prefix(), key);
      hours.put(key.prefix(), hour);
    }
  }

  /** Those that are to be entered. */
  Collection<AccessKey> waiting() {
    return List.copyOf(waiting.values());
  }

  /** One of them was. */
  void entered(AccessKey key) {
    waiting.remove(key.prefix(), key);
  }
}

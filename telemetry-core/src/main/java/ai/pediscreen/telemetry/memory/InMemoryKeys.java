package ai.pediscreen.telemetry.memory;

import ai.pediscreen.telemetry.access.AccessKey;
import ai.pediscreen.telemetry.access.KeyScope;
import ai.pediscreen.telemetry.access.KeySecret;
import ai.pediscreen.telemetry.access.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps keys in memory. Thread-safe: one lock guards all of it. */
public final class InMemoryKeys implements KeyStore {

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final InstantSource clock;

  /**
   * Empty.
   *
   * @param clock says which keys have expired
   */
  public InMemoryKeys(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized AccessKey add(
      KeySecret secret,
      @Nullable String orgId,
      Set<KeyScope> scopes,
      @Nullable Duration validFor,
      @Nullable Integer eventsPerSecond) {
    Instant now = clock.instant();
    AccessKey key =
        new AccessKey(
            secret.prefix(),
            orgId,
            scopes,
            now,
            validFor == null ? null : now.plus(validFor),
            null,
            eventsPerSecond,
            null);
    Entry known = entries.putIfAbsent(secret.prefix(), new Entry(key, secret.sha256()));
    return known == null ? key : known.key;
  }

  @Override
  public synchronized Optional<AccessKey> find(KeySecret presented) {
    Instant now = clock.instant();
    Optional<Entry> found =
        Optional.ofNullable(entries.get(presented.prefix()))
            .filter(entry -> presented.matches(entry.sha256))
            .filter(entry -> entry.key.isValidAt(now));
    found.ifPresent(
        entry -> entries.put(presented.prefix(), new Entry(entry.key.usedAt(now), entry.sha256)));
    return found.map(Entry::key);
  }

  @Override
  public synchronized Optional<AccessKey> rotate(String prefix, KeySecret next, Duration overlap) {
    Entry old = entries.get(prefix);
    if (old == null || !old.key.isValidAt(clock.instant())) {
      return Optional.empty();
    }
    entries.put(prefix, new Entry(old.key.expiringAt(clock.instant().plus(overlap)), old.sha256));
    return Optional.of(
        add(
            next,
            old.key.orgId(),
            old.key.scopes(),
            old.key.validFor(),
            old.key.eventsPerSecond()));
  }

  @Override
  public synchronized List<AccessKey> list() {
    return entries.values().stream().map(Entry::key).toList();
  }

  @Override
  public synchronized Optional<AccessKey> revoke(String prefix) {
    return Optional.ofNullable(
            entries.computeIfPresent(prefix, (unused, entry) -> entry.revokedAt(clock.instant())))
        .map(Entry::key);
  }

  private record Entry(AccessKey key, String sha256) {

    Entry revokedAt(Instant now) {
      return key.revokedAt() != null ? this : new Entry(key.revokedAt(now), sha256);
    }
  }
}

package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.access.AccessKey;
import ai.pediscreen.telemetry.access.KeyScope;
import ai.pediscreen.telemetry.access.KeySecret;
import ai.pediscreen.telemetry.access.KeyStore;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.memory.InMemoryKeys;
import ai.pediscreen.telemetry.server.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CachedKeysTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final CountingStore store = new CountingStore();
  private final CachedKeys keys = new CachedKeys(store, nanos::get);
  private final CachedKeys ofAnotherServer = new CachedKeys(store, nanos::get);
  private final KeySecret secret = KeySecret.generate();

  @AfterEach
  void close() {
    keys.close();
    ofAnotherServer.close();
  }

  @Test
  void keyInUse_isLookedUpNowAndThen_andNobodyWaitsForIt() {
    add();
    assertThat(keys.find(secret)).isPresent();
    pass(SECOND);
    assertThat(keys.find(secret)).isPresent();
    assertThat(store.lookups).hasValue(1);
    pass(SECOND);
    assertThat(keys.find(secret)).isPresent();
    awaitLookups(2);
    assertThat(keys.find(secret)).isPresent();
    assertThat(store.lookups).hasValue(2);
  }

  @Test
  @DisplayName("Revocation effective within 5 s on every server")
  void revokedKey_isRefusedAtTheLatestAfterFourSeconds_onEveryServer() {
    add();
    assertThat(keys.find(secret)).isPresent();
    assertThat(ofAnotherServer.find(secret)).isPresent();
    assertThat(store.revoke(secret.prefix())).isPresent();

    pass(CachedKeys.KNOWN_FOR);

    assertThat(keys.find(secret)).isEmpty();
    assertThat(ofAnotherServer.find(secret)).isEmpty();
  }

  @Test
  void lookupInPassing_forgetsARevokedKeyBeforeItsTimeIsOver() {
    add();
    assertThat(keys.find(secret)).isPresent();
    assertThat(store.revoke(secret.prefix())).isPresent();
    pass(CachedKeys.LOOKED_UP_AFTER);

    assertThat(keys.find(secret)).isPresent();
    Waiting.until("the key is refused", Duration.ofSeconds(20), () -> keys.find(secret).isEmpty());
  }

  @Test
  @DisplayName("If the database is away: 503, not 401; known keys go on within their time")
  void storeThatIsAway_isNoReasonToCallAKeyInvalid() {
    add();
    assertThat(keys.find(secret)).isPresent();
    store.away = true;
    pass(Duration.ofSeconds(3));
    assertThat(keys.find(secret)).isPresent();
    awaitLookups(2);
    pass(SECOND);
    assertThatThrownBy(() -> keys.find(secret)).isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(() -> keys.find(KeySecret.generate()))
        .isInstanceOf(StoreUnavailableException.class);

    store.away = false;
    assertThat(keys.find(secret)).isPresent();
  }

  @Test
  void wrongKey_isNotRemembered_neitherAsRightNorAsWrong() {
    assertThat(keys.find(secret)).isEmpty();
    assertThat(keys.find(secret)).isEmpty();
    assertThat(store.lookups).hasValue(2);
    add();
    assertThat(keys.find(secret)).isPresent();
    // Known by the whole key: one that shares the prefix is another.
    String sharing = secret.prefix() + "_" + "0".repeat(64);
    assertThat(keys.find(KeySecret.presented(sharing).orElseThrow())).isEmpty();
  }

  private void add() {
    assertThat(store.add(secret, "org-a", Set.of(KeyScope.READ), null).orgId()).isEqualTo("org-a");
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private void awaitLookups(int lookups) {
    Waiting.until("looked up", Duration.ofSeconds(20), () -> store.lookups.get() == lookups);
  }

  /** Counts what is looked up, and can be away. */
  private static final class CountingStore implements KeyStore {

    private final KeyStore keys =
        new InMemoryKeys(InstantSource.fixed(Instant.parse("2026-03-10T12:00:00Z")));
    final AtomicInteger lookups = new AtomicInteger();
    volatile boolean away;

    @Override
    public AccessKey add(
        KeySecret key, @Nullable String orgId, Set<KeyScope> scopes, @Nullable Duration validFor) {
      return keys.add(key, orgId, scopes, validFor);
    }

    @Override
    public Optional<AccessKey> find(KeySecret presented) {
      lookups.incrementAndGet();
      if (away) {
        throw new StoreUnavailableException("away");
      }
      return keys.find(presented);
    }

    @Override
    public List<AccessKey> list() {
      return keys.list();
    }

    @Override
    public Optional<AccessKey> revoke(String prefix) {
      return keys.revoke(prefix);
    }
  }
}

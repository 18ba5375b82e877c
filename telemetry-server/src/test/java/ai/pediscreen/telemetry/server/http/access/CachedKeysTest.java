package ai.pediscreen.telemetry.server.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.access.AccessKey;
import ai.pediscreen.telemetry.access.KeyScope;
import ai.pediscreen.telemetry.access.KeySecret;
import ai.pediscreen.telemetry.access.KeyStore;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.memory.InMemoryKeys;
import ai.pediscreen.telemetry.server.Waiting;
import ai.pediscreen.telemetry.server.http.protocol.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CachedKeysTest {

  private static final String ADDRESS = "10.0.0.1";
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
  void keyInUse_isRefreshedInTheBackground() {
    add();
    assertThat(keys.find(secret, ADDRESS)).isPresent();
    pass(SECOND);
    assertThat(keys.find(secret, ADDRESS)).isPresent();
    assertThat(store.lookups).hasValue(1);
    pass(SECOND);
    assertThat(keys.find(secret, ADDRESS)).isPresent();
    awaitLookups(2);
    assertThat(keys.find(secret, ADDRESS)).isPresent();
    assertThat(store.lookups).hasValue(2);
  }

  @Test
  @DisplayName("Revocation effective within 5 s on every server")
  void revokedKey_isRefusedWithinFourSeconds_onEveryServer() {
    add();
    assertThat(keys.find(secret, ADDRESS)).isPresent();
    assertThat(ofAnotherServer.find(secret, ADDRESS)).isPresent();
    assertThat(store.revoke(secret.prefix())).isPresent();

    pass(CachedKeys.KNOWN_FOR);

    assertThat(keys.find(secret, ADDRESS)).isEmpty();
    assertThat(ofAnotherServer.find(secret, ADDRESS)).isEmpty();
  }

  @Test
  void backgroundLookup_forgetsARevokedKeyEarly() {
    add();
    assertThat(keys.find(secret, ADDRESS)).isPresent();
    assertThat(store.revoke(secret.prefix())).isPresent();
    pass(CachedKeys.LOOKED_UP_AFTER);

    assertThat(keys.find(secret, ADDRESS)).isPresent();
    Waiting.until(
        "the key is refused", Duration.ofSeconds(20), () -> keys.find(secret, ADDRESS).isEmpty());
  }

  @Test
  @DisplayName("If the database is away: 503, not 401; known keys go on within their time")
  void unavailableStore_doesNotMakeAKeyInvalid() {
    add();
    assertThat(keys.find(secret, ADDRESS)).isPresent();
    store.away = true;
    pass(Duration.ofSeconds(3));
    assertThat(keys.find(secret, ADDRESS)).isPresent();
    awaitLookups(2);
    pass(SECOND);
    assertThatThrownBy(() -> keys.find(secret, ADDRESS))
        .isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(() -> keys.find(KeySecret.generate(), ADDRESS))
        .isInstanceOf(StoreUnavailableException.class);

    store.away = false;
    assertThat(keys.find(secret, ADDRESS)).isPresent();
  }

  @Test
  void wrongKey_isNotCached() {
    assertThat(keys.find(secret, ADDRESS)).isEmpty();
    assertThat(keys.find(secret, ADDRESS)).isEmpty();
    assertThat(store.lookups).hasValue(2);
    add();
    assertThat(keys.find(secret, ADDRESS)).isPresent();
    // Known by the whole key: one that shares the prefix is another.
    String sharing = secret.prefix() + "_" + "0".repeat(64);
    assertThat(keys.find(KeySecret.presented(sharing).orElseThrow(), ADDRESS)).isEmpty();
  }

  @Test
  void keysInUse_areLookedUp_beforeWrongOnes() throws Exception {
    add();
    assertThat(keys.find(secret, ADDRESS)).isPresent();
    store.gate = new CountDownLatch(1);
    ExecutorService attackers = Executors.newFixedThreadPool(60);
    try {
      for (int i = 0; i < 60; i++) {
        var unused =
            attackers.submit(
                () ->
                    keys.find(
                        KeySecret.generate(),
                        "10.6.6." + ThreadLocalRandom.current().nextInt(200)));
      }
      awaitLookups(2);
      // Used every five seconds, so that each time it is looked up anew.
      for (int i = 0; i < 10; i++) {
        pass(Duration.ofSeconds(5));
        assertThat(keys.find(secret, ADDRESS)).isPresent();
      }
    } finally {
      store.gate.countDown();
      attackers.shutdownNow();
    }
  }

  @Test
  void addressWithManyWrongKeys_isRateLimited_andNoOther() {
    add();
    assertThat(keys.find(secret, ADDRESS)).isPresent();
    for (int i = 0; i < FailedKeys.AT_ONCE; i++) {
      assertThat(keys.find(KeySecret.generate(), ADDRESS)).isEmpty();
    }
    int lookups = store.lookups.get();

    assertThatThrownBy(() -> keys.find(KeySecret.generate(), ADDRESS))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.problem().status()).isEqualTo(429);
              assertThat(e.problem().headers()).containsEntry("Retry-After", "1");
            });
    assertThat(store.lookups).hasValue(lookups);
    assertThat(keys.find(secret, ADDRESS)).as("a key in use").isPresent();
    assertThat(keys.find(KeySecret.generate(), "10.0.0.2")).as("another address").isEmpty();

    pass(SECOND);
    assertThat(keys.find(KeySecret.generate(), ADDRESS)).isEmpty();
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
    volatile CountDownLatch gate = new CountDownLatch(0);

    @Override
    public AccessKey add(
        KeySecret key,
        @Nullable String orgId,
        Set<KeyScope> scopes,
        @Nullable Duration validFor,
        @Nullable Integer eventsPerSecond) {
      return keys.add(key, orgId, scopes, validFor, eventsPerSecond);
    }

    @Override
    public Optional<AccessKey> find(KeySecret presented) {
      lookups.incrementAndGet();
      Optional<AccessKey> found = keys.find(presented);
      if (found.isEmpty()) {
        awaitGate();
      }
      if (away) {
        throw new StoreUnavailableException("away");
      }
      return found;
    }

    private void awaitGate() {
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public Optional<AccessKey> rotate(String prefix, KeySecret next, Duration overlap) {
      return keys.rotate(prefix, next, overlap);
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

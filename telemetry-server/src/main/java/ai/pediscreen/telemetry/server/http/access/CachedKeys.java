package ai.pediscreen.telemetry.server.http.access;

import ai.pediscreen.telemetry.access.AccessKey;
import ai.pediscreen.telemetry.access.KeySecret;
import ai.pediscreen.telemetry.access.KeyStore;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.ProblemException;
import ai.pediscreen.telemetry.server.http.protocol.QueryLimit;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Caches valid keys for a short time, so that not every request queries the store. A revoked or
 * expired key is refused at most {@link #KNOWN_FOR} later; a new key is valid at once. Keys in use
 * are looked up again before that time is over, so that no request waits for it.
 *
 * <p>Only valid keys are cached, so wrong ones cannot fill the memory. Lookups have threads of
 * their own: a hanging store costs a request two seconds and never the threads of open routes. Keys
 * that were seen valid have their own lookups, so that a flood of wrong keys does not delay those
 * in use.
 *
 * <p>Thread-safe.
 */
public final class CachedKeys implements AutoCloseable {

  /** With a lookup's time, less than the five seconds after which a revoked key must be refused. */
  static final Duration KNOWN_FOR = Duration.ofSeconds(4);

  static final Duration LOOKED_UP_AFTER = Duration.ofSeconds(2);

  private static final long LOOKUP_SECONDS = 2;
  private static final int QUEUED_LOOKUPS = 100;

  /** Twice this, with slow bodies and questions, fewer than the server's threads. */
  private static final int MAX_WAITING = 40;

  private final KeyStore store;
  private final LongSupplier nanoTime;
  private final LookupPool seen = new LookupPool("keys");
  private final LookupPool unseen = new LookupPool("keys-new");
  private final FailedKeys failed = new FailedKeys();

  /** By digest. */
  private final ConcurrentMap<String, Known> known = new ConcurrentHashMap<>();

  private final ConcurrentMap<String, CompletableFuture<Optional<AccessKey>>> lookups =
      new ConcurrentHashMap<>();

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  public CachedKeys(KeyStore store, LongSupplier nanoTime) {
    this.store = store;
    this.nanoTime = nanoTime;
  }

  /**
   * The key that a caller presents; empty if it is not valid.
   *
   * @param address where it comes from
   * @throws StoreUnavailableException if the store does not answer and the key is not known
   * @throws ProblemException 503 if too many wait for the store; 429 if too many keys from this
   *     address were not valid
   */
  Optional<AccessKey> find(KeySecret presented, String address) {
    Known found = known.get(presented.sha256());
    if (found == null) {
      failed.requireFew(address, nanoTime.getAsLong());
      Optional<AccessKey> key = ask(presented, unseen);
      if (key.isEmpty()) {
        failed.count(address, nanoTime.getAsLong());
      }
      return key;
    }
    long age = nanoTime.getAsLong() - found.sinceNanos;
    if (age < LOOKED_UP_AFTER.toNanos()) {
      return Optional.of(found.key);
    }
    if (age < KNOWN_FOR.toNanos()) {
      refresh(presented);
      return Optional.of(found.key);
    }
    return ask(presented, seen);
  }

  /** Waits for the answer. */
  private Optional<AccessKey> ask(KeySecret presented, LookupPool pool) {
    try {
      CompletableFuture<Optional<AccessKey>> lookup = lookUp(presented, pool);
      return pool.waiting.ask(() -> await(lookup));
    } catch (RejectedExecutionException e) {
      throw tooMany();
    }
  }

  private void refresh(KeySecret presented) {
    try {
      CompletableFuture<?> unused = lookUp(presented, seen);
    } catch (RejectedExecutionException e) {
      // The key is still known for a while; the next request tries again.
      return;
    }
  }

  private static ProblemException tooMany() {
    return Problem.busy("too many keys are being looked up").exception();
  }

  /** The lookup of this key that is under way, or a new one. */
  private CompletableFuture<Optional<AccessKey>> lookUp(KeySecret presented, LookupPool pool) {
    return lookups.computeIfAbsent(
        presented.sha256(),
        unused -> CompletableFuture.supplyAsync(() -> read(presented), pool.thread));
  }

  private Optional<AccessKey> read(KeySecret presented) {
    // From before the question: what is revoked after it may be missed.
    long sinceNanos = nanoTime.getAsLong();
    try {
      Optional<AccessKey> key = store.find(presented);
      if (key.isPresent()) {
        known.put(presented.sha256(), new Known(key.get(), sinceNanos));
      } else {
        known.remove(presented.sha256());
      }
      return key;
    } finally {
      lookups.remove(presented.sha256());
    }
  }

  private static Optional<AccessKey> await(CompletableFuture<Optional<AccessKey>> lookup) {
    try {
      return lookup.get(LOOKUP_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new StoreUnavailableException("a key could not be looked up in time", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException("a key could not be looked up", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("interrupted while a key was looked up", e);
    }
  }

  @Override
  public void close() {
    seen.thread.shutdownNow();
    unseen.thread.shutdownNow();
  }

  private record Known(AccessKey key, long sinceNanos) {}

  /** A thread that looks keys up, and those who wait for it. */
  private static final class LookupPool {
    final QueryLimit waiting = new QueryLimit(MAX_WAITING);
    final ThreadPoolExecutor thread;

    LookupPool(String name) {
      this.thread =
          new ThreadPoolExecutor(
              1,
              1,
              0,
              TimeUnit.SECONDS,
              new ArrayBlockingQueue<>(QUEUED_LOOKUPS),
              task -> {
                Thread thread = new Thread(task, name);
                // A lookup that hangs must not keep the process alive.
                thread.setDaemon(true);
                return thread;
              });
    }
  }
}

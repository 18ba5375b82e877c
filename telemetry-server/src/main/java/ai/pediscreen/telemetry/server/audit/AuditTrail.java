package ai.pediscreen.telemetry.server.audit;

import ai.pediscreen.telemetry.access.AccessKey;
import ai.pediscreen.telemetry.audit.AuditAct;
import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.audit.AuditEntry;
import ai.pediscreen.telemetry.audit.AuditLog;
import ai.pediscreen.telemetry.audit.AuditSelection;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server enters in the audit log. Acts are entered before their request is answered. Uses of
 * keys, refused requests and what the server does without a request are entered by a background
 * thread, which retries while the store is unavailable; closing enters what is left, if it can.
 *
 * <p>Thread-safe.
 */
public final class AuditTrail implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);

  /** How often refused requests are entered. */
  static final Duration COUNTED_FOR = Duration.ofMinutes(1);

  private static final int MOST_WAITING = 1_000;
  private static final long CLOSE_SECONDS = 3;

  private final AuditLog log;
  private final KeyUses uses;
  private final RefusedAccess refused = new RefusedAccess();
  private final BlockingQueue<AuditAct> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "audit"));

  /** Whether the thread has told that entries wait. */
  private boolean behind;

  /**
   * Begins.
   *
   * @param log where entries are kept
   * @param clock says the hour, for the use of keys
   */
  public AuditTrail(AuditLog log, InstantSource clock) {
    this.log = log;
    this.uses = new KeyUses(clock);
    Future<?> unused = thread.scheduleWithFixedDelay(this::enterWaiting, 1, 1, TimeUnit.SECONDS);
    long period = COUNTED_FOR.toSeconds();
    Future<?> unusedToo =
        thread.scheduleWithFixedDelay(this::enterRefused, period, period, TimeUnit.SECONDS);
  }

  /** Where entries are read. */
  public AuditLog log() {
    return log;
  }

  /**
   * Enters an act; when this returns the entry is durable.
   *
   * @throws StoreUnavailableException if it cannot be entered
   */
  public AuditEntry enter(AuditAct act) {
    return log.append(act);
  }

  /** Enters an act soon. */
  public void enterSoon(AuditAct act) {
    if (!waiting.offer(act)) {
      LOG.error("an audit log entry is lost because too many are waiting: {}", act.action());
    }
  }

  /** A key has let a request in. */
  public void used(AccessKey key) {
    uses.used(key);
  }

  /**
   * A request was refused.
   *
   * @param prefix of the key that was shown; null if there was none, or nothing like one
   * @param valid whether the key was one
   * @param route the request's method and the template of its path
   * @param status of the answer
   */
  public void refused(@Nullable String prefix, boolean valid, String route, int status) {
    refused.count(prefix, valid, route, status);
  }

  /** Enters what waits, and ends the thread. */
  @Override
  public synchronized void close() {
    if (thread.isShutdown()) {
      return;
    }
    thread.execute(this::enterWaiting);
    thread.execute(this::enterRefused);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        thread.shutdownNow();
        LOG.warn("some audit log entries were not written before the shutdown");
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private void enterWaiting() {
    for (AuditAct act = waiting.peek(); act != null; act = waiting.peek()) {
      AuditAct next = act;
      if (!isDone(() -> log.append(next))) {
        return;
      }
      waiting.remove();
    }
    for (AccessKey key : uses.waiting()) {
      if (!isDone(() -> log.appendUse(key.prefix(), key.orgId()))) {
        return;
      }
      uses.entered(key);
    }
  }

  private void enterRefused() {
    refused
        .take()
        .forEach(
            (refusal, count) -> {
              if (!isDone(() -> log.append(act(refusal, count)))) {
                refused.count(refusal, count);
              }
            });
  }

  private static AuditAct act(RefusedAccess.Refusal refusal, long count) {
    return new AuditAct(
        refusal.who(),
        null,
        AuditAction.ACCESS_REFUSED,
        AuditSelection.NONE.with("route", refusal.route()).with("status", refusal.status()),
        count,
        null);
  }

  /** Whether it need not be retried: it is written, or never can be. */
  private boolean isDone(Runnable work) {
    try {
      work.run();
      behind = false;
      return true;
    } catch (StoreUnavailableException e) {
      if (!behind) {
        LOG.warn("the audit log cannot be written now; its entries wait", e);
      }
      behind = true;
      return false;
    } catch (RuntimeException e) {
      LOG.error("an audit log entry is lost because it cannot be written", e);
      return true;
    }
  }
}

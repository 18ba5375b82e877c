package ai.pediscreen.telemetry.server.http.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import ai.pediscreen.telemetry.server.http.protocol.FailureLog;
import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.QueryParameters;
import ai.pediscreen.telemetry.server.http.query.UsageQuery;
import ai.pediscreen.telemetry.usage.spi.UsageChanges;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /telemetry/stream}: server-sent events that say, within about a second, that figures
 * have changed. A listener queries the figures itself, so a stream needs to know no ranges, and a
 * lost event does no harm.
 *
 * <p>One thread polls the store once a second, or less often if each query is billed, for the
 * number of events of each organisation with a listener; so changes by other servers are seen too.
 * It never waits for a listener: one that does not read gets the newest event when it reads again,
 * and is disconnected after the connection's idle timeout.
 *
 * <p>Thread-safe.
 */
public final class ChangeStream implements AutoCloseable {

  public static final int MAX_LISTENERS = 100;

  private static final Duration TICK = Duration.ofSeconds(1);

  /** Under the idle timeouts of this server and of common proxies. */
  private static final int TICKS_BETWEEN_COMMENTS = 10;

  /** Then a listener must reconnect with its key, which may have been revoked. */
  private static final int MAX_TICKS = 60;

  private static final byte[] COMMENT = ":\n\n".getBytes(UTF_8);

  private final UsageChanges changes;
  private final long ticksBetweenQuestions;
  private final Semaphore places = new Semaphore(MAX_LISTENERS);
  private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "change-stream");
            // A store that hangs must not keep the process alive.
            thread.setDaemon(true);
            return thread;
          });

  // Of the ticker.
  private long ticks;

  /**
   * @param changes says whether anything has changed
   * @param pace how often it is polled, in whole seconds
   */
  public ChangeStream(UsageChanges changes, Duration pace) {
    this.changes = changes;
    this.ticksBetweenQuestions = pace.dividedBy(TICK);
  }

  public void start() {
    var unused =
        ticker.scheduleWithFixedDelay(
            this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  public void listen(Context ctx) {
    OrgFilter org = UsageQuery.org(new QueryParameters(ctx.queryString()), Caller.of(ctx));
    if (!places.tryAcquire()) {
      throw Problem.busy("too many listeners; poll instead").exception();
    }
    try {
      ctx.res().setContentType("text/event-stream");
      ctx.res().setCharacterEncoding("utf-8");
      // Or nginx keeps events until it has a page full of them.
      ctx.res().setHeader("X-Accel-Buffering", "no");
      AsyncContext async = ctx.req().startAsync();
      async.setTimeout(0);
      Listener listener = new Listener(org, ctx.res().getOutputStream());
      listeners.add(listener);
      CompletableFuture<Void> gone =
          listener.gone.whenComplete(
              (nothing, failure) -> {
                listeners.remove(listener);
                places.release();
              });
      listener.begin();
      ctx.future(() -> gone);
      if (ticker.isShutdown()) {
        listener.end();
      }
    } catch (IOException e) {
      places.release();
      throw new UncheckedIOException("the answer cannot be written", e);
    }
  }

  /** Asks, if it is time to, and lets every listener write. */
  public void tick() {
    if (ticks++ % ticksBetweenQuestions != 0) {
      listeners.forEach(listener -> listener.tick(null));
      return;
    }
    try {
      Map<OrgFilter, byte[]> states = new HashMap<>();
      for (Listener listener : listeners) {
        listener.tick(states.computeIfAbsent(listener.org, this::state));
      }
    } catch (StoreUnavailableException e) {
      // The listeners see the outage in their own queries; the next tick polls again.
      listeners.forEach(listener -> listener.tick(null));
    } catch (RuntimeException e) {
      FailureLog.unexpected("of the change stream", e);
    }
  }

  /** An event that differs from an earlier one if anything has been counted since. */
  private byte[] state(OrgFilter org) {
    ObjectNode json = AnswerJson.object().put("events", changes.events(org));
    return ("event: changed\ndata: " + json + "\n\n").getBytes(UTF_8);
  }

  /** Disconnects every listener, and stops polling. */
  @Override
  public void close() {
    // Not interrupted: that would break the connection it asks on.
    ticker.shutdown();
    listeners.forEach(Listener::end);
  }

  /** One open answer. Only ever written to when that does not block. */
  private static final class Listener implements WriteListener {

    private final OrgFilter org;
    private final ServletOutputStream out;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    // Guarded by this.
    private byte @Nullable [] waiting = COMMENT;
    private byte @Nullable [] known;
    private boolean writable;
    private boolean flushed = true;
    private int ticks;

    Listener(OrgFilter org, ServletOutputStream out) {
      this.org = org;
      this.out = out;
    }

    void begin() {
      out.setWriteListener(this);
    }

    /** Ends the answer; not while something is being written. */
    synchronized void end() {
      gone.complete(null);
    }

    /**
     * @param state what is known now; null if that is not known
     */
    synchronized void tick(byte @Nullable [] state) {
      ticks++;
      if (ticks > MAX_TICKS) {
        end();
        return;
      }
      if (state != null && !Arrays.equals(state, known)) {
        known = state;
        waiting = state;
      } else if (waiting == null && ticks % TICKS_BETWEEN_COMMENTS == 0) {
        waiting = COMMENT;
      }
      if (writable) {
        write();
      }
    }

    @Override
    public synchronized void onWritePossible() {
      writable = true;
      write();
    }

    @Override
    public void onError(Throwable failure) {
      // The listener has left, or does not read.
      end();
    }

    private void write() {
      try {
        while (!gone.isDone() && out.isReady()) {
          if (waiting != null) {
            byte[] frame = waiting;
            waiting = null;
            flushed = false;
            out.write(frame);
          } else if (!flushed) {
            flushed = true;
            out.flush();
          } else {
            return;
          }
        }
      } catch (IOException e) {
        onError(e);
      }
    }
  }
}

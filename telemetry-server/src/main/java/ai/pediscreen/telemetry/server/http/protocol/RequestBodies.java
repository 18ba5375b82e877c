package ai.pediscreen.telemetry.server.http.protocol;

import ai.pediscreen.telemetry.server.logging.TraceContext;
import io.javalin.http.Context;
import jakarta.servlet.ServletInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a request whole, within limits that hold whatever it claims to be.
 *
 * <p>A body that has arrived is read at once. One that has not is waited for without a thread by
 * {@link #whenRead}; {@link #read}, for routes of few callers, lets only so many threads wait.
 *
 * <p>Thread-safe.
 */
public final class RequestBodies {

  /** How large a body may be, as sent and after inflation. */
  static final int MAX_BODY_BYTES = 16 * 1024 * 1024;

  private static final int FIRST_BUFFER_BYTES = 8 * 1024;

  /** The largest buffer that a Content-Length alone is worth. */
  private static final int MAX_TRUSTED_BYTES = 64 * 1024;

  private final BodyBudget budget;
  private final Semaphore slowBodies;
  private final Set<ArrivingBody> arriving = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * @param budget memory of all bodies together
   * @param slowBodies how many threads may wait for bodies
   */
  public RequestBodies(BodyBudget budget, int slowBodies) {
    this.budget = budget;
    this.slowBodies = new Semaphore(slowBodies);
  }

  /** What the body of one request will hold; to be closed when the request is answered. */
  public BodyBudget.Lease lease() {
    return budget.lease();
  }

  /**
   * Hands the body over, inflated: at once and on the calling thread if it has arrived, else when
   * it has. Its memory is paid for until the answer is there.
   *
   * @param executor where a body that was waited for is handed over
   * @param use what is done with it; completes when the answer is there
   * @throws ProblemException 400, 413 or 415; later, 408 or 503 as well
   * @throws BusyException if there is no memory for it; later, too
   */
  public <T> void whenRead(
      Context ctx, Executor executor, Function<BodyBytes, CompletableFuture<T>> use) {
    boolean gzip = isGzip(ctx.header("Content-Encoding"));
    long announced = announced(ctx);
    BodyBudget.Lease lease = budget.lease();
    CompletableFuture<T> answered = null;
    try {
      ServletInputStream in = ctx.req().getInputStream();
      BodyBytes body = new BodyBytes(lease, firstSize(announced));
      while (body.length() != announced && announced <= MAX_BODY_BYTES && in.available() > 0) {
        body.readSome(in);
        if (body.length() > MAX_BODY_BYTES) {
          break;
        }
      }
      answered =
          body.length() == announced
              ? use.apply(inflated(gzip, body, lease))
              : arriving(ctx, new ArrivingBody(in, body, announced))
                  .thenComposeAsync(
                      whole -> use.apply(inflated(gzip, whole, lease)),
                      TraceContext.executor(TraceId.of(ctx), executor));
    } catch (IOException e) {
      throw unreadable();
    } finally {
      if (answered == null) {
        lease.close();
      }
    }
    CompletableFuture<T> answer = answered.whenComplete((result, failure) -> lease.close());
    ctx.future(() -> answer);
  }

  private CompletableFuture<BodyBytes> arriving(Context ctx, ArrivingBody body) {
    ctx.req().startAsync().setTimeout(0);
    arriving.add(body);
    CompletableFuture<BodyBytes> whole =
        body.begin().whenComplete((read, failure) -> arriving.remove(body));
    if (closed) {
      body.stop();
    }
    return whole;
  }

  /** Waits for no more bodies: those that have not arrived are sent again, to another server. */
  public void close() {
    closed = true;
    arriving.forEach(ArrivingBody::stop);
  }

  /**
   * The body, inflated. A thread waits for it.
   *
   * @param lease pays for it; stays the caller's to close
   * @throws ProblemException 400, 408, 413, 415 or 503
   * @throws BusyException if there is no memory for it
   * @throws EOFException if the sender has gone
   */
  public BodyBytes read(Context ctx, BodyBudget.Lease lease) throws EOFException {
    boolean gzip = isGzip(ctx.header("Content-Encoding"));
    try {
      return inflated(gzip, readSent(ctx, lease), lease);
    } catch (EOFException e) {
      throw e;
    } catch (IOException e) {
      throw e.getCause() instanceof TimeoutException ? tooSlow() : unreadable();
    }
  }

  private BodyBytes readSent(Context ctx, BodyBudget.Lease lease) throws IOException {
    long announced = announced(ctx);
    if (announced > MAX_BODY_BYTES) {
      throw tooLarge();
    }
    InputStream in = ctx.bodyInputStream();
    boolean arrived = announced >= 0 && in.available() >= announced;
    if (!arrived && !slowBodies.tryAcquire()) {
      throw Problem.busy("too many bodies are being sent slowly").exception();
    }
    try {
      return readSent(in, announced, lease);
    } finally {
      if (!arrived) {
        slowBodies.release();
      }
    }
  }

  private static BodyBytes readSent(InputStream in, long announced, BodyBudget.Lease lease)
      throws IOException {
    long start = System.nanoTime();
    BodyBytes body = new BodyBytes(lease, firstSize(announced));
    while (body.length() != announced && body.readSome(in)) {
      if (body.length() > MAX_BODY_BYTES) {
        throw tooLarge();
      }
      if (ArrivingBody.isTooSlow(Duration.ofNanos(System.nanoTime() - start), body.length())) {
        throw tooSlow();
      }
    }
    return body;
  }

  private static long announced(Context ctx) {
    long announced = ctx.req().getContentLengthLong();
    if (announced > MAX_BODY_BYTES && ctx.header("Expect") != null) {
      // The sender waits for a 100 Continue before it sends.
      throw tooLarge();
    }
    return announced;
  }

  private static int firstSize(long announced) {
    return announced < 0 ? FIRST_BUFFER_BYTES : (int) Math.min(announced, MAX_TRUSTED_BYTES);
  }

  private static BodyBytes inflated(boolean gzip, BodyBytes sent, BodyBudget.Lease lease) {
    if (!gzip) {
      return sent;
    }
    BodyBytes inflated = new BodyBytes(lease, FIRST_BUFFER_BYTES);
    try (InputStream members =
        new GzipMembers(new ByteArrayInputStream(sent.array(), 0, sent.length()))) {
      while (inflated.readSome(members)) {
        if (inflated.length() > MAX_BODY_BYTES) {
          throw tooLarge();
        }
      }
    } catch (IOException e) {
      throw Problem.of(400, "INVALID_BODY", "the body is not valid gzip").exception();
    }
    sent.free();
    return inflated;
  }

  private static boolean isGzip(@Nullable String contentEncoding) {
    if (contentEncoding == null) {
      return false;
    }
    return switch (contentEncoding.strip().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> false;
      case "gzip", "x-gzip" -> true;
      default ->
          throw new Problem(
                  415,
                  "UNSUPPORTED_CONTENT_ENCODING",
                  "the body must be sent uncompressed or with gzip",
                  List.of(),
                  Map.of("Accept-Encoding", "gzip"))
              .exception();
    };
  }

  static ProblemException tooLarge() {
    return Problem.of(
            413, "BODY_TOO_LARGE", "the body must be at most 16 MiB, as sent and after inflation")
        .exception();
  }

  static ProblemException tooSlow() {
    return Problem.of(408, "REQUEST_TIMEOUT", "the body did not arrive in time").exception();
  }

  private static ProblemException unreadable() {
    return Problem.of(400, "INVALID_BODY", "the body cannot be read").exception();
  }
}

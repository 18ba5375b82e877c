package ai.pediscreen.telemetry.server.http;

import io.javalin.http.Context;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a request whole, within limits that hold whatever it claims to be.
 *
 * <p>A body that has arrived is read at once. One that has not holds a thread until it has, so only
 * so many may: slow senders take each other's places and never the threads that answer the rest.
 *
 * <p>Thread-safe.
 */
final class RequestBodies {

  /** How large a body may be, as sent and after inflation. */
  static final int MAX_BODY_BYTES = 16 * 1024 * 1024;

  private static final int FIRST_BUFFER_BYTES = 8 * 1024;

  /** The largest buffer that a Content-Length alone is worth. */
  private static final int MAX_TRUSTED_BYTES = 64 * 1024;

  private static final Duration TIME_LIMIT = Duration.ofSeconds(60);
  private static final Duration DRAIN_TIME_LIMIT = Duration.ofSeconds(5);

  private final BodyBudget budget;
  private final Semaphore slowBodies;

  /**
   * @param budget memory of all bodies together
   * @param slowBodies how many threads may wait for bodies
   */
  RequestBodies(BodyBudget budget, int slowBodies) {
    this.budget = budget;
    this.slowBodies = new Semaphore(slowBodies);
  }

  /** What the body of one request will hold; to be closed when the request is answered. */
  BodyBudget.Lease lease() {
    return budget.lease();
  }

  /**
   * The body, inflated.
   *
   * @param lease pays for it; stays the caller's to close
   * @throws ProblemException 400, 408, 413, 415 or 503
   * @throws EOFException if the sender has gone
   */
  BodyBytes read(Context ctx, BodyBudget.Lease lease) throws EOFException {
    boolean gzip = isGzip(ctx.header("Content-Encoding"));
    try {
      BodyBytes sent = readSent(ctx, lease);
      return gzip ? inflate(sent, lease) : sent;
    } catch (EOFException e) {
      throw e;
    } catch (IOException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw tooSlow();
      }
      throw Problem.of(400, "INVALID_BODY", "the body cannot be read").exception();
    }
  }

  private BodyBytes readSent(Context ctx, BodyBudget.Lease lease) throws IOException {
    long announced = ctx.req().getContentLengthLong();
    if (announced > MAX_BODY_BYTES && ctx.header("Expect") != null) {
      // The sender waits for a word before it sends.
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
    if (announced > MAX_BODY_BYTES) {
      drain(in);
      throw tooLarge();
    }
    BodyBytes body =
        new BodyBytes(
            lease,
            announced < 0 ? FIRST_BUFFER_BYTES : (int) Math.min(announced, MAX_TRUSTED_BYTES));
    while (body.length() != announced && body.readSome(in)) {
      if (body.length() > MAX_BODY_BYTES) {
        drain(in);
        throw tooLarge();
      }
      if (System.nanoTime() - start > TIME_LIMIT.toNanos()) {
        throw tooSlow();
      }
    }
    return body;
  }

  private static BodyBytes inflate(BodyBytes sent, BodyBudget.Lease lease) throws IOException {
    BodyBytes inflated = new BodyBytes(lease, FIRST_BUFFER_BYTES);
    // From memory, since a GZIPInputStream takes a pause in the network for the end.
    try (InputStream in =
        new GZIPInputStream(
            new ByteArrayInputStream(sent.array(), 0, sent.length()), FIRST_BUFFER_BYTES)) {
      while (inflated.readSome(in)) {
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

  /**
   * Reads on for a while and forgets what it reads: a sender that is cut off while it sends would
   * see a broken connection and never the answer.
   */
  private static void drain(InputStream in) throws IOException {
    long start = System.nanoTime();
    byte[] buffer = new byte[FIRST_BUFFER_BYTES];
    long drained = 0;
    int read = 0;
    while (read >= 0
        && drained < 2L * MAX_BODY_BYTES
        && System.nanoTime() - start < DRAIN_TIME_LIMIT.toNanos()) {
      read = in.read(buffer);
      drained += read;
    }
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
                  "the body must be sent as it is or with gzip",
                  List.of(),
                  Map.of("Accept-Encoding", "gzip"))
              .exception();
    };
  }

  private static ProblemException tooLarge() {
    return Problem.of(
            413, "BODY_TOO_LARGE", "the body must be at most 16 MiB, as sent and after inflation")
        .exception();
  }

  private static ProblemException tooSlow() {
    return Problem.of(408, "REQUEST_TIMEOUT", "the body did not arrive in time").exception();
  }
}

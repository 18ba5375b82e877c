package ai.pediscreen.telemetry.server.http.protocol;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A body that arrives while no thread waits for it: each piece is read when it is there. A sender
 * that is too slow, in all or at any time, is refused.
 *
 * <p>One that is too large is read on for a while and forgotten: a sender that is cut off while it
 * sends would see a broken connection and never the answer.
 */
public final class ArrivingBody implements ReadListener {

  /** For the largest body. */
  static final Duration TIME_LIMIT = Duration.ofSeconds(60);

  /** From then on the whole body must have come at {@link #MIN_BYTES_A_SECOND} at least. */
  static final Duration GRACE = Duration.ofSeconds(10);

  static final int MIN_BYTES_A_SECOND = 1024;

  private static final Duration DISCARD_LIMIT = Duration.ofSeconds(5);
  private static final long MAX_DISCARDED_BYTES = 2L * RequestBodies.MAX_BODY_BYTES;

  private final ServletInputStream in;
  private final BodyBytes body;
  private final long announced;
  private final CompletableFuture<BodyBytes> whole = new CompletableFuture<>();
  private final long startNanos = System.nanoTime();

  private byte @Nullable [] scrap;
  private long discarded;
  private long discardingSinceNanos;

  /**
   * @param body what has come already; what comes is added
   * @param announced how long it will be; -1 if that is not known
   */
  ArrivingBody(ServletInputStream in, BodyBytes body, long announced) {
    this.in = in;
    this.body = body;
    this.announced = announced;
    if (Math.max(announced, body.length()) > RequestBodies.MAX_BODY_BYTES) {
      discard();
    }
  }

  /** Listens from now on; the request must be asynchronous. */
  CompletableFuture<BodyBytes> begin() {
    in.setReadListener(this);
    return whole;
  }

  @Override
  public void onDataAvailable() {
    try {
      while (!whole.isDone() && in.isReady() && !in.isFinished()) {
        if (scrap == null) {
          take();
        } else {
          throwAway(scrap);
        }
      }
    } catch (IOException | RuntimeException e) {
      onError(e);
    }
  }

  @Override
  public void onAllDataRead() {
    if (scrap != null) {
      whole.completeExceptionally(RequestBodies.tooLarge());
    } else {
      whole.complete(body);
    }
  }

  @Override
  public void onError(Throwable failure) {
    if (scrap != null) {
      whole.completeExceptionally(RequestBodies.tooLarge());
    } else {
      boolean silent =
          failure instanceof IOException && failure.getCause() instanceof TimeoutException;
      whole.completeExceptionally(silent ? RequestBodies.tooSlow() : failure);
    }
  }

  /** The server stops; what would still come is not waited for. */
  void stop() {
    whole.completeExceptionally(Problem.busy("the service is shutting down").exception());
  }

  private void take() throws IOException {
    body.readSome(in);
    if (body.length() > RequestBodies.MAX_BODY_BYTES) {
      discard();
    } else if (body.length() == announced) {
      whole.complete(body);
    } else if (isTooSlow(Duration.ofNanos(System.nanoTime() - startNanos), body.length())) {
      whole.completeExceptionally(RequestBodies.tooSlow());
    }
  }

  /** Whether a body of which so much has come in that time is not waited for any more. */
  public static boolean isTooSlow(Duration elapsed, long bytes) {
    return elapsed.compareTo(TIME_LIMIT) > 0
        || (elapsed.compareTo(GRACE) > 0 && bytes < MIN_BYTES_A_SECOND * elapsed.toSeconds());
  }

  private void discard() {
    body.free();
    scrap = new byte[8 * 1024];
    discardingSinceNanos = System.nanoTime();
  }

  private void throwAway(byte[] buffer) throws IOException {
    discarded += Math.max(0, in.read(buffer));
    if (discarded > MAX_DISCARDED_BYTES
        || System.nanoTime() - discardingSinceNanos > DISCARD_LIMIT.toNanos()) {
      whole.completeExceptionally(RequestBodies.tooLarge());
    }
  }
}

package ai.pediscreen.telemetry.server.http.stream;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.access.ConnectionGuard;
import ai.pediscreen.telemetry.server.http.protocol.FailureLog;
import ai.pediscreen.telemetry.server.http.protocol.ProblemException;
import ai.pediscreen.telemetry.server.http.protocol.TraceId;
import io.javalin.http.Context;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;

/** Files that are written while they are read from the store. Thread-safe. */
public final class FileAnswers {

  /** Each holds a thread for as long as its reader takes. */
  public static final int MAX_AT_ONCE = 4;

  private static final int MAX_BY_KEY = 2;
  private static final String DISPOSITION = "Content-Disposition";
  private static final int BUFFER_BYTES = 32 * 1024;

  private final FilePermits permits = new FilePermits(MAX_AT_ONCE, MAX_BY_KEY);

  /** What is in a file. */
  @FunctionalInterface
  public interface Content {
    void write(OutputStream out) throws IOException;
  }

  /**
   * Answers with a file.
   *
   * @param name what a browser calls it
   * @throws ProblemException 503 if too many are being read
   */
  public void send(Context ctx, String name, String contentType, Content content) {
    try (FilePermits.Permit permit = permits.take(Caller.of(ctx).keyPrefix())) {
      ctx.contentType(contentType);
      ctx.header(DISPOSITION, "attachment; filename=\"" + name + "\"");
      try {
        PacedOutput sent = new PacedOutput(ctx.outputStream());
        permit.reads(sent, endPoint(ctx));
        OutputStream out = new BufferedOutputStream(sent, BUFFER_BYTES);
        // Nothing is sent before the buffer is full, so an unavailable store still gets its proper
        // status.
        content.write(out);
        out.close();
      } catch (IOException | RuntimeException e) {
        breakOff(ctx, e);
      }
    }
  }

  /** Cuts off readers that are too slow. To be called every second or so. */
  public void sweep() {
    permits.sweep();
  }

  /** Cuts off all readers: a file is read anew rather than waited for. */
  public void close() {
    permits.close();
  }

  /** The reader must not take a part for the whole, so the answer is left without its end. */
  private static void breakOff(Context ctx, Exception failure) {
    boolean readerLeft = failure instanceof IOException;
    if (!readerLeft && !ctx.res().isCommitted()) {
      ctx.res().setHeader(DISPOSITION, null);
      throw (RuntimeException) failure;
    }
    if (!readerLeft && !(failure instanceof StoreUnavailableException)) {
      FailureLog.unexpected(TraceId.of(ctx), failure);
    }
    endPoint(ctx).close();
  }

  private static EndPoint endPoint(Context ctx) {
    return ConnectionGuard.endPoint(
        ServletContextRequest.getServletContextRequest(ctx.req())
            .getConnectionMetaData()
            .getConnection());
  }
}

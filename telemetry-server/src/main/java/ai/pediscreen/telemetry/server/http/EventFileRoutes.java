package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.event.EventArchive;
import ai.pediscreen.telemetry.event.EventSelection;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.server.archive.EventFiles;
import ai.pediscreen.telemetry.server.archive.EventFormat;
import io.javalin.http.Context;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;

/** {@code GET /events.csv} and {@code GET /events.ndjson}: events as they were stored. */
final class EventFileRoutes {

  /** Each holds a thread for as long as its reader takes. */
  static final int MAX_AT_ONCE = 4;

  private static final int MAX_BY_KEY = 2;

  /** What a question without {@code from} gives. */
  private static final Duration DEFAULT_SPAN = Duration.ofDays(7);

  /** After every timestamp that an event may have. */
  private static final Instant NO_END = Instant.parse("2200-01-01T00:00:00Z");

  private static final String DISPOSITION = "Content-Disposition";
  private static final int BUFFER_BYTES = 32 * 1024;

  private final EventArchive archive;
  private final InstantSource clock;
  private final FilePlaces places = new FilePlaces(MAX_AT_ONCE, MAX_BY_KEY);

  EventFileRoutes(EventArchive archive, InstantSource clock) {
    this.archive = archive;
    this.clock = clock;
  }

  void csv(Context ctx) {
    send(ctx, EventFormat.CSV);
  }

  void ndjson(Context ctx) {
    send(ctx, EventFormat.NDJSON);
  }

  private void send(Context ctx, EventFormat format) {
    QueryParameters parameters = new QueryParameters(ctx.queryString());
    EventSelection selection = selection(parameters, Caller.of(ctx));
    boolean counted = parameters.flag("count");
    try (FilePlaces.Place place = places.take(Caller.of(ctx).keyPrefix())) {
      ctx.contentType(format.contentType());
      ctx.header(DISPOSITION, "attachment; filename=\"events." + format.extension() + "\"");
      try {
        PacedOutput sent = new PacedOutput(ctx.outputStream());
        place.reads(sent, endPoint(ctx));
        OutputStream out = new BufferedOutputStream(sent, BUFFER_BYTES);
        // Nothing leaves before the buffer is full, so a store that is away gets its proper answer.
        EventFiles.writeHeader(format, out);
        long events = EventFiles.writeEvents(archive, selection, format, out);
        if (counted) {
          EventFiles.writeEnd(format, events, out);
        }
        out.close();
      } catch (IOException | RuntimeException e) {
        breakOff(ctx, e);
      }
    }
  }

  /** Cuts off readers that are too slow. To be called every second or so. */
  void sweep() {
    places.sweep();
  }

  /** Cuts off all readers: a file is read anew rather than waited for. */
  void close() {
    places.close();
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

  private EventSelection selection(QueryParameters parameters, Caller caller) {
    Instant to = parameters.instant("to", 1);
    Instant until = to == null ? NO_END : to;
    Instant from = parameters.instant("from", 0);
    Instant since = from == null ? (to == null ? clock.instant() : to).minus(DEFAULT_SPAN) : from;
    if (until.isBefore(since)) {
      throw Problem.badParameter("from must not be after to").exception();
    }
    return new EventSelection(
        UsageQuestion.org(parameters, caller), UsageQuestion.modelId(parameters), since, until);
  }
}

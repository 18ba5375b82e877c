package ai.pediscreen.telemetry.server.http.stream;

import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.audit.AuditSelection;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventArchive;
import ai.pediscreen.telemetry.event.spi.EventSelection;
import ai.pediscreen.telemetry.server.archive.EventFiles;
import ai.pediscreen.telemetry.server.archive.EventFormat;
import ai.pediscreen.telemetry.server.audit.AuditSelections;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.access.RequestAudit;
import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.QueryParameters;
import ai.pediscreen.telemetry.server.http.query.UsageQuery;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** {@code GET /events.csv} and {@code GET /events.ndjson}: events as they were stored. */
public final class EventFileRoutes {

  /** What a question without {@code from} gives. */
  private static final Duration DEFAULT_SPAN = Duration.ofDays(7);

  private final EventArchive archive;
  private final FileAnswers files;
  private final RequestAudit audit;
  private final InstantSource clock;

  public EventFileRoutes(
      EventArchive archive, FileAnswers files, RequestAudit audit, InstantSource clock) {
    this.archive = archive;
    this.files = files;
    this.audit = audit;
    this.clock = clock;
  }

  public void csv(Context ctx) {
    send(ctx, EventFormat.CSV);
  }

  public void ndjson(Context ctx) {
    send(ctx, EventFormat.NDJSON);
  }

  private void send(Context ctx, EventFormat format) {
    QueryParameters parameters = new QueryParameters(ctx.queryString());
    EventSelection selection = selection(parameters, Caller.of(ctx));
    boolean counted = parameters.flag("count");
    String name = "events." + format.extension();
    String orgId = selection.org().orgId();
    AuditSelection entered = AuditSelections.ofFile(name, selection);
    files.send(
        ctx,
        name,
        format.contentType(),
        out -> {
          audit.enterOfFile(ctx, AuditAction.FILE_ASKED, orgId, entered, 1);
          AtomicLong given = new AtomicLong();
          try {
            EventFiles.writeHeader(format, out);
            long events = EventFiles.writeEvents(counting(given), selection, format, out);
            if (counted) {
              EventFiles.writeEnd(format, events, out);
            }
            audit.enterOfFile(ctx, AuditAction.FILE_GIVEN, orgId, entered, events);
          } catch (IOException | RuntimeException e) {
            long left = ctx.res().isCommitted() ? given.get() : 0;
            audit.enterSoon(ctx, AuditAction.FILE_GIVEN, orgId, entered, left);
            throw e;
          }
        });
  }

  /** Counts the events of a file that may be broken off. */
  private EventArchive counting(AtomicLong given) {
    return (selection, after, limit) -> {
      List<TelemetryEvent> page = archive.page(selection, after, limit);
      given.addAndGet(page.size());
      return page;
    };
  }

  private EventSelection selection(QueryParameters parameters, Caller caller) {
    Instant to = parameters.instant("to", 1);
    Instant until = to == null ? TelemetryEvent.END : to;
    Instant from = parameters.instant("from", 0);
    Instant since = from == null ? (to == null ? clock.instant() : to).minus(DEFAULT_SPAN) : from;
    if (until.isBefore(since)) {
      throw Problem.badParameter("from must not be after to").exception();
    }
    return new EventSelection(
        UsageQuery.org(parameters, caller), UsageQuery.modelId(parameters), since, until);
  }
}

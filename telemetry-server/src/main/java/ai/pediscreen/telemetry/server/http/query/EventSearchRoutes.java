package ai.pediscreen.telemetry.server.http.query;

import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.audit.AuditSelection;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.access.RequestAudit;
import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.ProblemException;
import ai.pediscreen.telemetry.server.http.protocol.QueryLimit;
import ai.pediscreen.telemetry.server.http.protocol.QueryParameters;
import ai.pediscreen.telemetry.usage.spi.EventPosition;
import ai.pediscreen.telemetry.usage.spi.EventQuery;
import ai.pediscreen.telemetry.usage.spi.EventSearch;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /events}, which finds events by what they are called, and {@code GET
 * /events/{event_id}}. Events are answered as they were stored: what the guard has put in the place
 * of an identifier is not undone.
 */
public final class EventSearchRoutes {

  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 200;
  private static final int MAX_CURSOR_LENGTH = 1_024;

  /** All timestamps that an event may have. */
  private static final Instant BEGINNING = Instant.parse("2000-01-01T00:00:00Z");

  /** With exponents, as events are written in files. */
  private static final ObjectWriter JSON = new JsonMapper().writer();

  private final EventSearch search;
  private final QueryLimit questions;
  private final PhiGuard guard;
  private final RequestAudit audit;

  public EventSearchRoutes(
      EventSearch search, QueryLimit questions, PhiGuard guard, RequestAudit audit) {
    this.search = search;
    this.questions = questions;
    this.guard = guard;
    this.audit = audit;
  }

  /** Those of a trace, a case, a user or an id, newest first. */
  public void events(Context ctx) {
    QueryParameters parameters = new QueryParameters(ctx.queryString());
    EventQuery query = query(parameters, Caller.of(ctx));
    EventPosition before = position(parameters.text("cursor", MAX_CURSOR_LENGTH));
    int limit = parameters.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    List<TelemetryEvent> events = questions.ask(() -> search.newest(query, before, limit));
    audit.enter(ctx, AuditAction.EVENTS_READ, query.org().orgId(), selection(query), events.size());
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("events", events.stream().map(TelemetryEvent::toMap).toList());
    // A page may end early, so only an empty one is known to be the last.
    answer.put("next_cursor", events.isEmpty() ? null : cursor(events.get(events.size() - 1)));
    answer(ctx, answer);
  }

  /** The one event of an id. */
  public void event(Context ctx) {
    String id = ctx.pathParam("event_id");
    OrgFilter org = UsageQuery.org(new QueryParameters(ctx.queryString()), Caller.of(ctx));
    if (id.length() > UsageQuery.MAX_NAME_LENGTH || id.isBlank() || id.indexOf(0) >= 0) {
      throw notFound();
    }
    EventQuery query = new EventQuery(org, id, null, null, null, BEGINNING, TelemetryEvent.END);
    List<TelemetryEvent> found = questions.ask(() -> search.newest(query, null, 2));
    int given = found.size() == 1 ? 1 : 0;
    audit.enter(ctx, AuditAction.EVENTS_READ, org.orgId(), selection(query), given);
    if (found.isEmpty()) {
      throw notFound();
    }
    if (found.size() > 1) {
      throw Problem.of(
              409,
              "AMBIGUOUS_EVENT",
              "several organisations have an event of this id: name one in org_id")
          .exception();
    }
    answer(ctx, found.get(0).toMap());
  }

  private AuditSelection selection(EventQuery query) {
    String caseId = query.caseId();
    String userId = query.userId();
    return AuditSelection.NONE
        .withIdentifier("event_id", oneOrNone(query.eventId()))
        .withIdentifier("trace_id", oneOrNone(query.traceId()))
        .withIdentifier("case_id", caseId == null ? Set.of() : guard.formsOfCase(caseId))
        .withIdentifier("user_id", userId == null ? Set.of() : guard.formsOfUser(userId));
  }

  private static Set<String> oneOrNone(@Nullable String id) {
    return id == null ? Set.of() : Set.of(id);
  }

  private static EventQuery query(QueryParameters parameters, Caller caller) {
    OrgFilter org = UsageQuery.org(parameters, caller);
    Instant from = parameters.instant("from", 0);
    Instant to = parameters.instant("to", 1);
    Instant since = from == null ? BEGINNING : from;
    Instant until = to == null ? TelemetryEvent.END : to;
    if (until.isBefore(since)) {
      throw Problem.badParameter("from must not be after to").exception();
    }
    String eventId = name(parameters, "event_id");
    String traceId = name(parameters, "trace_id");
    String caseId = name(parameters, "case_id");
    String userId = name(parameters, "user_id");
    if (eventId == null && traceId == null && caseId == null && userId == null) {
      throw Problem.badParameter("give event_id, trace_id, case_id or user_id").exception();
    }
    return new EventQuery(org, eventId, traceId, caseId, userId, since, until);
  }

  private static @Nullable String name(QueryParameters parameters, String name) {
    return parameters.text(name, UsageQuery.MAX_NAME_LENGTH);
  }

  /** What a client is to send back as it is. */
  private static String cursor(TelemetryEvent last) {
    String position =
        last.timestamp()
            + "\n"
            + (last.orgId() == null ? "" : last.orgId())
            + "\n"
            + last.eventId();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(position.getBytes(StandardCharsets.UTF_8));
  }

  private static @Nullable EventPosition position(@Nullable String cursor) {
    if (cursor == null) {
      return null;
    }
    try {
      String[] parts =
          new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8).split("\n", 3);
      Instant timestamp = Instant.parse(parts[0]);
      if (parts.length == 3
          && !timestamp.isBefore(BEGINNING)
          && timestamp.isBefore(TelemetryEvent.END)
          && cursor.indexOf(0) < 0
          && parts[1].indexOf(0) < 0
          && parts[2].indexOf(0) < 0) {
        return new EventPosition(timestamp, parts[1].isEmpty() ? null : parts[1], parts[2]);
      }
    } catch (IllegalArgumentException | DateTimeException e) {
      // Answered below, as what lacks a part is.
    }
    throw Problem.badParameter("cursor must be the next_cursor of an answer").exception();
  }

  private static void answer(Context ctx, Map<String, ?> answer) {
    try {
      ctx.contentType(AnswerJson.CONTENT_TYPE).result(JSON.writeValueAsBytes(answer));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("events hold only JSON values", e);
    }
  }

  private static ProblemException notFound() {
    return Problem.of(404, "NOT_FOUND", "there is no event of this id").exception();
  }
}

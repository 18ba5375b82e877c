package ai.pediscreen.telemetry.server.http.compliance;

import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.audit.AuditEntry;
import ai.pediscreen.telemetry.audit.AuditFilter;
import ai.pediscreen.telemetry.audit.AuditLog;
import ai.pediscreen.telemetry.server.audit.AuditFile;
import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.QueryLimit;
import ai.pediscreen.telemetry.server.http.protocol.QueryParameters;
import ai.pediscreen.telemetry.server.http.stream.FileAnswers;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code GET /audit}, newest first, and {@code GET /audit.ndjson}, a file in order. */
public final class AuditRoutes {

  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1_000;
  private static final int MAX_PREFIX_LENGTH = 64;
  private static final int MAX_DIGITS = 18;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final AuditLog log;
  private final FileAnswers files;
  private final QueryLimit questions;

  public AuditRoutes(AuditLog log, FileAnswers files, QueryLimit questions) {
    this.log = log;
    this.files = files;
    this.questions = questions;
  }

  public void entries(Context ctx) {
    QueryParameters parameters = new QueryParameters(ctx.queryString());
    AuditFilter filter = filter(parameters);
    Long before = before(parameters.text("before", MAX_DIGITS));
    int limit = parameters.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    List<AuditEntry> entries = questions.ask(() -> log.newest(filter, before, limit));
    ObjectNode json = AnswerJson.object();
    ArrayNode list = json.putArray("entries");
    entries.forEach(entry -> list.add(JSON.<ObjectNode>valueToTree(entry.toMap())));
    if (entries.size() < limit) {
      json.putNull("next_before");
    } else {
      json.put("next_before", entries.get(entries.size() - 1).sequence());
    }
    ctx.contentType(AnswerJson.CONTENT_TYPE).result(AnswerJson.bytes(json));
  }

  public void file(Context ctx) {
    AuditFilter filter = filter(new QueryParameters(ctx.queryString()));
    files.send(
        ctx,
        "audit.ndjson",
        "application/x-ndjson",
        out -> {
          long unused = AuditFile.write(log, filter, out);
        });
  }

  private static AuditFilter filter(QueryParameters parameters) {
    Instant from = parameters.instant("from", 0);
    Instant to = parameters.instant("to", 1);
    if (from != null && to != null && to.isBefore(from)) {
      throw Problem.badParameter("from must not be after to").exception();
    }
    String action = parameters.text("action", MAX_PREFIX_LENGTH);
    return new AuditFilter(
        from,
        to,
        action == null ? null : action(action),
        parameters.text("key", MAX_PREFIX_LENGTH));
  }

  private static AuditAction action(String label) {
    return AuditAction.ofLabel(label)
        .orElseThrow(
            () ->
                Problem.badParameter("action must be one of " + AuditAction.labels()).exception());
  }

  private static @Nullable Long before(@Nullable String digits) {
    if (digits == null) {
      return null;
    }
    if (!digits.matches("[0-9]+")) {
      throw Problem.badParameter("before must be the sequence of an entry").exception();
    }
    return Long.valueOf(digits);
  }
}

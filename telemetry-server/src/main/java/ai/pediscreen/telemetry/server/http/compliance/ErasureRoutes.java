package ai.pediscreen.telemetry.server.http.compliance;

import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.erasure.Erasure;
import ai.pediscreen.telemetry.erasure.ErasureField;
import ai.pediscreen.telemetry.erasure.ErasureSelection;
import ai.pediscreen.telemetry.erasure.Erasures;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.audit.AuditSelections;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.access.RequestAudit;
import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.QueryParameters;
import ai.pediscreen.telemetry.server.http.query.UsageQuery;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code DELETE /events}, which asks for an erasure, and {@code GET /erasures/{id}}, its receipt.
 */
public final class ErasureRoutes {

  private static final String RULE =
      "give one of event_id, case_id and user_id, or org_id alone for all of an organisation";

  private final Erasures erasures;
  private final PhiGuard guard;
  private final RequestAudit audit;

  public ErasureRoutes(Erasures erasures, PhiGuard guard, RequestAudit audit) {
    this.erasures = erasures;
    this.guard = guard;
    this.audit = audit;
  }

  /** Keeps the request. */
  public void erase(Context ctx) {
    Caller caller = Caller.of(ctx);
    ErasureSelection selection = selection(new QueryParameters(ctx.queryString()), caller);
    Erasure erasure =
        audit.enterWith(
            () -> erasures.request(selection, caller.keyPrefix()),
            asked ->
                Optional.of(
                    RequestAudit.act(
                        ctx,
                        AuditAction.ERASURE_REQUESTED,
                        asked.orgId(),
                        AuditSelections.ofErasure(asked),
                        1)));
    ctx.header("Location", "/erasures/" + erasure.id());
    answer(ctx, 202, erasure);
  }

  /** What has become of a request. */
  public void erasure(Context ctx) {
    Erasure erasure = find(ctx.pathParam("id"));
    if (erasure == null || !Caller.of(ctx).reach().allows(erasure.orgId())) {
      throw Problem.of(404, "NOT_FOUND", "there is no erasure of this id").exception();
    }
    answer(ctx, 200, erasure);
  }

  private @Nullable Erasure find(String id) {
    try {
      return erasures.find(UUID.fromString(id)).orElse(null);
    } catch (IllegalArgumentException e) {
      // No id of ours.
      return null;
    }
  }

  private ErasureSelection selection(QueryParameters parameters, Caller caller) {
    String named = UsageQuery.named(parameters, "org_id", UsageQuery.MAX_NAME_LENGTH);
    OrgFilter org = caller.question(named);
    String eventId = UsageQuery.named(parameters, "event_id", UsageQuery.MAX_NAME_LENGTH);
    String caseId = parameters.text("case_id", UsageQuery.MAX_NAME_LENGTH);
    String userId = parameters.text("user_id", UsageQuery.MAX_NAME_LENGTH);
    parameters.requireNothingIgnored();
    int given = (eventId == null ? 0 : 1) + (caseId == null ? 0 : 1) + (userId == null ? 0 : 1);
    if (given > 1 || (given == 0 && named == null)) {
      throw Problem.badParameter(RULE).exception();
    }
    if (eventId != null) {
      return new ErasureSelection(org, ErasureField.EVENT_ID, Set.of(eventId));
    }
    if (caseId != null) {
      return new ErasureSelection(org, ErasureField.CASE_ID, guard.formsOfCase(caseId));
    }
    if (userId != null) {
      return new ErasureSelection(org, ErasureField.USER_ID, guard.formsOfUser(userId));
    }
    return ErasureSelection.ofOrganisation(String.valueOf(named));
  }

  private static void answer(Context ctx, int status, Erasure erasure) {
    ctx.status(status).contentType(AnswerJson.CONTENT_TYPE).result(AnswerJson.bytes(json(erasure)));
  }

  private static ObjectNode json(Erasure erasure) {
    ObjectNode json = AnswerJson.object();
    json.put("id", erasure.id().toString());
    json.put("status", erasure.isComplete() ? "complete" : "pending");
    json.put("org_id", erasure.orgId());
    json.put("field", erasure.field().label());
    json.put("selection_hash", erasure.selectionHash());
    json.put("key", erasure.keyPrefix());
    json.put("requested_at", erasure.requestedAt().toString());
    json.put(
        "completed_at", erasure.completedAt() == null ? null : erasure.completedAt().toString());
    ObjectNode counts = json.putObject("counts");
    erasure.counts().forEach(counts::put);
    json.put("waiting_for", erasure.waitingFor());
    json.put("hash", erasure.isComplete() ? erasure.hash() : null);
    return json;
  }
}

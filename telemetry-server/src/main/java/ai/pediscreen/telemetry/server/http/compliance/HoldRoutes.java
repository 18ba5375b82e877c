package ai.pediscreen.telemetry.server.http.compliance;

import ai.pediscreen.telemetry.audit.AuditAct;
import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.erasure.CaseHolds;
import ai.pediscreen.telemetry.erasure.Erasures;
import ai.pediscreen.telemetry.erasure.LegalHold;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.audit.AuditSelections;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.access.RequestAudit;
import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.QueryParameters;
import ai.pediscreen.telemetry.server.http.query.UsageQuery;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET}, {@code PUT} and {@code DELETE /holds}: legal holds of an organisation, or of one of
 * its cases.
 */
public final class HoldRoutes {

  private final Erasures erasures;
  private final CaseHolds holds;
  private final PhiGuard guard;
  private final RequestAudit audit;

  public HoldRoutes(Erasures erasures, PhiGuard guard, RequestAudit audit) {
    this.erasures = erasures;
    this.holds = new CaseHolds(erasures, guard);
    this.guard = guard;
    this.audit = audit;
  }

  public void list(Context ctx) {
    answer(ctx, erasures.holds());
  }

  public void put(Context ctx) {
    QueryParameters parameters = new QueryParameters(ctx.queryString());
    String orgId = orgId(parameters);
    String key = Caller.of(ctx).keyPrefix();
    String caseId = caseId(parameters);
    LegalHold hold =
        audit.enterWith(
            () -> holds.place(orgId, caseId, key),
            placed -> Optional.of(act(ctx, AuditAction.HOLD_PLACED, orgId, caseId)));
    answer(ctx, List.of(hold));
  }

  public void delete(Context ctx) {
    QueryParameters parameters = new QueryParameters(ctx.queryString());
    String orgId = orgId(parameters);
    String caseId = caseId(parameters);
    boolean released =
        audit.enterWith(
            () -> holds.release(orgId, caseId),
            any ->
                any
                    ? Optional.of(act(ctx, AuditAction.HOLD_RELEASED, orgId, caseId))
                    : Optional.empty());
    if (!released) {
      throw Problem.of(404, "NOT_FOUND", "there is no such hold").exception();
    }
    answer(ctx, erasures.holds());
  }

  private AuditAct act(Context ctx, AuditAction action, String orgId, @Nullable String caseId) {
    return RequestAudit.act(ctx, action, orgId, AuditSelections.ofHold(caseId, guard), 1);
  }

  private static String orgId(QueryParameters parameters) {
    String orgId = UsageQuery.named(parameters, "org_id", UsageQuery.MAX_NAME_LENGTH);
    if (orgId == null) {
      throw Problem.badParameter("org_id must be given").exception();
    }
    return orgId;
  }

  /** Null stands for the whole organisation. */
  private static @Nullable String caseId(QueryParameters parameters) {
    String caseId = parameters.text("case_id", UsageQuery.MAX_NAME_LENGTH);
    parameters.requireNothingIgnored();
    return caseId;
  }

  private static void answer(Context ctx, List<LegalHold> holds) {
    ObjectNode json = AnswerJson.object();
    ArrayNode list = json.putArray("holds");
    for (LegalHold hold : holds) {
      list.addObject()
          .put("org_id", hold.orgId())
          .put("case_id", hold.caseId())
          .put("key", hold.keyPrefix())
          .put("since", hold.since().toString());
    }
    ctx.contentType(AnswerJson.CONTENT_TYPE).result(AnswerJson.bytes(json));
  }
}

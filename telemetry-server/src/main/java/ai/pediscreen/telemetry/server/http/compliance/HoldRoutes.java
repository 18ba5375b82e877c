package ai.pediscreen.telemetry.server.http.compliance;

import ai.pediscreen.telemetry.audit.AuditAct;
import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.erasure.Erasures;
import ai.pediscreen.telemetry.erasure.LegalHold;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.audit.AuditSelections;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.access.RequestAudit;
import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.QueryParameters;
import ai.pediscreen.telemetry.server.http.query.UsageQuestion;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET}, {@code PUT} and {@code DELETE /holds}: legal holds of an organisation, or of one of
 * its cases. With pseudonyms a case is held under both forms of its id.
 */
public final class HoldRoutes {

  private final Erasures erasures;
  private final PhiGuard guard;
  private final RequestAudit audit;

  public HoldRoutes(Erasures erasures, PhiGuard guard, RequestAudit audit) {
    this.erasures = erasures;
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
    Set<@Nullable String> cases = cases(parameters);
    List<LegalHold> holds =
        audit.enterWith(
            () -> cases.stream().map(caseId -> erasures.hold(orgId, caseId, key)).toList(),
            placed -> Optional.of(act(ctx, AuditAction.HOLD_PLACED, orgId, cases)));
    answer(ctx, holds);
  }

  public void delete(Context ctx) {
    QueryParameters parameters = new QueryParameters(ctx.queryString());
    String orgId = orgId(parameters);
    Set<@Nullable String> cases = cases(parameters);
    boolean released =
        audit.enterWith(
            () -> cases.stream().filter(caseId -> erasures.release(orgId, caseId)).count() > 0,
            any ->
                any
                    ? Optional.of(act(ctx, AuditAction.HOLD_RELEASED, orgId, cases))
                    : Optional.empty());
    if (!released) {
      throw Problem.of(404, "NOT_FOUND", "there is no such hold").exception();
    }
    answer(ctx, erasures.holds());
  }

  private static AuditAct act(
      Context ctx, AuditAction action, String orgId, Set<@Nullable String> cases) {
    return RequestAudit.act(ctx, action, orgId, AuditSelections.ofHold(cases), 1);
  }

  private static String orgId(QueryParameters parameters) {
    String orgId = UsageQuestion.named(parameters, "org_id", UsageQuestion.MAX_NAME_LENGTH);
    if (orgId == null) {
      throw Problem.badParameter("org_id must be given").exception();
    }
    return orgId;
  }

  /** The forms of the case's id; null alone stands for the whole organisation. */
  private Set<@Nullable String> cases(QueryParameters parameters) {
    String caseId = parameters.text("case_id", UsageQuestion.MAX_NAME_LENGTH);
    parameters.requireNothingIgnored();
    if (caseId == null) {
      return Collections.singleton(null);
    }
    return Collections.unmodifiableSet(guard.formsOfCase(caseId));
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

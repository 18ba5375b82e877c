package ai.pediscreen.telemetry.server.http.access;

import ai.pediscreen.telemetry.audit.AuditAct;
import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.audit.AuditEntry;
import ai.pediscreen.telemetry.audit.AuditSelection;
import ai.pediscreen.telemetry.server.audit.AuditTrail;
import ai.pediscreen.telemetry.server.http.protocol.ProblemException;
import ai.pediscreen.telemetry.server.http.protocol.QueryLimit;
import ai.pediscreen.telemetry.server.http.protocol.TraceId;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Enters what requests do. To be called before the answer is given. Those who wait for it are
 * counted with those who wait for an answer of the store. Thread-safe.
 */
public final class RequestAudit {

  private final AuditTrail trail;
  private final QueryLimit questions;

  public RequestAudit(AuditTrail trail, QueryLimit questions) {
    this.trail = trail;
    this.questions = questions;
  }

  /**
   * Enters an act of the request's caller; when this returns the entry is durable.
   *
   * @param orgId whose events it is about; null for all organisations, or for none
   * @throws ai.pediscreen.telemetry.event.StoreUnavailableException if it cannot be entered
   * @throws ProblemException 503 if too many wait
   */
  public void enter(
      Context ctx,
      AuditAction action,
      @Nullable String orgId,
      AuditSelection selection,
      long count) {
    AuditAct act = act(ctx, action, orgId, selection, count);
    AuditEntry unused = questions.ask(() -> trail.enter(act));
  }

  /**
   * Does what a request asks of the store and enters it, both or neither.
   *
   * @param act made by {@link #act}
   * @throws ai.pediscreen.telemetry.event.StoreUnavailableException if it cannot be entered
   * @throws ProblemException 503 if too many wait
   */
  public <T> T enterWith(Supplier<T> work, Function<T, Optional<AuditAct>> act) {
    return questions.ask(() -> trail.log().appendWith(work, act));
  }

  /** As {@link #enter}, of a request that has one of the places for files, which are few. */
  public void enterOfFile(
      Context ctx,
      AuditAction action,
      @Nullable String orgId,
      AuditSelection selection,
      long count) {
    AuditEntry unused = trail.enter(act(ctx, action, orgId, selection, count));
  }

  /** Enters soon what has happened and can no longer be held back. */
  public void enterSoon(
      Context ctx,
      AuditAction action,
      @Nullable String orgId,
      AuditSelection selection,
      long count) {
    trail.enterSoon(act(ctx, action, orgId, selection, count));
  }

  /** An act of the request's caller. */
  public static AuditAct act(
      Context ctx,
      AuditAction action,
      @Nullable String orgId,
      AuditSelection selection,
      long count) {
    String key = Caller.of(ctx).keyPrefix();
    return new AuditAct(
        key == null ? AuditAct.NO_KEY : key, orgId, action, selection, count, TraceId.of(ctx));
  }
}

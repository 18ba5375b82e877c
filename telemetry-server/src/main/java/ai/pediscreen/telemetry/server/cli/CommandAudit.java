package ai.pediscreen.telemetry.server.cli;

import ai.pediscreen.telemetry.audit.AuditAct;
import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.audit.AuditSelection;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import org.jspecify.annotations.Nullable;

/** Enters in the audit log what commands do. */
public final class CommandAudit {

  private CommandAudit() {}

  /**
   * Enters an act.
   *
   * @param orgId whose events it is about; null for all organisations, or for none
   * @throws ai.pediscreen.telemetry.event.StoreUnavailableException if it cannot be entered
   */
  public static void enter(
      PostgresTelemetry telemetry,
      AuditAction action,
      @Nullable String orgId,
      AuditSelection selection,
      long count) {
    telemetry
        .audit()
        .append(new AuditAct(AuditAct.COMMAND_LINE, orgId, action, selection, count, null));
  }

  /** An act of the command line. */
  public static AuditAct act(AuditAction action, @Nullable String orgId, AuditSelection selection) {
    return new AuditAct(AuditAct.COMMAND_LINE, orgId, action, selection, 1, null);
  }
}

package ai.pediscreen.telemetry.server.cli;

import ai.pediscreen.telemetry.audit.AuditAct;
import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.erasure.CaseHolds;
import ai.pediscreen.telemetry.erasure.Erasures;
import ai.pediscreen.telemetry.erasure.LegalHold;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.assembly.PseudonymKey;
import ai.pediscreen.telemetry.server.audit.AuditSelections;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.logging.LogText;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hold}: legal holds of an organisation, or of one of its cases. */
@Command(
    name = "hold",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "(add | list | remove)",
    description = "Legal holds: events that are neither erased nor expire.")
public final class HoldCommand implements Runnable {

  private static final String ORG = "Of this organisation.";
  private static final String CASE = "Of this case; left out, all events of the organisation.";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw CommandLineError.of(spec, "say what to do with holds: add, list or remove");
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description =
          "Keep events from being erased and from expiring. Repeating it changes nothing.")
  void add(
      @Option(names = "--org", paramLabel = "<org>", required = true, description = ORG) String org,
      @Option(names = "--case", paramLabel = "<id>", description = CASE) @Nullable String caseId) {
    String orgId = orgId(org);
    LegalHold hold =
        CommandRunner.withStore(
            (telemetry, config) -> {
              String one = given(caseId);
              PhiGuard guard = guard(telemetry, config, one);
              CaseHolds holds = new CaseHolds(telemetry.erasures(), guard);
              return telemetry
                  .audit()
                  .appendWith(
                      () -> holds.place(orgId, one, null),
                      placed -> Optional.of(act(AuditAction.HOLD_PLACED, orgId, one, guard)));
            });
    print(List.of(hold));
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "List all holds.")
  void list() {
    print(CommandRunner.withStore((telemetry, config) -> telemetry.erasures().holds()));
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = "End a hold: its events can then be erased, and expire.")
  void remove(
      @Option(names = "--org", paramLabel = "<org>", required = true, description = ORG) String org,
      @Option(names = "--case", paramLabel = "<id>", description = CASE) @Nullable String caseId) {
    String orgId = orgId(org);
    List<LegalHold> left =
        CommandRunner.withStore(
            (telemetry, config) -> {
              String one = given(caseId);
              PhiGuard guard = guard(telemetry, config, one);
              Erasures erasures = telemetry.erasures();
              CaseHolds holds = new CaseHolds(erasures, guard);
              boolean released =
                  telemetry
                      .audit()
                      .appendWith(
                          () -> holds.release(orgId, one),
                          any ->
                              any
                                  ? Optional.of(act(AuditAction.HOLD_RELEASED, orgId, one, guard))
                                  : Optional.empty());
              if (!released) {
                throw CommandLineError.of(spec, "there is no such hold; see: hold list");
              }
              return erasures.holds();
            });
    print(left);
  }

  private String orgId(String given) {
    String orgId = given.isBlank() ? null : OrgFilter.of(given).orgId();
    if (orgId == null) {
      throw CommandLineError.of(spec, "--org must not be blank");
    }
    return orgId;
  }

  /** Null stands for the whole organisation. */
  private static @Nullable String given(@Nullable String caseId) {
    return caseId == null || caseId.isBlank() ? null : caseId;
  }

  /** Of a whole organisation nothing depends on a key. */
  private static PhiGuard guard(
      PostgresTelemetry telemetry, ServerConfig config, @Nullable String caseId) {
    return caseId == null
        ? config.events().guard()
        : PseudonymKey.guardOfAsked(telemetry, config.events());
  }

  private static AuditAct act(
      AuditAction action, String orgId, @Nullable String caseId, PhiGuard guard) {
    return CommandAudit.act(action, orgId, AuditSelections.ofHold(caseId, guard));
  }

  /** A name may hold anything; a terminal should not obey it. */
  private static void print(List<LegalHold> holds) {
    for (LegalHold hold : holds) {
      System.out.printf(
          "%s, %s, since %s by %s%n",
          LogText.plain(hold.orgId()),
          hold.caseId() == null ? "all events" : "case " + LogText.plain(hold.caseId()),
          hold.since(),
          hold.keyPrefix() == null ? "no key" : hold.keyPrefix());
    }
    System.out.printf("%d %s%n", holds.size(), holds.size() == 1 ? "hold" : "holds");
  }
}

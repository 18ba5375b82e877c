package ai.pediscreen.telemetry.server.cli.data;

import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.erasure.Erasure;
import ai.pediscreen.telemetry.erasure.ErasureField;
import ai.pediscreen.telemetry.erasure.ErasureSelection;
import ai.pediscreen.telemetry.erasure.ExportedEvents;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.assembly.PseudonymKey;
import ai.pediscreen.telemetry.server.assembly.Store;
import ai.pediscreen.telemetry.server.audit.AuditSelections;
import ai.pediscreen.telemetry.server.cli.CommandAudit;
import ai.pediscreen.telemetry.server.cli.CommandLineError;
import ai.pediscreen.telemetry.server.cli.CommandRunner;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.warehouse.Warehouse;
import ai.pediscreen.telemetry.warehouse.WarehouseAddress;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code erase}: erases the payloads and identifiers of chosen events, and prints the receipt. */
@Command(
    name = "erase",
    mixinStandardHelpOptions = true,
    description = {
      "Erase payloads and identifiers of events; figures keep their counts.",
      "Ends when all is done; what cannot be done now is left to a running server."
    })
public final class EraseCommand implements Runnable {

  private static final long PAUSE_MILLIS = 500;

  /** One of them, or none for all of the organisation. */
  static final class Chosen {
    @Option(names = "--event", paramLabel = "<id>", description = "The event of this id.")
    private @Nullable String eventId;

    @Option(names = "--case", paramLabel = "<id>", description = "The events of this case.")
    private @Nullable String caseId;

    @Option(names = "--user", paramLabel = "<id>", description = "The events of this user.")
    private @Nullable String userId;
  }

  @ArgGroup private @Nullable Chosen chosen;

  @Option(
      names = "--org",
      paramLabel = "<org>",
      description = "Of one organisation alone; without --event, --case and --user, all of its.")
  private @Nullable String orgId;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (chosen == null && orgId == null) {
      String message = "say what to erase: --event, --case, --user or --org";
      throw CommandLineError.of(spec, message);
    }
    if (isBlank(orgId)
        || (chosen != null
            && (isBlank(chosen.eventId) || isBlank(chosen.caseId) || isBlank(chosen.userId)))) {
      String message = "an id must not be blank";
      throw CommandLineError.of(spec, message);
    }
    CommandRunner.runOnce(this::erase);
  }

  private static boolean isBlank(@Nullable String id) {
    return id != null && id.isBlank();
  }

  private void erase(ServerConfig config) {
    WarehouseAddress target = config.storage().warehouse().target();
    try (Store store = Store.openBesideServer(config);
        Warehouse warehouse = target == null ? null : target.open()) {
      PostgresTelemetry telemetry = store.telemetry();
      ErasureSelection selection =
          selection(() -> PseudonymKey.guardOfAsked(telemetry, config.events()));
      Erasure erasure =
          finished(telemetry, warehouse == null ? null : warehouse.events(), selection);
      System.out.printf(
          "erasure %s is %s%n",
          erasure.id(),
          erasure.isComplete() ? "complete" : "pending, it waits for " + erasure.waitingFor());
      erasure.counts().forEach((place, count) -> System.out.printf("%s: %d%n", place, count));
      if (erasure.isComplete()) {
        System.out.println("hash: " + erasure.hash());
      }
    }
  }

  /** A server may be doing the work; then it is waited for. */
  private static Erasure finished(
      PostgresTelemetry telemetry, @Nullable ExportedEvents exported, ErasureSelection selection) {
    Erasure request =
        telemetry
            .audit()
            .appendWith(
                () -> telemetry.erasures().request(selection, null),
                asked ->
                    Optional.of(
                        CommandAudit.act(
                            AuditAction.ERASURE_REQUESTED,
                            asked.orgId(),
                            AuditSelections.ofErasure(asked))));
    UUID id = request.id();
    while (true) {
      telemetry.maintenance().erase(exported);
      Erasure erasure = telemetry.erasures().find(id).orElseThrow();
      if (erasure.isComplete() || erasure.waitingFor() != null) {
        return erasure;
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("interrupted", e);
    }
  }

  /**
   * What is chosen.
   *
   * @param guard asked where the id of a case or user is given; else nothing depends on a key
   */
  private ErasureSelection selection(Supplier<PhiGuard> guard) {
    OrgFilter org = orgId == null ? OrgFilter.all() : OrgFilter.of(orgId);
    if (chosen == null) {
      return ErasureSelection.ofOrganisation(String.valueOf(orgId));
    }
    if (chosen.eventId != null) {
      Set<String> ids = Set.of(TelemetryEvent.trimmedId(chosen.eventId));
      return new ErasureSelection(org, ErasureField.EVENT_ID, ids);
    }
    if (chosen.caseId != null) {
      return new ErasureSelection(
          org, ErasureField.CASE_ID, guard.get().formsOfCase(chosen.caseId));
    }
    return new ErasureSelection(
        org, ErasureField.USER_ID, guard.get().formsOfUser(String.valueOf(chosen.userId)));
  }
}

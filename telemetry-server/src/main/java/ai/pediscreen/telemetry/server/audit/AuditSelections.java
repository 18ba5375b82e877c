package ai.pediscreen.telemetry.server.audit;

import ai.pediscreen.telemetry.access.AccessKey;
import ai.pediscreen.telemetry.access.KeyScope;
import ai.pediscreen.telemetry.audit.AuditSelection;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.erasure.Erasure;
import ai.pediscreen.telemetry.event.spi.EventSelection;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What entries say of the things that routes and commands are about. */
public final class AuditSelections {

  private AuditSelections() {}

  public static AuditSelection ofKey(AccessKey key) {
    String scopes = key.scopes().stream().map(KeyScope::label).collect(Collectors.joining(","));
    return AuditSelection.NONE
        .with("prefix", key.prefix())
        .with("scopes", scopes)
        .with("expires_at", key.expiresAt());
  }

  /**
   * Of a key in the place of another.
   *
   * @param old the prefix of the other
   */
  public static AuditSelection ofRotation(String old, AccessKey key) {
    return ofKey(key).withText("old", old);
  }

  /** The hash is that of the receipt. */
  public static AuditSelection ofErasure(Erasure erasure) {
    return AuditSelection.NONE
        .with("erasure", erasure.id())
        .with(erasure.field().label(), erasure.selectionHash());
  }

  /**
   * Of a legal hold; a case has the hash that receipts of its erasures have.
   *
   * @param caseId null for all events of the organisation
   */
  public static AuditSelection ofHold(@Nullable String caseId, PhiGuard guard) {
    Set<String> forms = caseId == null ? Set.of() : guard.formsOfCase(caseId);
    return AuditSelection.NONE.withIdentifier("case_id", forms);
  }

  public static AuditSelection ofBaseline(String name, DriftSubject subject) {
    return AuditSelection.NONE
        .withText("name", name)
        .withText("model_id", subject.modelId())
        .withText("feature", subject.feature());
  }

  /**
   * Of a file of events.
   *
   * @param file what it is called
   */
  public static AuditSelection ofFile(String file, EventSelection selection) {
    return AuditSelection.NONE
        .with("file", file)
        .with("from", selection.from())
        .with("to", selection.until())
        .withText("model_id", selection.modelId());
  }

  /**
   * Of a confirmation that retention may go on.
   *
   * @param first the first day that is kept
   */
  public static AuditSelection ofRetention(LocalDate first) {
    return AuditSelection.NONE.with("from", first);
  }

  public static AuditSelection ofSettings(String version, Map<String, String> settings) {
    AuditSelection all = AuditSelection.NONE.with("version", version);
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      all = all.withText(setting.getKey(), setting.getValue());
    }
    return all;
  }
}

package ai.pediscreen.telemetry.erasure;

import ai.pediscreen.telemetry.privacy.PhiGuard;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Legal holds by the id of a case in either form: as it was sent, or as its pseudonym. With
 * pseudonyms there is one hold of a case, under its pseudonym, and the id as sent is not kept.
 *
 * <p>Thread-safe.
 */
public final class CaseHolds {

  private final Erasures erasures;
  private final PhiGuard guard;

  /** Changes nothing yet. */
  public CaseHolds(Erasures erasures, PhiGuard guard) {
    this.erasures = erasures;
    this.guard = guard;
  }

  /**
   * Places a hold; one that is there stays as it is.
   *
   * @param caseId null for all events of the organisation
   * @param keyPrefix who placed it; null if no key
   */
  public LegalHold place(String orgId, @Nullable String caseId, @Nullable String keyPrefix) {
    return erasures.hold(orgId, stored(caseId), keyPrefix);
  }

  /**
   * Ends a hold, under whichever form of the id it is kept: earlier versions kept both.
   *
   * @return whether there was one
   */
  public boolean release(String orgId, @Nullable String caseId) {
    String stored = stored(caseId);
    boolean released = false;
    for (LegalHold hold : erasures.holds()) {
      if (hold.orgId().equals(orgId) && Objects.equals(stored(hold.caseId()), stored)) {
        released |= erasures.release(orgId, hold.caseId());
      }
    }
    return released;
  }

  private @Nullable String stored(@Nullable String caseId) {
    return caseId == null ? null : guard.storedCase(caseId);
  }
}

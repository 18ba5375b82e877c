package ai.pediscreen.telemetry.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the entries from the oldest to the newest and finds the first wrong one. Not safe for
 * use by several threads at once.
 */
public final class AuditChain {

  private AuditLink last;
  private long entries;
  private @Nullable Instant newest;
  private @Nullable Long wrong;
  private @Nullable String fault;

  /**
   * @param start the newest entry that has expired, or {@link AuditLink#BEGINNING}
   */
  public AuditChain(AuditLink start) {
    this.last = start;
  }

  /** The next entry. */
  public void add(AuditEntry entry) {
    entries++;
    newest = entry.time();
    if (wrong == null) {
      check(entry);
    }
    last = entry.link();
  }

  /**
   * What was found.
   *
   * @param end the newest entry that was ever written
   */
  public AuditVerification end(AuditLink end) {
    if (wrong == null && last.sequence() < end.sequence()) {
      wrong(last.sequence() + 1, "is missing");
    } else if (wrong == null && last.sequence() > end.sequence()) {
      wrong(end.sequence() + 1, "was inserted");
    } else if (wrong == null && !last.hash().equals(end.hash())) {
      wrong(last.sequence(), "is not the one that was written");
    }
    return new AuditVerification(entries, newest, wrong, fault);
  }

  private void check(AuditEntry entry) {
    long expected = last.sequence() + 1;
    if (entry.sequence() > expected) {
      wrong(expected, "is missing");
    } else if (entry.sequence() < expected) {
      wrong(entry.sequence(), "was inserted");
    } else if (!entry.hash().equals(entry.expectedHash())) {
      wrong(entry.sequence(), "was changed");
    } else if (!entry.previousHash().equals(last.hash())) {
      wrong(entry.sequence(), "does not follow the entry before");
    }
  }

  private void wrong(long sequence, String what) {
    wrong = sequence;
    fault = what;
  }
}

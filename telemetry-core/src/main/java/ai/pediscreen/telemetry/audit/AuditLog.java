package ai.pediscreen.telemetry.audit;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the entries. They can be added and read, and expire; nothing changes one. However many
 * programs add entries at once, they are one chain.
 *
 * <p>Implementations are thread-safe. All methods throw {@link
 * ai.pediscreen.telemetry.event.StoreUnavailableException} if the store cannot be reached in time.
 */
public interface AuditLog {

  /** Enters an act; when this returns the entry is durable. */
  AuditEntry append(AuditAct act);

  /**
   * Does something that is kept in the same store, and enters it: both are durable when this
   * returns, or neither if it throws.
   *
   * @param work writes to the store, on this thread and not for long
   * @param act what has been done; empty enters nothing
   * @return what came of the work
   */
  <T> T appendWith(Supplier<T> work, Function<T, Optional<AuditAct>> act);

  /**
   * Enters that a key is used, if that is its first use on the store's UTC day.
   *
   * @param orgId the key's organisation; null if it has none
   * @return the entry; empty if there was one on this day
   */
  Optional<AuditEntry> appendUse(String keyPrefix, @Nullable String orgId);

  /**
   * Entries, newest first.
   *
   * @param before those of a smaller sequence alone; null for the newest
   * @param limit how many at most; at least 1
   */
  List<AuditEntry> newest(AuditFilter filter, @Nullable Long before, int limit);

  /**
   * Entries, oldest first.
   *
   * @param after those of a larger sequence alone; 0 for the oldest
   * @param limit how many at most; at least 1
   */
  List<AuditEntry> following(AuditFilter filter, long after, int limit);

  /** Looks at the whole chain. May take minutes. */
  AuditVerification verify();
}

package ai.pediscreen.telemetry.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which entries are read. Immutable.
 *
 * @param from not those of before; null for no limit
 * @param to only those of before; null for no limit
 * @param action of this action alone; null for all
 * @param who of this key or other actor, as in {@link AuditAct}; null for all
 */
public record AuditFilter(
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable AuditAction action,
    @Nullable String who) {

  /** All entries. */
  public static final AuditFilter ALL = new AuditFilter(null, null, null, null);
}

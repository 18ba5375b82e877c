package ai.pediscreen.telemetry.erasure;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Events that are neither erased nor expire. Immutable.
 *
 * @param orgId of which organisation
 * @param caseId of which case, as it is stored; null for all events of the organisation
 * @param keyPrefix the key with which it was placed; null if none was needed
 * @param since when it was placed
 */
public record LegalHold(
    String orgId, @Nullable String caseId, @Nullable String keyPrefix, Instant since) {}

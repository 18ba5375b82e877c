package ai.pediscreen.telemetry.erasure;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Requests to erase events, their receipts, and legal holds. Implementations are thread-safe; all
 * methods throw {@link ai.pediscreen.telemetry.event.StoreUnavailableException} if the store cannot
 * be reached in time.
 */
public interface Erasures {

  /**
   * Stores a request; the work is done afterwards, and continues after a crash.
   *
   * @param keyPrefix the key with which it is requested; null if none is needed
   */
  Erasure request(ErasureSelection selection, @Nullable String keyPrefix);

  /** A request or receipt; empty if there is none of this id. */
  Optional<Erasure> find(UUID id);

  /**
   * Keeps events from being erased and from expiring, until {@link #release}. Placing it again
   * changes nothing.
   *
   * @param caseId a case, as it is stored; null for all events of the organisation
   */
  LegalHold hold(String orgId, @Nullable String caseId, @Nullable String keyPrefix);

  /** Ends a hold; returns if there was one. */
  boolean release(String orgId, @Nullable String caseId);

  /** All holds, by organisation and case. */
  List<LegalHold> holds();
}

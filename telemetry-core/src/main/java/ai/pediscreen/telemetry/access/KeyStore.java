package ai.pediscreen.telemetry.access;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores keys. Called by the server's access check, and by the command line.
 *
 * <p>The store's clock decides which keys are valid. Implementations are safe for use by many
 * threads and, where the store is shared, by many programs. All methods throw {@link
 * ai.pediscreen.telemetry.event.StoreUnavailableException} if the store cannot be reached in time.
 */
public interface KeyStore {

  /**
   * Adds a key. Idempotent: an existing key is not changed, even if it is revoked.
   *
   * @param secret the key; only its prefix and digest are kept
   * @param orgId the organisation it belongs to; see {@link AccessKey}
   * @param scopes what it may be used for; at least one
   * @param validFor how long from now on it is valid; null for ever
   * @param eventsPerSecond how many events may be sent with it in a second; null for as many as its
   *     organisation may send
   * @return the key as it now is
   * @throws IllegalArgumentException if no key can be like that
   */
  AccessKey add(
      KeySecret secret,
      @Nullable String orgId,
      Set<KeyScope> scopes,
      @Nullable Duration validFor,
      @Nullable Integer eventsPerSecond);

  /** Enters a key without a limit of its own. */
  default AccessKey add(
      KeySecret secret, @Nullable String orgId, Set<KeyScope> scopes, @Nullable Duration validFor) {
    return add(secret, orgId, scopes, validFor, null);
  }

  /**
   * The key that a caller presents; empty if it is unknown, revoked or expired. A key that is found
   * counts as used; the store records when, to the minute and as far as it can.
   */
  Optional<AccessKey> find(KeySecret presented);

  /** All keys, revoked and expired ones included, oldest first. */
  List<AccessKey> list();

  /**
   * Replaces a key by one with the same organisation, scopes and validity; the old one stays valid
   * for a while, so that its holders can switch.
   *
   * @param prefix of the key that is to go
   * @param next the key that takes its place
   * @param overlap for how long both are valid
   * @return the new one; empty if there is no valid key with this prefix
   */
  Optional<AccessKey> rotate(String prefix, KeySecret next, Duration overlap);

  /**
   * Makes a key invalid for good. Idempotent.
   *
   * @return the key as it now is; empty if there is none with this prefix
   */
  Optional<AccessKey> revoke(String prefix);
}

package ai.pediscreen.telemetry.access;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is stored about a key; the key itself cannot be derived from it. Immutable.
 *
 * @param prefix what the key is called by, 1 to 64 characters
 * @param orgId the organisation it belongs to, at most 128 characters; null only for a key with
 *     {@link KeyScope#ADMIN}, or with none but {@link KeyScope#JOBS} and {@link KeyScope#METRICS},
 *     which has none
 * @param scopes what it may be used for; at least one
 * @param createdAt when it was made
 * @param expiresAt from when on it is not valid; null for never
 * @param revokedAt when it was revoked; null if it was not
 * @param eventsPerSecond how many events may be sent with it in a second, at least 1; null for as
 *     many as its organisation may send
 * @param lastUsedAt when it was used last, to the minute; null if it never was
 */
public record AccessKey(
    String prefix,
    @Nullable String orgId,
    Set<KeyScope> scopes,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt,
    @Nullable Integer eventsPerSecond,
    @Nullable Instant lastUsedAt) {

  private static final int MAX_PREFIX_LENGTH = 64;
  private static final int MAX_ORG_ID_LENGTH = 128;

  public AccessKey {
    requireNonNull(createdAt, "createdAt");
    if (prefix.isEmpty() || prefix.length() > MAX_PREFIX_LENGTH) {
      throw new IllegalArgumentException("prefix must be 1 to 64 characters long");
    }
    requireGrant(orgId, scopes);
    if (eventsPerSecond != null && eventsPerSecond < 1) {
      throw new IllegalArgumentException(
          "events per second must be at least 1 but are " + eventsPerSecond);
    }
    scopes = Collections.unmodifiableSet(EnumSet.copyOf(scopes));
  }

  /**
   * Checks what a key is to be made for.
   *
   * @throws IllegalArgumentException saying what it must be
   */
  static void requireGrant(@Nullable String orgId, Set<KeyScope> scopes) {
    if (scopes.isEmpty()) {
      throw new IllegalArgumentException("a key must have at least one scope");
    }
    if (orgId == null && !scopes.stream().allMatch(KeyScope::isOfAll) && !isAdmin(scopes)) {
      throw new IllegalArgumentException(
          "a key without an organisation must have scope admin, or only scopes jobs and metrics");
    }
    if (orgId != null && scopes.stream().anyMatch(KeyScope::isOfAll) && !isAdmin(scopes)) {
      throw new IllegalArgumentException(
          "a key with scope jobs or metrics must not name an organisation: these scopes cover all");
    }
    if (orgId != null
        && (TelemetryEvent.trimmedId(orgId).isEmpty()
            || orgId.codePointCount(0, orgId.length()) > MAX_ORG_ID_LENGTH
            || orgId.indexOf(0) >= 0)) {
      throw new IllegalArgumentException(
          "an organisation must be 1 to 128 characters long, not blank and without NUL");
    }
  }

  private static boolean isAdmin(Set<KeyScope> scopes) {
    return scopes.contains(KeyScope.ADMIN);
  }

  /** The same key, revoked. */
  public AccessKey revokedAt(Instant now) {
    return new AccessKey(
        prefix, orgId, scopes, createdAt, expiresAt, now, eventsPerSecond, lastUsedAt);
  }

  /** The same key, valid until then at most. */
  public AccessKey expiringAt(Instant end) {
    Instant earlier = expiresAt != null && expiresAt.isBefore(end) ? expiresAt : end;
    return new AccessKey(
        prefix, orgId, scopes, createdAt, earlier, revokedAt, eventsPerSecond, lastUsedAt);
  }

  /** The same key, used. */
  public AccessKey usedAt(Instant now) {
    return new AccessKey(
        prefix, orgId, scopes, createdAt, expiresAt, revokedAt, eventsPerSecond, now);
  }

  /** For how long it is valid from the time it is made; null for ever. */
  public @Nullable Duration validFor() {
    return expiresAt == null ? null : Duration.between(createdAt, expiresAt);
  }

  /** Whether it may be used for this: one with {@link KeyScope#ADMIN} for everything. */
  public boolean allows(KeyScope scope) {
    return scopes.contains(scope) || scopes.contains(KeyScope.ADMIN);
  }

  /** Whose events it may be used for. */
  public OrgPermission reach() {
    return orgId == null || scopes.contains(KeyScope.ADMIN)
        ? OrgPermission.all()
        : OrgPermission.of(orgId);
  }

  /** Whether it is neither revoked nor expired. */
  public boolean isValidAt(Instant now) {
    return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
  }
}

package ai.pediscreen.telemetry.server.http.access;

import ai.pediscreen.telemetry.access.AccessKey;
import ai.pediscreen.telemetry.access.KeyScope;
import ai.pediscreen.telemetry.access.KeySecret;
import ai.pediscreen.telemetry.server.audit.AuditTrail;
import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.ProblemException;
import io.javalin.http.Context;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether a request may use its route. A key may stand in {@code apikey}, {@code x-api-key}
 * or {@code Authorization: Bearer}. Whether it is unknown, wrong, expired or revoked, the answer is
 * the same.
 *
 * <p>Attempts need not be limited to protect keys, since 256 bits cannot be guessed; but an address
 * with too many wrong keys is rate limited, to protect the store.
 */
public final class AccessGuard {

  private static final List<String> HEADERS = List.of("apikey", "x-api-key");
  private static final String BEARER = "bearer ";

  /** Of a request with a key, or what looks like one: its prefix. */
  public static final String SHOWN_KEY = "shown_key";

  /** Of a request with a valid key: its prefix. */
  public static final String VALID_KEY = "valid_key";

  private final @Nullable CachedKeys keys;

  private final CorsPolicy cors;
  private final SenderLimits limits;
  private final AuditTrail audit;

  /**
   * @param keys which keys are valid; null to allow everything, except for pages that a browser on
   *     this machine shows
   * @param limits how many requests each may make
   * @param audit records which keys are used
   */
  public AccessGuard(
      @Nullable CachedKeys keys, CorsPolicy cors, SenderLimits limits, AuditTrail audit) {
    this.keys = keys;
    this.cors = cors;
    this.limits = limits;
    this.audit = audit;
  }

  /**
   * Returns if the request may go on to the route that it has found, and remembers its {@link
   * Caller}.
   *
   * @throws ProblemException 400, 401, 403, 429 or 503
   * @throws ai.pediscreen.telemetry.event.StoreUnavailableException if keys cannot be looked up
   */
  public void admit(Context ctx) {
    KeyScope needed = Access.of(ctx.routeRoles()).scope();
    if (needed == null) {
      return;
    }
    if (keys == null) {
      if (needed != KeyScope.READ && cors.isForeign(ctx)) {
        throw Problem.of(403, "FORBIDDEN_ORIGIN", "this origin is not listed in CORS_ORIGINS")
            .exception();
      }
      admitted(ctx, Caller.ANYBODY);
      return;
    }
    Optional<KeySecret> shown = presented(ctx);
    shown.ifPresent(secret -> ctx.attribute(SHOWN_KEY, secret.prefix()));
    AccessKey key =
        shown
            .flatMap(secret -> keys.find(secret, ctx.req().getRemoteAddr()))
            .orElseThrow(AccessGuard::unauthorized);
    ctx.attribute(VALID_KEY, key.prefix());
    if (!key.allows(needed)) {
      throw Problem.of(403, "FORBIDDEN_SCOPE", "the key does not have the scope " + needed.label())
          .exception();
    }
    admitted(ctx, new Caller(key.reach(), key));
    audit.used(key);
  }

  private void admitted(Context ctx, Caller caller) {
    limits.request(ctx, caller);
    caller.assignTo(ctx);
  }

  private static Optional<KeySecret> presented(Context ctx) {
    Set<String> shown = new LinkedHashSet<>();
    for (String header : HEADERS) {
      for (String value : Collections.list(ctx.req().getHeaders(header))) {
        shown.add(value.strip());
      }
    }
    for (String value : Collections.list(ctx.req().getHeaders("Authorization"))) {
      if (value.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
        shown.add(value.substring(BEARER.length()).strip());
      }
    }
    shown.remove("");
    if (shown.size() > 1) {
      throw Problem.of(400, "CONFLICTING_KEYS", "the headers of the request hold different keys")
          .exception();
    }
    return shown.stream().findFirst().flatMap(KeySecret::presented);
  }

  private static ProblemException unauthorized() {
    return new Problem(
            401,
            "UNAUTHORIZED",
            "a valid key is required in the header apikey, x-api-key or Authorization: Bearer",
            List.of(),
            Map.of("WWW-Authenticate", "Bearer"))
        .exception();
  }
}

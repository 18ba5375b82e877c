package ai.pediscreen.telemetry.server.http.access;

import ai.pediscreen.telemetry.access.KeyScope;
import io.javalin.router.Endpoint;
import io.javalin.security.Roles;
import io.javalin.security.RouteRole;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The access that a route requires. Every route is registered with exactly one. */
public enum Access implements RouteRole {
  /** Nothing: for what holds no data. */
  OPEN(null),
  INGEST(KeyScope.INGEST),
  READ(KeyScope.READ),
  ERASE(KeyScope.ERASE),
  JOBS(KeyScope.JOBS),
  METRICS(KeyScope.METRICS),
  ADMIN(KeyScope.ADMIN);

  private final @Nullable KeyScope scope;

  Access(@Nullable KeyScope scope) {
    this.scope = scope;
  }

  /** The scope that a key must have; null if no key is needed. */
  @Nullable KeyScope scope() {
    return scope;
  }

  /** What a request that has found its route needs: the most, if the route does not say. */
  static Access of(Set<RouteRole> roles) {
    return roles.size() == 1 && roles.iterator().next() instanceof Access access ? access : ADMIN;
  }

  /** Refuses a route that does not say. */
  public static void require(Endpoint endpoint) {
    Roles roles = endpoint.metadata(Roles.class);
    boolean said =
        roles != null
            && roles.getRoles().size() == 1
            && roles.getRoles().iterator().next() instanceof Access;
    if (!said) {
      throw new IllegalStateException(
          endpoint.method + " " + endpoint.path + " must be registered with one Access");
    }
  }
}

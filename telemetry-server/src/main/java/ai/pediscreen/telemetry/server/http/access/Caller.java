package ai.pediscreen.telemetry.server.http.access;

import ai.pediscreen.telemetry.access.AccessKey;
import ai.pediscreen.telemetry.event.FieldFault;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.ProblemException;
import ai.pediscreen.telemetry.server.http.protocol.RefusedEventException;
import io.javalin.http.Context;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf a request is made.
 *
 * @param reach whose events it may write and ask about
 * @param key by which it was let in; null when no keys are required
 */
public record Caller(OrgPermission reach, @Nullable AccessKey key) {

  /** When no keys are required. */
  public static final Caller ANYBODY = new Caller(OrgPermission.all(), null);

  public static final String FORBIDDEN_ORG = "FORBIDDEN_ORG";

  private static final String ATTRIBUTE = "caller";
  private static final String RULE = "must be the organisation of the key, or absent";

  /** What its key is called by; null when no keys are required. */
  @Nullable
  public String keyPrefix() {
    return key == null ? null : key.prefix();
  }

  public void assignTo(Context ctx) {
    ctx.attribute(ATTRIBUTE, this);
  }

  /** Who makes a request to a route that is not {@link Access#OPEN}. */
  public static Caller of(Context ctx) {
    return Objects.requireNonNull(ctx.<Caller>attribute(ATTRIBUTE), "an open route has no caller");
  }

  /**
   * Whose events a question is about.
   *
   * @param named the organisation that it names; null for none
   * @throws ProblemException 403 if it names another than the caller's
   */
  public OrgFilter question(@Nullable String named) {
    if (named == null) {
      return reach.filter();
    }
    if (!reach.allows(named)) {
      throw Problem.of(403, FORBIDDEN_ORG, "org_id " + RULE).exception();
    }
    return OrgFilter.of(named);
  }

  /**
   * An event as one of the caller's organisation.
   *
   * @throws RefusedEventException if it names another
   */
  public TelemetryEvent claim(TelemetryEvent event) {
    String own = reach.orgId();
    if (own != null && event.orgId() == null) {
      return event.withOrgId(own);
    }
    if (!reach.allows(event.orgId())) {
      throw new RefusedEventException(
          FORBIDDEN_ORG, event.eventId(), List.of(new FieldFault("org_id", RULE)));
    }
    return event;
  }
}

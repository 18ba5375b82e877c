package ai.pediscreen.telemetry.postgres;

import ai.pediscreen.telemetry.event.OrgScope;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Table {@code usage_scope}: whose figures there are, and how often a fold has changed them. */
final class UsageScopes {

  private UsageScopes() {}

  /** Notes that figures of these scopes have changed. */
  static void changed(Handle handle, Collection<String> scopes) {
    handle
        .createUpdate(
            """
            INSERT INTO usage_scope AS stored (scope, folds)
            SELECT scope, 1 FROM unnest(:scopes) AS changed (scope)
            ON CONFLICT (scope) DO UPDATE SET folds = stored.folds + 1
            """)
        .bindArray("scopes", String.class, List.copyOf(scopes))
        .execute();
  }

  /** A number that grows whenever figures of this scope have changed; 0 if there are none. */
  static long changes(Handle handle, OrgScope org) {
    return handle
        .createQuery("SELECT folds FROM usage_scope WHERE scope = :scope")
        .bind("scope", RollupKey.scope(org))
        .mapTo(Long.class)
        .findOne()
        .orElse(0L);
  }

  /** Organisations that there are figures of, those not folded yet included, in order. */
  static List<String> organisations(Handle handle, OrgScope org, int limit) {
    String ofOne = org.orgId() == null ? "" : "AND scope = :scope";
    return handle
        .createQuery(
            """
            SELECT scope FROM (
              (SELECT scope FROM usage_scope WHERE scope > :all %1$s ORDER BY scope LIMIT :limit)
              UNION
              SELECT scope FROM (SELECT '=' || org_id AS scope FROM usage_pending WHERE org_id > '')
                AS pending WHERE scope > :all %1$s) AS known
            ORDER BY scope COLLATE "C" LIMIT :limit
            """
                .formatted(ofOne))
        .bind("all", RollupKey.scope(OrgScope.all()))
        .bindMap(org.orgId() == null ? Map.of() : Map.of("scope", RollupKey.scope(org)))
        .bind("limit", limit)
        .map((row, context) -> RollupKey.org(row.getString("scope")).orgId())
        .list();
  }
}

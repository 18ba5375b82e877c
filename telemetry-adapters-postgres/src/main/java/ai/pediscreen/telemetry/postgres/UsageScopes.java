package ai.pediscreen.telemetry.postgres;

import ai.pediscreen.telemetry.event.OrgScope;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jdbi.v3.core.Handle;

/** Table {@code usage_scope}: whose figures there are, and of how many events they ever were. */
final class UsageScopes {

  private UsageScopes() {}

  /** Adds to the number of events of these scopes. */
  static void add(Handle handle, SortedMap<String, Long> events) {
    handle
        .createUpdate(
            """
            INSERT INTO usage_scope AS stored (scope, events)
            SELECT * FROM unnest(:scopes, :events)
            ON CONFLICT (scope) DO UPDATE SET events = stored.events + excluded.events
            """)
        .bindArray("scopes", String.class, List.copyOf(events.keySet()))
        .bindArray("events", Long.class, List.copyOf(events.values()))
        .execute();
  }

  /** How many events of this scope were ever counted, those not folded yet included. */
  static long events(Handle handle, OrgScope org) {
    return handle
        .createQuery(
            """
            SELECT CAST(
              coalesce((SELECT events FROM usage_scope WHERE scope = :scope), 0)
              + coalesce((SELECT sum(events) FROM usage_pending %s), 0) AS bigint)
            """
                .formatted(org.orgId() == null ? "" : "WHERE '=' || org_id = :scope"))
        .bind("scope", RollupKey.scope(org))
        .mapTo(Long.class)
        .one();
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

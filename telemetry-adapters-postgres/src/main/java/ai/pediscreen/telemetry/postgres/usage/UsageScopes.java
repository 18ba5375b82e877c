package ai.pediscreen.telemetry.postgres.usage;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgScope;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Table {@code usage_scope}: whose figures there are, and of how many events they ever were. */
public final class UsageScopes {

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

  /** Notes when names of these scopes were last counted under another. */
  static void bounded(Handle handle, SortedMap<String, Instant> newest) {
    handle
        .createUpdate(
            """
            UPDATE usage_scope AS stored SET bounded_on = greatest(stored.bounded_on, bounded.day)
            FROM (SELECT scope, CAST(day AS date) AS day
              FROM unnest(:scopes, :days) AS sent (scope, day)) AS bounded
            WHERE stored.scope = bounded.scope
              AND stored.bounded_on IS DISTINCT FROM greatest(stored.bounded_on, bounded.day)
            """)
        .bindArray("scopes", String.class, List.copyOf(newest.keySet()))
        .bindArray(
            "days",
            String.class,
            newest.values().stream()
                .map(instant -> LocalDate.ofInstant(instant, ZoneOffset.UTC).toString())
                .toList())
        .execute();
  }

  /** Whether names were counted under another on a day or later. */
  static boolean isBoundedSince(Handle handle, OrgFilter org, LocalDate day) {
    return handle
        .createQuery(
            """
            SELECT EXISTS (SELECT FROM usage_scope
              WHERE scope = :scope AND bounded_on >= CAST(:day AS date))
            """)
        .bind("scope", RollupKey.scope(org.scope()))
        .bind("day", day.toString())
        .mapTo(Boolean.class)
        .one();
  }

  /** How many events of this scope were ever counted, those not folded yet included. */
  public static long events(Handle handle, OrgFilter org) {
    return handle
        .createQuery(
            """
            SELECT CAST(
              coalesce((SELECT events FROM usage_scope WHERE scope = :scope), 0)
              + coalesce((SELECT sum(events) FROM usage_pending %s), 0) AS bigint)
            """
                .formatted(org.orgId() == null ? "" : "WHERE '=' || org_id = :scope"))
        .bind("scope", RollupKey.scope(org.scope()))
        .mapTo(Long.class)
        .one();
  }

  /**
   * Organisations that there are figures of, those not folded yet included, in order.
   *
   * @param after the last one that is known already; null to begin with the first
   */
  public static List<String> organisations(
      Handle handle, OrgFilter org, @Nullable String after, int limit) {
    String ofOne = org.orgId() == null ? "" : "AND scope = :scope";
    return handle
        .createQuery(
            """
            SELECT scope FROM (
              (SELECT scope FROM usage_scope WHERE scope > :after %1$s ORDER BY scope LIMIT :limit)
              UNION
              SELECT scope FROM (SELECT '=' || org_id AS scope FROM usage_pending WHERE org_id > '')
                AS pending WHERE scope > :after %1$s) AS known
            ORDER BY scope COLLATE "C" LIMIT :limit
            """
                .formatted(ofOne))
        // '*' is before all that begin with '='.
        .bind("after", RollupKey.scope(new OrgScope(after)))
        .bindMap(org.orgId() == null ? Map.of() : Map.of("scope", RollupKey.scope(org.scope())))
        .bind("limit", limit)
        .map((row, context) -> RollupKey.org(row.getString("scope")).orgId())
        .list();
  }
}

package ai.pediscreen.telemetry.postgres.audit;

import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.timestamp;
import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.audit.AuditEntry;
import ai.pediscreen.telemetry.audit.AuditFilter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Table {@code audit_entry}: who did what. */
public final class AuditTable {

  private static final String CHOSEN =
      """
      SELECT * FROM audit_entry
      WHERE (CAST(:from AS timestamptz) IS NULL OR at >= :from)
        AND (CAST(:to AS timestamptz) IS NULL OR at < :to)
        AND (CAST(:action AS text) IS NULL OR action = :action)
        AND (CAST(:who AS text) IS NULL OR who = :who)
      """;

  private AuditTable() {}

  static void insert(Handle handle, AuditEntry entry) {
    handle
        .createUpdate(
            """
            INSERT INTO audit_entry (sequence, at, who, org_id, action, selection, count, trace_id,
              previous_hash, hash)
            VALUES (:sequence, :at, :who, :orgId, :action, :selection, :count, :traceId,
              :previousHash, :hash)
            """)
        .bind("sequence", entry.sequence())
        .bind("at", utc(entry.time()))
        .bind("who", entry.who())
        .bind("orgId", entry.orgId())
        .bind("action", entry.action().label())
        .bind("selection", entry.selection())
        .bind("count", entry.count())
        .bind("traceId", entry.traceId())
        .bind("previousHash", entry.previousHash())
        .bind("hash", entry.hash())
        .execute();
  }

  /** Whether a row is behind the newest entry, where the next one is to be. */
  public static boolean isNextTaken(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT EXISTS (SELECT FROM audit_entry
              WHERE sequence = (SELECT newest_sequence + 1 FROM audit_chain))
            """)
        .mapTo(Boolean.class)
        .one();
  }

  /** When it was last entered that a key is used. */
  static Optional<Instant> lastUse(Handle handle, String who) {
    return handle
        .createQuery(
            """
            SELECT at FROM audit_entry
            WHERE who = :who AND action IN ('key_first_used', 'key_used')
            ORDER BY sequence DESC LIMIT 1
            """)
        .bind("who", who)
        .map((row, context) -> timestamp(row, "at"))
        .findOne();
  }

  static List<AuditEntry> newest(
      Handle handle, AuditFilter filter, @Nullable Long before, int limit) {
    return entries(
        chosen(
                handle,
                filter,
                "AND (CAST(:before AS bigint) IS NULL OR sequence < :before)"
                    + " ORDER BY sequence DESC LIMIT :limit")
            .bind("before", before),
        limit);
  }

  static List<AuditEntry> following(Handle handle, AuditFilter filter, long after, int limit) {
    return entries(
        chosen(handle, filter, "AND sequence > :after ORDER BY sequence LIMIT :limit")
            .bind("after", after),
        limit);
  }

  /**
   * Deletes some entries of before an edge, but for those behind one that is not, and lets the
   * chain begin with the rest: a function of the owner's, since only the owner may.
   *
   * @return how many
   */
  static int expire(Handle handle, Instant edge, int atOnce) {
    return handle
        .createQuery("SELECT expire_audit_entries(:edge, :atOnce)")
        .bind("edge", utc(edge))
        .bind("atOnce", atOnce)
        .mapTo(Integer.class)
        .one();
  }

  private static Query chosen(Handle handle, AuditFilter filter, String rest) {
    return handle
        .createQuery(CHOSEN + rest)
        .bind("from", filter.from() == null ? null : utc(filter.from()))
        .bind("to", filter.to() == null ? null : utc(filter.to()))
        .bind("action", filter.action() == null ? null : filter.action().label())
        .bind("who", filter.who());
  }

  private static List<AuditEntry> entries(Query query, int limit) {
    return query.bind("limit", limit).map((row, context) -> entry(row)).list();
  }

  private static AuditEntry entry(ResultSet row) throws SQLException {
    return new AuditEntry(
        row.getLong("sequence"),
        timestamp(row, "at"),
        row.getString("who"),
        row.getString("org_id"),
        AuditAction.ofLabel(row.getString("action")).orElseThrow(),
        row.getString("selection"),
        row.getLong("count"),
        row.getString("trace_id"),
        row.getString("previous_hash"),
        row.getString("hash"));
  }
}

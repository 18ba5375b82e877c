package ai.pediscreen.telemetry.postgres.audit;

import ai.pediscreen.telemetry.audit.AuditLink;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Table {@code audit_chain}: the ends of the chain, and the key of hashes of identifiers. */
final class AuditChainTable {

  /**
   * The ends.
   *
   * @param expired the newest entry that has expired
   * @param newest the newest entry
   */
  record Ends(AuditLink expired, AuditLink newest) {}

  private AuditChainTable() {}

  static Ends ends(Handle handle) {
    return handle
        .createQuery("SELECT * FROM audit_chain")
        .map(
            (row, context) ->
                new Ends(
                    new AuditLink(row.getLong("expired_sequence"), row.getString("expired_hash")),
                    new AuditLink(row.getLong("newest_sequence"), row.getString("newest_hash"))))
        .one();
  }

  static void setNewest(Handle handle, AuditLink newest) {
    handle
        .createUpdate("UPDATE audit_chain SET newest_sequence = :sequence, newest_hash = :hash")
        .bind("sequence", newest.sequence())
        .bind("hash", newest.hash())
        .execute();
  }

  /** The keyed hash that a receipt of an erasure has for the same text and organisation. */
  static String hashed(Handle handle, @Nullable String orgId, String text) {
    return handle
        .createQuery(
            """
            SELECT substr(erased_id(coalesce((SELECT secret FROM erasure_key), secret),
              coalesce(:orgId, ''), :text), 8)
            FROM audit_chain
            """)
        .bind("orgId", orgId)
        .bind("text", text)
        .mapTo(String.class)
        .one();
  }
}

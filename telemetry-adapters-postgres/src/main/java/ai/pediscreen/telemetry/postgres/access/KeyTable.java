package ai.pediscreen.telemetry.postgres.access;

import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.timestamp;
import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import ai.pediscreen.telemetry.access.AccessKey;
import ai.pediscreen.telemetry.access.KeyScope;
import ai.pediscreen.telemetry.access.KeySecret;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Table {@code access_key}: what is known of keys. */
final class KeyTable {

  /**
   * A row.
   *
   * @param sha256 the digest that a key which is shown must have
   * @param readOnly whether nothing can be written now
   */
  record Row(AccessKey key, String sha256, boolean readOnly) {}

  private KeyTable() {}

  /** Enters a key, unless there is one of this prefix. */
  static void insert(Handle handle, AccessKey key, KeySecret secret) {
    handle
        .createUpdate(
            """
            INSERT INTO access_key
              (prefix, sha256, org_id, scopes, created_at, expires_at, events_per_second)
            VALUES (:prefix, :sha256, :orgId, :scopes, :createdAt, :expiresAt, :eventsPerSecond)
            ON CONFLICT DO NOTHING
            """)
        .bind("prefix", key.prefix())
        .bind("sha256", secret.sha256())
        .bind("orgId", key.orgId())
        .bindArray("scopes", String.class, key.scopes().stream().map(KeyScope::label).toList())
        .bind("createdAt", utc(key.createdAt()))
        .bind("expiresAt", key.expiresAt() == null ? null : utc(key.expiresAt()))
        .bind("eventsPerSecond", key.eventsPerSecond())
        .execute();
  }

  static Optional<Row> find(Handle handle, String prefix) {
    return handle
        .createQuery(
            """
            SELECT *, current_setting('transaction_read_only') = 'on' AS read_only
            FROM access_key WHERE prefix = :prefix
            """)
        .bind("prefix", prefix)
        .map(
            (row, context) ->
                new Row(key(row), row.getString("sha256"), row.getBoolean("read_only")))
        .findOne();
  }

  static List<AccessKey> list(Handle handle) {
    return handle
        .createQuery("SELECT * FROM access_key ORDER BY created_at, prefix")
        .map((row, context) -> key(row))
        .list();
  }

  /** Records that a key is used, unless another transaction is about to. */
  static int used(Handle handle, String prefix, Instant now) {
    return handle
        .createUpdate(
            """
            UPDATE access_key SET last_used_at = :now
            WHERE prefix = (
              SELECT prefix FROM access_key WHERE prefix = :prefix
              FOR NO KEY UPDATE SKIP LOCKED)
            """)
        .bind("prefix", prefix)
        .bind("now", utc(now))
        .execute();
  }

  /** Lets a key expire at a time, if it does not before. */
  static void expire(Handle handle, String prefix, Instant end) {
    handle
        .createUpdate(
            """
            UPDATE access_key SET expires_at = least(expires_at, CAST(:end AS timestamptz))
            WHERE prefix = :prefix
            """)
        .bind("prefix", prefix)
        .bind("end", utc(end))
        .execute();
  }

  /** Revokes a key that is not revoked yet. */
  static void revoke(Handle handle, String prefix, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE access_key SET revoked_at = :now
            WHERE prefix = :prefix AND revoked_at IS NULL
            """)
        .bind("prefix", prefix)
        .bind("now", utc(now))
        .execute();
  }

  private static AccessKey key(ResultSet row) throws SQLException {
    return new AccessKey(
        row.getString("prefix"),
        row.getString("org_id"),
        scopes((String[]) row.getArray("scopes").getArray()),
        timestamp(row, "created_at"),
        timestampOrNull(row, "expires_at"),
        timestampOrNull(row, "revoked_at"),
        row.getObject("events_per_second", Integer.class),
        timestampOrNull(row, "last_used_at"));
  }

  private static Set<KeyScope> scopes(String[] labels) {
    EnumSet<KeyScope> scopes = EnumSet.noneOf(KeyScope.class);
    Arrays.stream(labels).map(label -> KeyScope.ofLabel(label).orElseThrow()).forEach(scopes::add);
    return scopes;
  }

  private static @Nullable Instant timestampOrNull(ResultSet row, String column)
      throws SQLException {
    return row.getObject(column) == null ? null : timestamp(row, column);
  }
}

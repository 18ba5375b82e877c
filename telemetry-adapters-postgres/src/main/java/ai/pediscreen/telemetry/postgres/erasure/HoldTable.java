package ai.pediscreen.telemetry.postgres.erasure;

import static ai.pediscreen.telemetry.postgres.event.EventLedger.noneAsNull;
import static ai.pediscreen.telemetry.postgres.event.EventLedger.orNone;
import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.timestamp;
import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import ai.pediscreen.telemetry.erasure.LegalHold;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Table {@code legal_hold}: events that are neither erased nor expire. */
public final class HoldTable {

  /** Whether a row of a table with the columns of {@code event} is held; %s is the table's name. */
  private static final String HELD =
      """
      EXISTS (SELECT FROM legal_hold AS hold
        WHERE hold.org_id = %1$s.org_id AND hold.case_id IN ('', coalesce(%1$s.case_id, '')))
      """;

  private HoldTable() {}

  /**
   * The condition that a row of a table of events is held.
   *
   * @param table its name: no text from outside
   */
  public static String held(String table) {
    return HELD.formatted(table);
  }

  static void put(Handle handle, LegalHold hold) {
    handle
        .createUpdate(
            """
            INSERT INTO legal_hold (org_id, case_id, key_prefix, since)
            VALUES (:orgId, :caseId, :keyPrefix, :since)
            ON CONFLICT DO NOTHING
            """)
        .bind("orgId", hold.orgId())
        .bind("caseId", orNone(hold.caseId()))
        .bind("keyPrefix", hold.keyPrefix())
        .bind("since", utc(hold.since()))
        .execute();
  }

  static Optional<LegalHold> find(Handle handle, String orgId, @Nullable String caseId) {
    return list(handle).stream()
        .filter(hold -> hold.orgId().equals(orgId) && Objects.equals(hold.caseId(), caseId))
        .findFirst();
  }

  static boolean delete(Handle handle, String orgId, @Nullable String caseId) {
    return handle
            .createUpdate("DELETE FROM legal_hold WHERE org_id = :orgId AND case_id = :caseId")
            .bind("orgId", orgId)
            .bind("caseId", orNone(caseId))
            .execute()
        > 0;
  }

  static List<LegalHold> list(Handle handle) {
    return handle
        .createQuery("SELECT * FROM legal_hold ORDER BY org_id, case_id")
        .map(
            (row, context) ->
                new LegalHold(
                    row.getString("org_id"),
                    noneAsNull(row.getString("case_id")),
                    row.getString("key_prefix"),
                    timestamp(row, "since")))
        .list();
  }
}

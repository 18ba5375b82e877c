package ai.pediscreen.telemetry.postgres.erasure;

import static ai.pediscreen.telemetry.postgres.event.EventLedger.noneAsNull;
import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.timestamp;
import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import ai.pediscreen.telemetry.erasure.ErasureSelection;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.export.EventReference;
import ai.pediscreen.telemetry.postgres.export.ExportOutbox;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** The statements by which payloads and identifiers of events leave the tables. */
final class ErasedRows {

  private static final String NAMED =
      "unnest(:micros, :orgIds, :eventIds) AS named (micros, org_id, event_id)";

  /** What is left of an event: what figures and lists of calls are made of. */
  private static final String REMAINS =
      """
      CAST(jsonb_strip_nulls(jsonb_build_object(
        'event_id', erased_event_id(secret, event.org_id, event.event_id),
        'timestamp', to_char(event.ts AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'org_id', nullif(event.org_id, ''),
        'model', jsonb_build_object('model_id', nullif(model_id, ''),
          'adapter_id', payload #>> '{model,adapter_id}',
          'provider', payload #>> '{model,provider}'),
        'response', jsonb_build_object('latency_ms', latency_ms, 'status_code', status_code,
          'fallback_to', fallback_to, 'error_code', error_code),
        'cost_estimate_usd', cost_usd)) AS json)
      """;

  private ErasedRows() {}

  /**
   * The next events to erase, in the order of their timestamps; held ones are left out. So are
   * those that came after the request: one that is sent twice at this moment might find that the
   * ledger does not know it yet, nor any more.
   */
  static List<EventReference> next(
      Handle handle, ErasureTable.Open open, @Nullable Instant from, int limit) {
    ErasureSelection selection = open.selection();
    return bind(
            handle.createQuery(
                """
                SELECT ts, org_id, event_id FROM event
                WHERE NOT erased AND %s AND NOT %s AND ts >= :from
                  AND NOT EXISTS (SELECT FROM event_ledger
                    WHERE key = ledger_key(event.org_id, event.event_id)
                      AND received_at >= (SELECT accepted_at FROM erasure WHERE id = :id))
                ORDER BY ts
                LIMIT :limit
                """
                    .formatted(condition(selection), HoldTable.held("event"))),
            selection)
        .bind("from", utc(from == null ? Instant.EPOCH : from))
        .bind("id", open.id())
        .bind("limit", limit)
        .map((row, context) -> reference(row))
        .list();
  }

  /** How many events of a selection are held. */
  static long held(Handle handle, ErasureSelection selection) {
    return bind(
            handle.createQuery(
                "SELECT count(*) FROM event WHERE NOT erased AND %s AND %s"
                    .formatted(condition(selection), HoldTable.held("event"))),
            selection)
        .mapTo(Long.class)
        .one();
  }

  /**
   * Takes payloads and identifiers out of events.
   *
   * @param events in the order of their timestamps; at least one
   */
  static int ofEvents(Handle handle, List<EventReference> events) {
    // The bounds are for the planner, which then looks at few partitions.
    return ExportOutbox.bind(
            handle.createUpdate(
                """
                UPDATE event SET erased = TRUE, case_id = NULL, trace_id = NULL, user_id = NULL,
                  event_id = erased_event_id(secret, event.org_id, event.event_id), payload = %s
                FROM erasure_key, %s
                WHERE event.ts = to_timestamp(0) + named.micros * interval '1 microsecond'
                  AND event.org_id = named.org_id AND event.event_id = named.event_id
                  AND event.ts >= :min AND event.ts <= :max AND NOT erased
                """
                    .formatted(REMAINS, NAMED)),
            events)
        .bind("min", utc(events.get(0).timestamp()))
        .bind("max", utc(events.get(events.size() - 1).timestamp()))
        .execute();
  }

  /** Rows of the ledger become what tells a resent event, and no more. */
  static int ofLedger(Handle handle, List<EventReference> events) {
    return ExportOutbox.bind(
            handle.createUpdate(
                rekeyed("key IN (SELECT ledger_key(org_id, event_id) FROM %s)".formatted(NAMED))),
            events)
        .execute();
  }

  /** The same of events that have expired, so that only the ledger has them, by their ids. */
  static int ofLedgerByIds(Handle handle, ErasureTable.Open open) {
    OrgFilter org = open.selection().org();
    String organisations =
        org.orgId() != null
            ? "SELECT :orgId"
            : """
              SELECT '' UNION SELECT org_id FROM usage_pending
              UNION SELECT substr(scope, 2) FROM usage_scope WHERE starts_with(scope, '=')
              """;
    String keys =
        """
        key IN (
          SELECT ledger_key(known.org_id, named.event_id)
          FROM unnest(:values) AS named (event_id), (%s) AS known (org_id))
        """
            .formatted(organisations);
    return ofLedgerAlone(handle, open, keys);
  }

  /** The same by organisation, of some pages of the ledger. */
  static int ofLedgerByOrganisation(Handle handle, ErasureTable.Open open, String inPages) {
    return ofLedgerAlone(handle, open, condition(open.selection()) + " AND " + inPages);
  }

  /** Those of an organisation with a hold are left, since it is unknown which of them are held. */
  private static int ofLedgerAlone(Handle handle, ErasureTable.Open open, String condition) {
    return bind(
            handle.createUpdate(
                rekeyed(
                    """
                    NOT erased AND %s
                    AND received_at < (SELECT accepted_at FROM erasure WHERE id = :id)
                    AND org_id NOT IN (SELECT hold.org_id FROM legal_hold AS hold)
                    """
                        .formatted(condition))),
            open.selection())
        .bind("id", open.id())
        .execute();
  }

  /** Rows are locked in the order in which they are entered. */
  private static String rekeyed(String condition) {
    return """
        UPDATE event_ledger AS ledger SET erased = TRUE, key = erased_key(secret, locked.key)
        FROM erasure_key, (
          SELECT key FROM event_ledger WHERE %s ORDER BY key FOR UPDATE) AS locked
        WHERE ledger.key = locked.key
        """
        .formatted(condition);
  }

  static int ofDeadLetters(Handle handle, List<EventReference> events) {
    return ExportOutbox.bind(
            handle.createUpdate(
                """
                UPDATE export_dead_letter AS letter
                SET event_id = erased_event_id(secret, letter.org_id, letter.event_id)
                FROM erasure_key, %s
                WHERE letter.org_id = named.org_id AND letter.event_id = named.event_id
                """
                    .formatted(NAMED)),
            events)
        .execute();
  }

  /** Dead letters of events that have expired; not of an organisation with a hold. */
  static int ofDeadLettersAlone(Handle handle, ErasureSelection selection) {
    return bind(
            handle.createUpdate(
                """
                UPDATE export_dead_letter SET event_id = erased_event_id(secret, org_id, event_id)
                FROM erasure_key
                WHERE NOT starts_with(event_id, 'erased:') AND %s
                  AND org_id NOT IN (SELECT hold.org_id FROM legal_hold AS hold)
                """
                    .formatted(condition(selection))),
            selection)
        .execute();
  }

  /**
   * Events that wait to be exported wait under their new ids. The rows are made anew: an exporter
   * that has read them already then finds them gone, and reads again.
   */
  static int ofOutbox(Handle handle, List<EventReference> events) {
    return ExportOutbox.bind(
            handle.createQuery(
                """
                WITH named AS MATERIALIZED (SELECT DISTINCT org_id, event_id FROM %s),
                taken AS (
                  DELETE FROM export_outbox
                  WHERE event_ids && ARRAY(SELECT event_id FROM named)
                  RETURNING *),
                renamed AS (
                  SELECT taken.id, position, one.org_id, one.micros, named.event_id IS NOT NULL AS found,
                    CASE WHEN named.event_id IS NULL THEN one.event_id
                      ELSE erased_event_id(secret, one.org_id, one.event_id) END AS event_id
                  FROM taken CROSS JOIN erasure_key CROSS JOIN LATERAL
                    unnest(micros, org_ids, event_ids) WITH ORDINALITY
                      AS one (micros, org_id, event_id, position)
                    LEFT JOIN named USING (org_id, event_id)),
                added AS (
                  INSERT INTO export_outbox (queued_at, events, micros, org_ids, event_ids)
                  SELECT taken.queued_at, taken.events, array_agg(renamed.micros ORDER BY position),
                    array_agg(org_id ORDER BY position), array_agg(event_id ORDER BY position)
                  FROM taken JOIN renamed USING (id)
                  GROUP BY taken.id, taken.queued_at, taken.events
                  ORDER BY taken.id)
                SELECT count(*) FILTER (WHERE found) FROM renamed
                """
                    .formatted(NAMED)),
            events)
        .mapTo(Integer.class)
        .one();
  }

  /**
   * Notes the first batch on its way out that may hold one of the selection's events; returns if it
   * has still not left.
   */
  static boolean isOnItsWay(Handle handle, ErasureTable.Open open) {
    return handle
            .createUpdate(
                """
                UPDATE erasure SET batch = queued_at
                FROM export_stream AS stream
                WHERE erasure.id = :id AND coalesce(erasure.batch, queued_at) = queued_at
                  AND EXISTS (SELECT FROM unnest(:values) AS named (value)
                    WHERE position(convert_to(value, 'UTF8') IN stream.batch) > 0)
                """)
            .bind("id", open.id())
            .bindArray("values", String.class, open.selection().values())
            .execute()
        > 0;
  }

  private static EventReference reference(ResultSet row) throws SQLException {
    return new EventReference(
        noneAsNull(row.getString("org_id")), row.getString("event_id"), timestamp(row, "ts"));
  }

  private static String condition(ErasureSelection selection) {
    return "%s = ANY(:values)%s"
        .formatted(
            selection.field().label(),
            selection.org().orgId() == null ? "" : " AND org_id = :orgId");
  }

  private static <T extends SqlStatement<T>> T bind(T statement, ErasureSelection selection) {
    statement.bindArray("values", String.class, selection.values());
    return selection.org().orgId() == null
        ? statement
        : statement.bind("orgId", selection.org().orgId());
  }
}

package ai.pediscreen.telemetry.postgres.event;

import static ai.pediscreen.telemetry.postgres.event.EventLedger.orNone;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.postgres.event.EventLedger.Identity;
import ai.pediscreen.telemetry.postgres.transaction.AdvisoryLock;
import ai.pediscreen.telemetry.postgres.transaction.TenantRole;
import ai.pediscreen.telemetry.usage.spi.UsageDelta;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Adds events, and all that is written with them, in one round trip that is one transaction: two
 * statements which the driver sends together, on a connection in autocommit mode.
 *
 * <p>If the ledger holds one of the events already, nothing is added and the answer names those
 * that it holds, erased ones too. So what is pending can be made before it is known which events
 * are fresh: it is written only if all are.
 *
 * @implNote The first statement takes the writers' lock and the role; both end with the
 *     transaction. The lock is shared: writers never wait for each other, only the computation of a
 *     day waits for them all (see {@code PostgresDays}). The second statement looks at the clock
 *     after that, so a day that is over by then gets its mark. Entering an event that another
 *     transaction enters at the same time waits for it and is then refused by the ledger's key.
 *     Hashes of ids are made before they are looked up: behind row-level security an index is not
 *     searched by what a function that is not leakproof returns.
 */
public final class EventAppend {

  /**
   * Events in a row of the export's outbox: about those of one batch, so that a row is seldom taken
   * in parts.
   */
  private static final int OUTBOX_ROW_EVENTS = 500;

  private static final String UNLESS_KNOWN = "WHERE NOT EXISTS (SELECT FROM known)";

  private static final String SQL =
      """
      SELECT pg_advisory_xact_lock_shared(?), set_config('role', ?, true),
        set_config('telemetry.orgs', CAST(jsonb_object(names, names) AS text), true)
      FROM (SELECT CAST(? AS text[]) AS names) AS allowed;
      WITH named AS MATERIALIZED (
        SELECT * FROM unnest(CAST(? AS text[]), CAST(? AS text[])) AS sent (org_id, event_id)),
      hashed AS MATERIALIZED (
        SELECT org_id, event_id, erased_id(secret, org_id, event_id) AS erased_id
        FROM named JOIN erasure_key ON only_one),
      known AS MATERIALIZED (
        SELECT org_id, event_id FROM named JOIN event_ledger USING (org_id, event_id)
        UNION ALL
        SELECT hashed.org_id, hashed.event_id
        FROM hashed JOIN event_ledger AS ledger
          ON ledger.org_id = hashed.org_id AND ledger.event_id = hashed.erased_id),
      entered AS (
        INSERT INTO event_ledger (org_id, event_id, queued)
        SELECT org_id, event_id, ? FROM named %1$s),
      added AS (
        INSERT INTO event (ts, org_id, event_id, model_id, error, latency_ms, status_code,
          fallback_to, error_code, cost_usd, case_id, trace_id, user_id, %3$s, payload)
        SELECT to_timestamp(0) + micros * interval '1 microsecond', org_id, event_id, model_id,
          error, latency_ms, status_code, fallback_to, error_code, cost_usd, case_id, trace_id,
          user_id, %3$s, CAST(payload AS json)
        FROM unnest(CAST(? AS bigint[]), CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[]),
            CAST(? AS boolean[]), CAST(? AS integer[]), CAST(? AS integer[]), CAST(? AS text[]),
            CAST(? AS text[]), CAST(? AS numeric[]), CAST(? AS text[]), CAST(? AS text[]),
            CAST(? AS text[]), CAST(? AS integer[]), CAST(? AS integer[]), CAST(? AS integer[]),
            CAST(? AS integer[]), CAST(? AS integer[]), CAST(? AS text[]))
          AS sent (micros, org_id, event_id, model_id, error, latency_ms, status_code, fallback_to,
            error_code, cost_usd, case_id, trace_id, user_id, %3$s, payload)
        %1$s),
      counted AS (
        INSERT INTO usage_pending (org_id, events, delta)
        SELECT org_id, events, delta
        FROM unnest(CAST(? AS text[]), CAST(? AS integer[]), CAST(? AS bytea[]))
          AS sent (org_id, events, delta)
        %1$s),
      marked AS (
        INSERT INTO late_day (day)
        SELECT date '1970-01-01' + days
        FROM unnest(CAST(? AS integer[])) AS touched (days)
        %1$s AND date '1970-01-01' + days
          < CAST(coalesce(CAST(? AS timestamptz), clock_timestamp()) AT TIME ZONE 'UTC' AS date)),
      queued AS (
        INSERT INTO export_outbox (events, micros, org_ids, event_ids)
        SELECT count(*), array_agg(micros), array_agg(org_id), array_agg(event_id)
        FROM (
          SELECT *, (row_number() OVER () - 1) / %2$d AS part
          FROM unnest(CAST(? AS bigint[]), CAST(? AS text[]), CAST(? AS text[]))
            AS sent (micros, org_id, event_id)
          %1$s) AS parts
        GROUP BY part
        ORDER BY part)
      SELECT org_id, event_id FROM known
      """
          .formatted(UNLESS_KNOWN, OUTBOX_ROW_EVENTS, TokenColumns.NAMES);

  private EventAppend() {}

  /**
   * What was done.
   *
   * @param known events that the ledger holds; if there are any, nothing was added
   * @param pendingBytes how much the events add to what is to be folded
   */
  public record Outcome(Set<Identity> known, long pendingBytes) {}

  /**
   * Adds all events, or none and answers which the ledger holds.
   *
   * @param connection in autocommit mode
   * @param allowed whose events may be added; the database itself refuses any other
   * @param events each identity once
   * @param queued whether they are added to the export outbox, too
   * @param now the time, or null for the database's own
   */
  public static Outcome run(
      Connection connection,
      Collection<String> allowed,
      List<ScopedEvent> events,
      boolean queued,
      @Nullable Instant now)
      throws SQLException {
    EventColumns columns = new EventColumns(inLockOrder(events));
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      Parameters parameters = new Parameters(connection, statement);
      parameters.whole(AdvisoryLock.WRITERS);
      parameters.text(TenantRole.NAME);
      parameters.array("text", allowed.toArray(new String[0]));
      columns.bindIdentities(parameters);
      parameters.bool(queued);
      columns.bindEvents(parameters);
      long pendingBytes = bindDeltas(parameters, events);
      parameters.array(
          "int4",
          events.stream()
              .map(stored -> (int) stored.event().day().toEpochDay())
              .distinct()
              .toArray(Integer[]::new));
      parameters.text(now == null ? null : now.toString());
      bindOutbox(parameters, queued ? events : List.of());
      statement.execute();
      statement.getMoreResults();
      return new Outcome(identities(statement.getResultSet()), pendingBytes);
    }
  }

  /**
   * The order in which every transaction enters events into the ledger, so that no two deadlock.
   */
  private static List<ScopedEvent> inLockOrder(List<ScopedEvent> events) {
    return events.stream()
        .sorted(Comparator.comparing(scoped -> Identity.of(scoped.event())))
        .toList();
  }

  private static Set<Identity> identities(ResultSet rows) throws SQLException {
    Set<Identity> known = new HashSet<>();
    while (rows.next()) {
      known.add(new Identity(rows.getString(1), rows.getString(2)));
    }
    return known;
  }

  /** Returns how many bytes the deltas have. */
  private static long bindDeltas(Parameters parameters, List<ScopedEvent> events)
      throws SQLException {
    SortedMap<String, UsageDelta> deltas = new TreeMap<>();
    for (ScopedEvent stored : events) {
      TelemetryEvent event = stored.event();
      deltas.computeIfAbsent(orNone(event.orgId()), unused -> new UsageDelta()).add(event);
    }
    parameters.array("text", deltas.keySet().toArray(new String[0]));
    parameters.array(
        "int4",
        deltas.values().stream().map(delta -> (int) delta.events()).toArray(Integer[]::new));
    byte[][] bytes = deltas.values().stream().map(UsageDelta::toBytes).toArray(byte[][]::new);
    parameters.array("bytea", bytes);
    return Arrays.stream(bytes).mapToLong(delta -> delta.length).sum();
  }

  /** Exported in the order in which they came. */
  private static void bindOutbox(Parameters parameters, List<ScopedEvent> scoped)
      throws SQLException {
    List<TelemetryEvent> events = scoped.stream().map(ScopedEvent::event).toList();
    parameters.array("int8", events.stream().mapToLong(EventAppend::micros).toArray());
    parameters.array(
        "text", events.stream().map(event -> orNone(event.orgId())).toArray(String[]::new));
    parameters.array("text", events.stream().map(TelemetryEvent::eventId).toArray(String[]::new));
  }

  static long micros(TelemetryEvent event) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, event.timestamp());
  }
}

package ai.pediscreen.telemetry.postgres.event;

import static ai.pediscreen.telemetry.postgres.event.EventLedger.orNone;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.PreferQueryMode;

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

  private static final String APPEND =
      """
      SELECT pg_advisory_xact_lock_shared(?), set_config('role', ?, true),
        set_config('telemetry.orgs', CAST(jsonb_object(names, names) AS text), true)
      FROM (SELECT CAST(? AS text[]) AS names) AS allowed;
      WITH named AS MATERIALIZED (
        SELECT * FROM unnest(CAST(? AS uuid[]), CAST(? AS text[]), CAST(? AS text[]))
          AS sent (key, org_id, event_id)),
      erased AS MATERIALIZED (
        SELECT key, erased_key(secret, key) AS erased_key FROM named JOIN erasure_key ON only_one
        UNION ALL
        SELECT key, CAST(substr(erased_id(secret, org_id, event_id), 8, 32) AS uuid)
        FROM named JOIN erasure_key ON earlier),
      known AS MATERIALIZED (
        SELECT key FROM named JOIN event_ledger USING (key)
        UNION ALL
        SELECT erased.key FROM erased JOIN event_ledger AS ledger ON ledger.key = erased_key),
      entered AS (
        INSERT INTO event_ledger (key, org_id, queued)
        SELECT key, org_id, ? FROM named %1$s),
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
          < CAST(coalesce(CAST(? AS timestamptz), clock_timestamp()) AT TIME ZONE 'UTC' AS date))%2$s
      SELECT key FROM known
      """;

  private static final String QUEUED =
      """
      ,
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
      """
          .formatted(UNLESS_KNOWN, OUTBOX_ROW_EVENTS);

  private static final String SQL = APPEND.formatted(UNLESS_KNOWN, "", TokenColumns.NAMES);

  private static final String SQL_QUEUED =
      APPEND.formatted(UNLESS_KNOWN, QUEUED, TokenColumns.NAMES);

  private EventAppend() {}

  /**
   * Fails where the driver sends statements one by one: then they are no longer one transaction,
   * and the role has ended before rows are written.
   *
   * @throws StoreUnavailableException if it does so
   */
  public static void requireSentTogether(Connection connection) throws SQLException {
    if (connection.unwrap(PGConnection.class).getPreferQueryMode() == PreferQueryMode.SIMPLE) {
      throw new StoreUnavailableException(
          "the database's URL has preferQueryMode=simple, with which a statement and its role are no"
              + " longer one transaction; leave it out");
    }
  }

  /**
   * What was done.
   *
   * @param known keys of events that the ledger holds; if there are any, nothing was added
   * @param pendingBytes how much the events add to what is to be folded
   */
  public record Outcome(Set<UUID> known, long pendingBytes) {}

  /**
   * Adds all events, or none and answers which the ledger holds.
   *
   * @param connection in autocommit mode
   * @param allowed whose events may be added; the database itself refuses any other
   * @param byKey events by their {@linkplain EventLedger#key keys}, in the order in which they came
   * @param queued whether they are added to the export outbox, too
   * @param now the time, or null for the database's own
   */
  public static Outcome run(
      Connection connection,
      Collection<String> allowed,
      Map<UUID, ScopedEvent> byKey,
      boolean queued,
      @Nullable Instant now)
      throws SQLException {
    List<ScopedEvent> events = List.copyOf(byKey.values());
    try (PreparedStatement statement = connection.prepareStatement(queued ? SQL_QUEUED : SQL)) {
      Parameters parameters = new Parameters(connection, statement);
      parameters.whole(AdvisoryLock.WRITERS);
      parameters.text(TenantRole.NAME);
      parameters.array("text", allowed.toArray(new String[0]));
      bindLedger(parameters, byKey);
      parameters.bool(queued);
      new EventColumns(events).bind(parameters);
      long pendingBytes = bindDeltas(parameters, events);
      parameters.array(
          "int4",
          events.stream()
              .map(stored -> (int) stored.event().day().toEpochDay())
              .distinct()
              .toArray(Integer[]::new));
      parameters.text(now == null ? null : now.toString());
      if (queued) {
        bindOutbox(parameters, events);
      }
      statement.execute();
      statement.getMoreResults();
      return new Outcome(keys(statement.getResultSet()), pendingBytes);
    }
  }

  /** In the order of the ledger, which the transactions of all servers keep. */
  private static void bindLedger(Parameters parameters, Map<UUID, ScopedEvent> byKey)
      throws SQLException {
    SortedMap<UUID, ScopedEvent> sorted = new TreeMap<>(EventLedger.ORDER);
    sorted.putAll(byKey);
    parameters.array("uuid", sorted.keySet().toArray());
    bindIds(parameters, sorted.values().stream().map(ScopedEvent::event).toList());
  }

  private static void bindIds(Parameters parameters, List<TelemetryEvent> events)
      throws SQLException {
    parameters.array(
        "text", events.stream().map(event -> orNone(event.orgId())).toArray(String[]::new));
    parameters.array("text", events.stream().map(TelemetryEvent::eventId).toArray(String[]::new));
  }

  private static Set<UUID> keys(ResultSet rows) throws SQLException {
    Set<UUID> keys = new HashSet<>();
    while (rows.next()) {
      keys.add(rows.getObject(1, UUID.class));
    }
    return keys;
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
    bindIds(parameters, events);
  }

  static long micros(TelemetryEvent event) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, event.timestamp());
  }
}

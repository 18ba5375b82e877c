package ai.pediscreen.telemetry.postgres.erasure;

import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.timestamp;
import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import ai.pediscreen.telemetry.erasure.Erasure;
import ai.pediscreen.telemetry.erasure.ErasureField;
import ai.pediscreen.telemetry.erasure.ErasureSelection;
import ai.pediscreen.telemetry.event.OrgFilter;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Table {@code erasure}: requests to erase events, and receipts. */
final class ErasureTable {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<Map<String, Long>> COUNTS = new TypeReference<>() {};

  /** A request that is not done yet. */
  record Open(UUID id, ErasureSelection selection) {}

  private ErasureTable() {}

  static void insert(
      Handle handle,
      UUID id,
      ErasureSelection selection,
      @Nullable String keyPrefix,
      Instant requestedAt) {
    handle.execute(
        "INSERT INTO erasure_key (secret) SELECT secret FROM audit_chain ON CONFLICT DO NOTHING");
    handle
        .createUpdate(
            """
            INSERT INTO erasure
              (id, org_id, field, identifiers, selection_hash, key_prefix, requested_at, counts)
            SELECT :id, :orgId, :field, :identifiers,
              substr(erased_id(secret, coalesce(:orgId, ''), :selection), 8), :keyPrefix,
              :requestedAt, jsonb_build_object('events', 0, 'ledger', 0, 'export_outbox', 0,
                'export_dead_letter', 0)
            FROM erasure_key
            """)
        .bind("id", id)
        .bind("orgId", selection.org().orgId())
        .bind("field", selection.field().label())
        .bindArray("identifiers", String.class, selection.values())
        .bind(
            "selection",
            selection.field().label()
                + "\n"
                + String.join("\n", selection.values().stream().sorted().toList()))
        .bind("keyPrefix", keyPrefix)
        .bind("requestedAt", utc(requestedAt))
        .execute();
  }

  static Optional<Erasure> find(Handle handle, UUID id) {
    return handle
        .createQuery("SELECT * FROM erasure WHERE id = :id")
        .bind("id", id)
        .map((row, context) -> erasure(row))
        .findOne();
  }

  /** Requests that are due, oldest first. */
  static List<Open> due(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT * FROM erasure WHERE completed_at IS NULL AND due <= clock_timestamp()
            ORDER BY requested_at, id
            """)
        .map((row, context) -> open(row))
        .list();
  }

  /** Adds to a count, in the transaction that has erased. */
  static void add(Handle handle, UUID id, String place, long count) {
    handle
        .createUpdate(
            """
            UPDATE erasure SET counts = counts || jsonb_build_object(CAST(:place AS text),
              coalesce(CAST(counts ->> :place AS bigint), 0) + CAST(:count AS bigint))
            WHERE id = :id
            """)
        .bind("id", id)
        .bind("place", place)
        .bind("count", count)
        .execute();
  }

  /** Records what is left, and when it is retried. */
  static void postpone(Handle handle, UUID id, String waitingFor, Duration pause) {
    handle
        .createUpdate(
            """
            UPDATE erasure SET waiting_for = :waitingFor,
              due = clock_timestamp() + :seconds * interval '1 second'
            WHERE id = :id
            """)
        .bind("id", id)
        .bind("waitingFor", waitingFor)
        .bind("seconds", pause.toSeconds())
        .execute();
  }

  /** Makes a request its receipt: the identifier goes. */
  static void complete(Handle handle, UUID id, Instant completedAt) {
    handle
        .createUpdate(
            """
            UPDATE erasure SET identifiers = NULL, waiting_for = NULL, completed_at = :completedAt
            WHERE id = :id
            """)
        .bind("id", id)
        .bind("completedAt", utc(completedAt))
        .execute();
  }

  private static Open open(ResultSet row) throws SQLException {
    String orgId = row.getString("org_id");
    return new Open(
        row.getObject("id", UUID.class),
        new ErasureSelection(
            orgId == null ? OrgFilter.all() : OrgFilter.of(orgId),
            field(row),
            Set.of((String[]) row.getArray("identifiers").getArray())));
  }

  private static Erasure erasure(ResultSet row) throws SQLException {
    return new Erasure(
        row.getObject("id", UUID.class),
        row.getString("org_id"),
        field(row),
        row.getString("selection_hash"),
        row.getString("key_prefix"),
        timestamp(row, "requested_at"),
        row.getObject("completed_at") == null ? null : timestamp(row, "completed_at"),
        counts(row.getString("counts")),
        row.getString("waiting_for"));
  }

  private static ErasureField field(ResultSet row) throws SQLException {
    return ErasureField.valueOf(row.getString("field").toUpperCase(Locale.ROOT));
  }

  private static Map<String, Long> counts(String json) {
    try {
      return JSON.readValue(json, COUNTS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the counts of an erasure cannot be read", e);
    }
  }
}

package ai.pediscreen.telemetry.postgres.usage;

import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.timestamp;
import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import ai.pediscreen.telemetry.postgres.event.TokenColumns;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.spi.LatencyHistogram;
import ai.pediscreen.telemetry.usage.spi.RollupWidth.Piece;
import ai.pediscreen.telemetry.usage.spi.UsageTally;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;

/** Table {@code usage_rollup}: counts by minute, hour and day. */
public final class UsageRollup {

  /** A row as it is read. */
  public record Row(Instant bucket, String modelId, UsageTally tally) {}

  private UsageRollup() {}

  /**
   * Adds tallies to the rows of their keys. The histograms are merged here, not in SQL, so the
   * caller holds {@link UsageFold#ROLLUP_LOCK}.
   *
   * @param tallies what is to be added; afterwards what the rows hold
   */
  static void add(Handle handle, SortedMap<RollupKey, UsageTally> tallies) {
    List<RollupKey> keys = List.copyOf(tallies.keySet());
    bindKeys(
            handle.createQuery(
                """
                SELECT sent.position, stored.*
                FROM unnest(:widths, :scopes, CAST(:buckets AS timestamptz[]), :modelIds)
                  WITH ORDINALITY AS sent (width_minutes, scope, bucket, model_id, position)
                JOIN usage_rollup AS stored USING (width_minutes, scope, bucket, model_id)
                """),
            keys)
        .map((row, context) -> new Stored(keys.get(row.getInt("position") - 1), tally(row)))
        .forEach(stored -> stored.mergeInto(tallies));
    bindTallies(
            bindKeys(
                handle.createUpdate(
                    """
                    INSERT INTO usage_rollup AS stored (width_minutes, scope, bucket, model_id,
                      calls, errors, fallbacks, unpriced, latency_sum_ms, cost_usd, newest,
                      latencies, %1$s)
                    SELECT *
                    FROM unnest(:widths, :scopes, CAST(:buckets AS timestamptz[]), :modelIds,
                      :calls, :errors, :fallbacks, :unpriced, :latencySums, :costs,
                      CAST(:newest AS timestamptz[]), :latencies, %2$s)
                    ON CONFLICT (width_minutes, scope, bucket, model_id) DO UPDATE SET
                      calls = excluded.calls, errors = excluded.errors,
                      fallbacks = excluded.fallbacks, unpriced = excluded.unpriced,
                      latency_sum_ms = excluded.latency_sum_ms, cost_usd = excluded.cost_usd,
                      newest = excluded.newest, latencies = excluded.latencies, %3$s
                    """
                        .formatted(
                            TokenColumns.NAMES,
                            TokenColumns.PARAMETERS,
                            TokenColumns.FROM_EXCLUDED)),
                keys),
            List.copyOf(tallies.values()))
        .execute();
  }

  /** All rows that lie in the pieces. */
  public static List<Row> rows(Handle handle, UsageFilter filter, List<Piece> pieces) {
    return bindPieces(
            handle.createQuery("SELECT * FROM " + inPieces("usage_rollup", filter, pieces)),
            filter,
            pieces)
        .map(
            (row, context) ->
                new Row(timestamp(row, "bucket"), row.getString("model_id"), tally(row)))
        .list();
  }

  static <S extends SqlStatement<S>> S bindKeys(S statement, List<RollupKey> keys) {
    return statement
        .bindArray("widths", Integer.class, column(keys, key -> key.width().minutes()))
        .bindArray("scopes", String.class, column(keys, RollupKey::scope))
        .bindArray("buckets", String.class, column(keys, key -> key.bucket().toString()))
        .bindArray("modelIds", String.class, column(keys, RollupKey::modelId));
  }

  /**
   * The rows of a rollup that lie in the pieces, as a subquery: one branch for each piece, so that
   * each is one range of the primary key. (Joined with an array of pieces, PostgreSQL reads the
   * whole table: it cannot guess how few rows lie between two columns.)
   */
  static String inPieces(String table, UsageFilter filter, List<Piece> pieces) {
    return IntStream.range(0, pieces.size())
        .mapToObj(
            i ->
                """
                SELECT * FROM %s
                WHERE width_minutes = %d AND scope = :scope
                  AND bucket >= :since%d AND bucket < :before%d
                """
                    .formatted(table, pieces.get(i).width().minutes(), i, i))
        .map(branch -> filter.modelId() == null ? branch : branch + " AND model_id = :modelId")
        .collect(Collectors.joining(" UNION ALL ", "(", ") AS rollup"));
  }

  static Query bindPieces(Query query, UsageFilter filter, List<Piece> pieces) {
    query.bind("scope", RollupKey.scope(filter.org().scope()));
    if (filter.modelId() != null) {
      query.bind("modelId", filter.modelId());
    }
    for (int i = 0; i < pieces.size(); i++) {
      query.bind("since" + i, utc(pieces.get(i).since()));
      query.bind("before" + i, utc(pieces.get(i).before()));
    }
    return query;
  }

  private static <S extends SqlStatement<S>> S bindTallies(S statement, List<UsageTally> tallies) {
    return TokenColumns.bindArrays(statement, column(tallies, UsageTally::tokens))
        .bindArray("calls", Long.class, column(tallies, UsageTally::calls))
        .bindArray("errors", Long.class, column(tallies, UsageTally::errors))
        .bindArray("fallbacks", Long.class, column(tallies, UsageTally::fallbacks))
        .bindArray("unpriced", Long.class, column(tallies, UsageTally::unpriced))
        .bindArray("latencySums", Long.class, column(tallies, UsageTally::latencySumMillis))
        .bindArray("costs", BigDecimal.class, column(tallies, UsageTally::costUsd))
        .bindArray("newest", String.class, column(tallies, tally -> String.valueOf(tally.newest())))
        .bind("latencies", histograms(tallies));
  }

  /** By hand, since pgjdbc wants an array of arrays, and Jdbi gives it one of objects. */
  private static Argument histograms(List<UsageTally> tallies) {
    byte[][] histograms =
        tallies.stream().map(tally -> tally.latencies().toBytes()).toArray(byte[][]::new);
    return (position, statement, context) ->
        statement.setArray(position, statement.getConnection().createArrayOf("bytea", histograms));
  }

  static <A, B> List<B> column(List<A> rows, Function<A, B> value) {
    List<B> column = new ArrayList<>(rows.size());
    rows.forEach(row -> column.add(value.apply(row)));
    return column;
  }

  private static UsageTally tally(ResultSet row) throws SQLException {
    return new UsageTally(
        counts(row),
        row.getLong("latency_sum_ms"),
        row.getBigDecimal("cost_usd"),
        TokenColumns.read(row),
        timestamp(row, "newest"),
        LatencyHistogram.fromBytes(row.getBytes("latencies")));
  }

  public static UsageTally.Counts counts(ResultSet row) throws SQLException {
    return new UsageTally.Counts(
        row.getLong("calls"),
        row.getLong("errors"),
        row.getLong("fallbacks"),
        row.getLong("unpriced"));
  }

  private record Stored(RollupKey key, UsageTally tally) {
    void mergeInto(SortedMap<RollupKey, UsageTally> tallies) {
      tally.merge(tallies.getOrDefault(key, new UsageTally()));
      tallies.put(key, tally);
    }
  }
}

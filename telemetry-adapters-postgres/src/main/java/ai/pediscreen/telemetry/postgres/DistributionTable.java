package ai.pediscreen.telemetry.postgres;

import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.ModelDay;
import ai.pediscreen.telemetry.drift.CountedValues;
import ai.pediscreen.telemetry.event.OrgScope;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Table {@code daily_distribution}: the values of a day, each with its count. */
final class DistributionTable {

  /** Whose values; the day and the feature are known where it is used. */
  record Scoped(OrgScope org, String modelId) {
    static Scoped of(ModelDay day) {
      return new Scoped(day.org(), day.modelId());
    }
  }

  private DistributionTable() {}

  /** Puts the latencies of a day in place of those that are there. */
  static void replaceLatencies(Handle handle, LocalDate day, Collection<ModelDay> models) {
    handle
        .createUpdate(
            """
            DELETE FROM daily_distribution
            WHERE day = CAST(:day AS date) AND feature = :feature
            """)
        .bind("day", day.toString())
        .bind("feature", DriftRecord.LATENCY)
        .execute();
    if (models.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO daily_distribution (day, scope, model_id, feature, distribution)
            VALUES (CAST(:day AS date), :scope, :modelId, :feature, :distribution)
            """);
    for (ModelDay model : models) {
      batch
          .bind("day", day.toString())
          .bind("scope", RollupKey.scope(model.org()))
          .bind("modelId", model.modelId())
          .bind("feature", DriftRecord.LATENCY)
          .bind("distribution", model.latencies().toBytes())
          .add();
    }
    batch.execute();
  }

  /** The latencies of days from one to another, merged; only of those that are wanted. */
  static Map<Scoped, CountedValues> latencies(
      Handle handle, LocalDate from, LocalDate to, Set<Scoped> wanted) {
    Map<Scoped, CountedValues> merged = new HashMap<>();
    handle
        .createQuery(
            """
            SELECT scope, model_id, distribution
            FROM daily_distribution
            WHERE day BETWEEN CAST(:from AS date) AND CAST(:to AS date) AND feature = :feature
            """)
        .bind("from", from.toString())
        .bind("to", to.toString())
        .bind("feature", DriftRecord.LATENCY)
        .setFetchSize(100)
        .map(
            (row, context) ->
                Map.entry(
                    new Scoped(RollupKey.org(row.getString("scope")), row.getString("model_id")),
                    row.getBytes("distribution")))
        .forEach(
            row -> {
              if (wanted.contains(row.getKey())) {
                merged.merge(
                    row.getKey(), CountedValues.fromBytes(row.getValue()), CountedValues::merge);
              }
            });
    return merged;
  }

  /** The latencies of one organisation and model of days from one to another, merged. */
  static CountedValues latencies(Handle handle, LocalDate from, LocalDate to, Scoped of) {
    return CountedValues.mergeAll(
        handle
            .createQuery(
                """
                SELECT distribution
                FROM daily_distribution
                WHERE day BETWEEN CAST(:from AS date) AND CAST(:to AS date)
                  AND scope = :scope AND model_id = :modelId AND feature = :feature
                """)
            .bind("from", from.toString())
            .bind("to", to.toString())
            .bind("scope", RollupKey.scope(of.org()))
            .bind("modelId", of.modelId())
            .bind("feature", DriftRecord.LATENCY)
            .map((row, context) -> CountedValues.fromBytes(row.getBytes("distribution")))
            .list());
  }

  /** Forgets what no day that can be computed has for a reference. */
  static int deleteBefore(Handle handle, LocalDate first) {
    return handle
        .createUpdate("DELETE FROM daily_distribution WHERE day < CAST(:first AS date)")
        .bind("first", first.toString())
        .execute();
  }
}

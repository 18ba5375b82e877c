package ai.pediscreen.telemetry.postgres;

import ai.pediscreen.telemetry.daily.DriftFeature;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.FeatureValues;
import ai.pediscreen.telemetry.daily.ModelDay;
import ai.pediscreen.telemetry.drift.CountedValues;
import ai.pediscreen.telemetry.event.OrgScope;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
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

  /** Puts what a day's values were in place of what is there. */
  static void replace(Handle handle, LocalDate day, Collection<ModelDay> models) {
    handle
        .createUpdate("DELETE FROM daily_distribution WHERE day = CAST(:day AS date)")
        .bind("day", day.toString())
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
      add(batch, day, model, DriftRecord.LATENCY, model.latencies().toBytes());
      model
          .features()
          .forEach(
              (feature, values) -> add(batch, day, model, feature.pointer(), values.toBytes()));
    }
    batch.execute();
  }

  private static void add(
      PreparedBatch batch, LocalDate day, ModelDay model, String feature, byte[] distribution) {
    batch
        .bind("day", day.toString())
        .bind("scope", RollupKey.scope(model.org()))
        .bind("modelId", model.modelId())
        .bind("feature", feature)
        .bind("distribution", distribution)
        .add();
  }

  /** The latencies of days from one to another, merged; only of those that are wanted. */
  static Map<Scoped, CountedValues> latencies(
      Handle handle, LocalDate from, LocalDate to, Set<Scoped> wanted) {
    return merged(
        handle,
        DriftRecord.LATENCY,
        from,
        to,
        wanted,
        CountedValues::fromBytes,
        CountedValues::merge);
  }

  /** The values of a feature, likewise. */
  static Map<Scoped, FeatureValues> values(
      Handle handle, DriftFeature feature, LocalDate from, LocalDate to, Set<Scoped> wanted) {
    return merged(
        handle,
        feature.pointer(),
        from,
        to,
        wanted,
        FeatureValues::fromBytes,
        FeatureValues::merge);
  }

  private static <T> Map<Scoped, T> merged(
      Handle handle,
      String feature,
      LocalDate from,
      LocalDate to,
      Set<Scoped> wanted,
      Function<byte[], T> read,
      BinaryOperator<T> merge) {
    Map<Scoped, T> merged = new HashMap<>();
    handle
        .createQuery(
            """
            SELECT scope, model_id, distribution
            FROM daily_distribution
            WHERE day BETWEEN CAST(:from AS date) AND CAST(:to AS date) AND feature = :feature
            """)
        .bind("from", from.toString())
        .bind("to", to.toString())
        .bind("feature", feature)
        .setFetchSize(100)
        .map(
            (row, context) ->
                Map.entry(
                    new Scoped(RollupKey.org(row.getString("scope")), row.getString("model_id")),
                    row.getBytes("distribution")))
        .forEach(
            row -> {
              if (wanted.contains(row.getKey())) {
                merged.merge(row.getKey(), read.apply(row.getValue()), merge);
              }
            });
    return merged;
  }

  /** What is stored of one organisation, model and feature for days from one to another. */
  static List<byte[]> stored(
      Handle handle, Scoped of, String feature, LocalDate from, LocalDate to) {
    return handle
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
        .bind("feature", feature)
        .map((row, context) -> row.getBytes("distribution"))
        .list();
  }

  /** Forgets what no day that can be computed has for a reference. */
  static int deleteBefore(Handle handle, LocalDate first) {
    return handle
        .createUpdate("DELETE FROM daily_distribution WHERE day < CAST(:first AS date)")
        .bind("first", first.toString())
        .execute();
  }
}

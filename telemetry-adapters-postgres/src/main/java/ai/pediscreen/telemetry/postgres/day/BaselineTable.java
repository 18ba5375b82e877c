package ai.pediscreen.telemetry.postgres.day;

import ai.pediscreen.telemetry.daily.DayValues;
import ai.pediscreen.telemetry.daily.DriftBaseline;
import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.daily.FailedComparison;
import ai.pediscreen.telemetry.postgres.usage.RollupKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Table {@code drift_baseline}. */
final class BaselineTable {

  private static final Logger LOG = LoggerFactory.getLogger(BaselineTable.class);

  private BaselineTable() {}

  static void put(Handle handle, DriftBaseline baseline) {
    LocalDate from = baseline.from();
    LocalDate to = baseline.to();
    handle
        .createUpdate(
            """
            INSERT INTO drift_baseline (name, scope, model_id, feature, first_day, last_day, events,
              days, distribution)
            VALUES (:name, :scope, :modelId, :feature, CAST(:from AS date), CAST(:to AS date),
              :events, :days, :distribution)
            ON CONFLICT (name, scope, model_id, feature) DO UPDATE SET
              first_day = excluded.first_day, last_day = excluded.last_day,
              events = excluded.events, days = excluded.days, distribution = excluded.distribution
            """)
        .bind("name", baseline.name())
        .bind("scope", RollupKey.scope(baseline.subject().org()))
        .bind("modelId", baseline.subject().modelId())
        .bind("feature", baseline.subject().feature())
        .bind("from", from == null ? null : from.toString())
        .bind("to", to == null ? null : to.toString())
        .bind("events", baseline.values().events())
        .bind("days", baseline.values().days())
        .bind("distribution", baseline.values().toBytes(baseline.subject()))
        .execute();
  }

  static boolean remove(Handle handle, String name, DriftSubject subject) {
    return handle
            .createUpdate(
                """
                DELETE FROM drift_baseline
                WHERE name = :name AND scope = :scope AND model_id = :modelId AND feature = :feature
                """)
            .bind("name", name)
            .bind("scope", RollupKey.scope(subject.org()))
            .bind("modelId", subject.modelId())
            .bind("feature", subject.feature())
            .execute()
        > 0;
  }

  /** All that can be read. The log names the others, so that they can be removed. */
  static List<DriftBaseline> all(Handle handle) {
    return read(
        handle.createQuery("SELECT *, '' AS subgroup FROM drift_baseline"),
        failure ->
            LOG.warn(
                "a baseline cannot be read; set it again or remove it: {}", failure.toString()));
  }

  /**
   * Those of one feature.
   *
   * @param failures receives each that cannot be read
   */
  static List<DriftBaseline> ofFeature(
      Handle handle, String feature, Consumer<FailedComparison> failures) {
    return read(
        handle
            .createQuery("SELECT *, '' AS subgroup FROM drift_baseline WHERE feature = :feature")
            .bind("feature", feature),
        failures);
  }

  private static List<DriftBaseline> read(Query query, Consumer<FailedComparison> failures) {
    List<DriftBaseline> baselines = new ArrayList<>();
    query
        .map(
            (row, context) -> {
              try {
                baselines.add(baseline(row));
              } catch (IllegalArgumentException | ArithmeticException e) {
                failures.accept(
                    new FailedComparison(
                        DistributionTable.subject(row),
                        DriftReference.baseline(row.getString("name")),
                        e));
              }
              return baselines;
            })
        .forEach(unused -> {});
    return baselines;
  }

  private static DriftBaseline baseline(ResultSet row) throws SQLException {
    DriftSubject subject = DistributionTable.subject(row);
    DayValues values =
        DayValues.fromBytes(subject.feature(), row.getBytes("distribution"), row.getLong("events"));
    return new DriftBaseline(
        row.getString("name"),
        subject,
        row.getObject("first_day", LocalDate.class),
        row.getObject("last_day", LocalDate.class),
        new DayValues(values.values(), values.events(), row.getInt("days")));
  }
}

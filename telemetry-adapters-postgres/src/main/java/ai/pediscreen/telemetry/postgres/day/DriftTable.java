package ai.pediscreen.telemetry.postgres.day;

import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DriftDirection;
import ai.pediscreen.telemetry.daily.DriftFigures;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.drift.DriftVerdict;
import ai.pediscreen.telemetry.postgres.usage.RollupKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** Table {@code drift_record}, whose rows are replaced with the aggregates of their day. */
public final class DriftTable {

  /** That of {@link DriftRecord#NEWEST_FIRST}. */
  private static final String ORDER =
      """
      ORDER BY one.day DESC, one.verdict <> 'SIGNIFICANT',
        least(one.p_value, one.missing_p_value), one.psi DESC NULLS LAST,
        one.model_id, one.feature, one.subgroup, one.reference
      """;

  private DriftTable() {}

  static void insert(Handle handle, Collection<DriftRecord> records) {
    if (records.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO drift_record (day, scope, model_id, feature, subgroup, reference, psi,
              reference_count, current_count, critical_value, verdict, p_value, direction,
              median_shift, wasserstein, reference_missing_share, missing_share, missing_p_value,
              summary)
            VALUES (CAST(:day AS date), :scope, :modelId, :feature, :subgroup, :reference, :psi,
              :referenceCount, :currentCount, :criticalValue, :verdict, :pValue, :direction,
              :medianShift, :wasserstein, :referenceMissingShare, :missingShare, :missingPValue,
              :summary)
            """);
    for (DriftRecord one : records) {
      DriftFigures figures = one.figures();
      DriftDirection direction = figures.direction();
      batch
          .bind("day", one.date().toString())
          .bind("scope", RollupKey.scope(one.org()))
          .bind("modelId", one.modelId())
          .bind("feature", one.feature())
          .bind("subgroup", DistributionTable.stored(one.subject().subgroup()))
          .bind("reference", one.reference().name())
          .bind("psi", figures.psi())
          .bind("referenceCount", figures.referenceCount())
          .bind("currentCount", figures.currentCount())
          .bind("criticalValue", figures.criticalValue())
          .bind("verdict", one.verdict().name())
          .bind("pValue", figures.pValue())
          .bind("direction", direction == null ? null : direction.name())
          .bind("medianShift", figures.medianShift())
          .bind("wasserstein", figures.wasserstein())
          .bind("referenceMissingShare", figures.referenceMissingShare())
          .bind("missingShare", figures.missingShare())
          .bind("missingPValue", figures.missingPValue())
          .bind("summary", figures.summary())
          .add();
    }
    batch.execute();
  }

  /** Removes what was found against a baseline that is set anew or removed. */
  static void removeComparisons(Handle handle, String baseline, DriftSubject subject) {
    handle
        .createUpdate(
            """
            DELETE FROM drift_record
            WHERE reference = :reference AND scope = :scope AND model_id = :modelId
              AND feature = :feature
            """)
        .bind("reference", DriftReference.baseline(baseline).name())
        .bind("scope", RollupKey.scope(subject.org()))
        .bind("modelId", subject.modelId())
        .bind("feature", subject.feature())
        .execute();
  }

  public static List<DriftRecord> select(Handle handle, DayFilter filter, int limit) {
    return query(handle, filter, "", ORDER + "LIMIT :limit")
        .bind("limit", limit)
        .map((row, context) -> record(row))
        .list();
  }

  /** How a day's latencies compare with each reference, of all organisations; of no subgroup. */
  public static List<DriftRecord> ofLatencies(Handle handle, LocalDate day) {
    return handle
        .createQuery(
            "SELECT * FROM drift_record AS one "
                + "WHERE one.day = CAST(:day AS date) AND one.feature = :feature "
                + "AND one.subgroup = '' "
                + ORDER)
        .bind("day", day.toString())
        .bind("feature", DriftRecord.LATENCY)
        .map((row, context) -> record(row))
        .list();
  }

  static List<DriftRecord> alerts(Handle handle, DayFilter filter) {
    return query(handle, filter, "AND one.verdict = 'SIGNIFICANT' ", ORDER)
        .map((row, context) -> record(row))
        .list();
  }

  private static Query query(Handle handle, DayFilter filter, String condition, String order) {
    return AggregateTable.bind(
        handle.createQuery(
            "SELECT * FROM drift_record AS one "
                + AggregateTable.conditions("one", filter)
                + condition
                + order),
        filter);
  }

  /** The record of a row that has all columns of the table. */
  static DriftRecord record(ResultSet row) throws SQLException {
    String direction = row.getString("direction");
    return new DriftRecord(
        row.getObject("day", LocalDate.class),
        DistributionTable.subject(row),
        new DriftReference(row.getString("reference")),
        new DriftFigures(
            row.getObject("psi", Double.class),
            row.getLong("reference_count"),
            row.getLong("current_count"),
            row.getDouble("critical_value"),
            row.getObject("p_value", Double.class),
            direction == null ? null : DriftDirection.valueOf(direction),
            row.getObject("median_shift", Double.class),
            row.getObject("wasserstein", Double.class),
            row.getDouble("reference_missing_share"),
            row.getDouble("missing_share"),
            row.getDouble("missing_p_value"),
            row.getString("summary")),
        DriftVerdict.valueOf(row.getString("verdict")));
  }
}

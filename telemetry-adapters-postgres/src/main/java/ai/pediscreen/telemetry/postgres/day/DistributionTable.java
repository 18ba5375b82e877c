package ai.pediscreen.telemetry.postgres.day;

import ai.pediscreen.telemetry.daily.DayValues;
import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.daily.FailedComparison;
import ai.pediscreen.telemetry.postgres.usage.RollupKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterable;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Table {@code daily_distribution}: the values of a day, each with its count. */
public final class DistributionTable {

  private static final int FETCH_SIZE = 100;

  /** Before the name of a subgroup. */
  private static final String SUBGROUP = "=";

  private DistributionTable() {}

  /** Puts what a day's values were in place of what is there. */
  static void replace(Handle handle, LocalDate day, Map<DriftSubject, DayValues> values) {
    handle
        .createUpdate("DELETE FROM daily_distribution WHERE day = CAST(:day AS date)")
        .bind("day", day.toString())
        .execute();
    if (values.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO daily_distribution
              (day, scope, model_id, feature, subgroup, events, distribution)
            VALUES
              (CAST(:day AS date), :scope, :modelId, :feature, :subgroup, :events, :distribution)
            """);
    values.forEach(
        (subject, own) ->
            batch
                .bind("day", day.toString())
                .bind("scope", RollupKey.scope(subject.org()))
                .bind("modelId", subject.modelId())
                .bind("feature", subject.feature())
                .bind("subgroup", stored(subject.subgroup()))
                .bind("events", own.events())
                .bind("distribution", own.toBytes(subject))
                .add());
    batch.execute();
  }

  /**
   * What a day has of one feature.
   *
   * @param failures receives what cannot be read
   */
  static Map<DriftSubject, DayValues> ofDay(
      Handle handle, LocalDate day, String feature, Consumer<FailedComparison> failures) {
    Map<DriftSubject, DayValues> values = new HashMap<>();
    rows(handle, feature, List.of(day))
        .forEach(
            row -> {
              try {
                values.put(row.subject(), row.values(feature));
              } catch (IllegalArgumentException | ArithmeticException e) {
                failures.accept(new FailedComparison(row.subject(), DriftReference.WEEK, e));
              }
            });
    return values;
  }

  /**
   * What the days of each reference have of one feature, merged; only of those that are wanted.
   *
   * @param failures receives each that cannot be read or merged, and is left out
   */
  static Map<DriftReference, Map<DriftSubject, DayValues>> before(
      Handle handle,
      LocalDate day,
      Collection<DriftReference> references,
      String feature,
      Set<DriftSubject> wanted,
      Consumer<FailedComparison> failures) {
    Map<DriftReference, Map<DriftSubject, FailedComparison>> failed = new HashMap<>();
    Map<DriftReference, Map<DriftSubject, DayValues>> merged = new LinkedHashMap<>();
    Set<LocalDate> days = new TreeSet<>();
    for (DriftReference reference : references) {
      merged.put(reference, new HashMap<>());
      days.addAll(reference.before(day));
    }
    rows(handle, feature, days)
        .forEach(
            row -> {
              if (wanted.contains(row.subject())) {
                merged.forEach(
                    (reference, all) -> {
                      if (reference.before(day).contains(row.day())) {
                        try {
                          all.merge(row.subject(), row.values(feature), DayValues::merge);
                        } catch (IllegalArgumentException | ArithmeticException e) {
                          failed
                              .computeIfAbsent(reference, key -> new HashMap<>())
                              .put(
                                  row.subject(), new FailedComparison(row.subject(), reference, e));
                        }
                      }
                    });
              }
            });
    failed.forEach(
        (reference, subjects) -> {
          merged.getOrDefault(reference, Map.of()).keySet().removeAll(subjects.keySet());
          subjects.values().forEach(failures);
        });
    return merged;
  }

  /** What some days have of one subject, merged. */
  static DayValues ofSubject(Handle handle, DriftSubject subject, Collection<LocalDate> days) {
    return handle
        .createQuery(
            """
            SELECT events, distribution
            FROM daily_distribution
            WHERE day = ANY (CAST(:days AS date[])) AND scope = :scope AND model_id = :modelId
              AND feature = :feature AND subgroup = :subgroup
            """)
        .bindArray("days", String.class, days.stream().map(LocalDate::toString).toList())
        .bind("scope", RollupKey.scope(subject.org()))
        .bind("modelId", subject.modelId())
        .bind("feature", subject.feature())
        .bind("subgroup", stored(subject.subgroup()))
        .map(
            (row, context) ->
                DayValues.fromBytes(
                    subject.feature(), row.getBytes("distribution"), row.getLong("events")))
        .stream()
        .reduce(DayValues.none(), DayValues::merge);
  }

  /** How a subgroup is stored: its name may be anything, so all events need another form. */
  static String stored(@Nullable String subgroup) {
    return subgroup == null ? "" : SUBGROUP + subgroup;
  }

  /** Whose row it is. */
  static DriftSubject subject(ResultSet row) throws SQLException {
    String subgroup = row.getString("subgroup");
    return new DriftSubject(
        RollupKey.org(row.getString("scope")),
        row.getString("model_id"),
        row.getString("feature"),
        subgroup.isEmpty() ? null : subgroup.substring(SUBGROUP.length()));
  }

  @SuppressWarnings("ArrayRecordComponent") // Lives until its values are read, and is not compared.
  private record Row(LocalDate day, DriftSubject subject, long events, byte[] distribution) {
    DayValues values(String feature) {
      return DayValues.fromBytes(feature, distribution, events);
    }
  }

  private static ResultIterable<Row> rows(
      Handle handle, String feature, Collection<LocalDate> days) {
    return handle
        .createQuery(
            """
            SELECT day, scope, model_id, feature, subgroup, events, distribution
            FROM daily_distribution
            WHERE day = ANY (CAST(:days AS date[])) AND feature = :feature
            """)
        .bindArray("days", String.class, days.stream().map(LocalDate::toString).toList())
        .bind("feature", feature)
        .setFetchSize(FETCH_SIZE)
        .map(
            (row, context) ->
                new Row(
                    row.getObject("day", LocalDate.class),
                    subject(row),
                    row.getLong("events"),
                    row.getBytes("distribution")));
  }

  /** Forgets what no day that can be computed has for a reference. */
  public static int deleteBefore(Handle handle, LocalDate first) {
    return handle
        .createUpdate("DELETE FROM daily_distribution WHERE day < CAST(:first AS date)")
        .bind("first", first.toString())
        .execute();
  }
}

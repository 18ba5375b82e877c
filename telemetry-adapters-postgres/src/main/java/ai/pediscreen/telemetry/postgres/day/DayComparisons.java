package ai.pediscreen.telemetry.postgres.day;

import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DayDrift;
import ai.pediscreen.telemetry.daily.DayValues;
import ai.pediscreen.telemetry.daily.DriftBaseline;
import ai.pediscreen.telemetry.daily.DriftFeature;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.daily.FailedComparison;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Compares a day with all its references, one feature at a time, so that the values of one are all
 * that is held of the days before.
 */
final class DayComparisons {

  private final DayDrift drift;
  private final Map<DriftSubject, Long> latenciesOfWeek = new HashMap<>();

  private DayComparisons(LocalDate day, DriftSettings settings) {
    this.drift = new DayDrift(day, settings);
  }

  /**
   * Compares a day.
   *
   * @param current the day's own values of a feature; reports those that cannot be read
   */
  static DayComparisons of(
      Handle handle,
      LocalDate day,
      DriftSettings settings,
      BiFunction<String, Consumer<FailedComparison>, Map<DriftSubject, DayValues>> current) {
    DayComparisons comparisons = new DayComparisons(day, settings);
    List<String> features = new ArrayList<>(List.of(DriftRecord.LATENCY));
    settings.features().stream().map(DriftFeature::pointer).forEach(features::add);
    List<DriftReference> references =
        settings.season()
            ? List.of(DriftReference.WEEK, DriftReference.WEEKDAYS)
            : List.of(DriftReference.WEEK);
    for (String feature : features) {
      comparisons.compare(
          handle, day, references, feature, current.apply(feature, comparisons.drift::failed));
    }
    return comparisons;
  }

  private void compare(
      Handle handle,
      LocalDate day,
      List<DriftReference> references,
      String feature,
      Map<DriftSubject, DayValues> current) {
    Map<DriftReference, Map<DriftSubject, DayValues>> before =
        DistributionTable.before(handle, day, references, feature, current.keySet(), drift::failed);
    List<DriftBaseline> baselines = BaselineTable.ofFeature(handle, feature, drift::failed);
    current.forEach(
        (subject, own) -> {
          before.forEach(
              (reference, values) ->
                  drift.compare(
                      subject, reference, values.getOrDefault(subject, DayValues.none()), own));
          baselines.stream()
              .filter(baseline -> baseline.subject().equals(subject))
              .forEach(
                  baseline ->
                      drift.compare(
                          subject,
                          DriftReference.baseline(baseline.name()),
                          baseline.values(),
                          own));
        });
    if (feature.equals(DriftRecord.LATENCY)) {
      before
          .getOrDefault(DriftReference.WEEK, Map.of())
          .forEach((subject, values) -> latenciesOfWeek.put(subject, values.values().total()));
    }
  }

  /** The comparisons that could not be made. */
  List<FailedComparison> failures() {
    return drift.failures();
  }

  /** All comparisons with their verdicts. */
  List<DriftRecord> records() {
    return drift.records();
  }

  /** The aggregates with what their latencies came to. */
  List<DailyAggregate> complete(
      Stream<DailyAggregate> aggregates, Collection<DriftRecord> records) {
    Map<DriftSubject, DriftRecord> ofWeek = new HashMap<>();
    records.stream()
        .filter(DriftRecord::isOfWeek)
        .forEach(record -> ofWeek.put(record.subject(), record));
    return aggregates
        .map(
            one ->
                one.comparedWith(
                    latenciesOfWeek.getOrDefault(one.latencies(), 0L), ofWeek.get(one.latencies())))
        .toList();
  }
}

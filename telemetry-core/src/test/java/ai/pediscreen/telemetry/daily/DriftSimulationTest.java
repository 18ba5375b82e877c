package ai.pediscreen.telemetry.daily;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.drift.ChiSquared;
import ai.pediscreen.telemetry.drift.CountedValues;
import ai.pediscreen.telemetry.drift.DriftGate;
import ai.pediscreen.telemetry.drift.DriftVerdict;
import ai.pediscreen.telemetry.drift.KolmogorovSmirnov;
import ai.pediscreen.telemetry.drift.WassersteinDistance;
import ai.pediscreen.telemetry.event.OrgScope;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How often quiet days alarm, and how small a drift is found: the figures of docs/drift.md, which
 * this prints. Latencies are lognormal in whole milliseconds (median 800, σ 0.6). The seed is
 * fixed, so a run repeats another.
 */
class DriftSimulationTest {

  private static final LocalDate MONDAY = LocalDate.of(2026, 1, 5);
  private static final double NAIVE = 0.2;
  private static final DriftSubject LATENCY =
      new DriftSubject(OrgScope.all(), "m", DriftRecord.LATENCY);
  private static final DriftSubject FEATURE = new DriftSubject(OrgScope.all(), "m", "/response/f");

  /** Here, the naive one, Evidently's. */
  private static final List<Predicate<DriftComparison>> RULES =
      List.of(
          DriftSimulationTest::isAlarm,
          DriftSimulationTest::isAlarmOfTheNaiveRule,
          DriftSimulationTest::isAlarmOfEvidently);

  private final Random random = new Random(20_261_128L);

  @ParameterizedTest
  @CsvSource({
    "latency, 60, 1000",
    "latency, 100, 1000",
    "latency, 1000, 300",
    "latency, 20000, 20",
    "risk 60/30/10, 100, 1000",
    "risk 60/30/10, 1000, 300",
    "0/1 at 1 %, 100, 1000",
    "0/1 at 1 %, 1000, 300",
    "3 + 20 rare, 300, 500",
    "Zipf 20, 100, 500",
    "Zipf 100, 1000, 300",
    "300 even texts, 5000, 20",
    "Zipf 1000, 5000, 20",
  })
  @DisplayName("one look at a quiet day, at 1 %: false alarms by kind and number of values")
  void daysWithoutDrift_seldomAlert(String kind, int size, int days) {
    int gate = 0;
    int naive = 0;
    int evidently = 0;
    for (int i = 0; i < days; i++) {
      DriftSubject subject = kind.equals("latency") ? LATENCY : FEATURE;
      FeatureValues reference = FeatureValues.none();
      for (int day = 0; day < 7; day++) {
        reference = reference.merge(values(kind, size, 1));
      }
      FeatureValues current = values(kind, size, 1);
      DriftComparison comparison = DriftComparison.of(subject, reference, current).orElseThrow();
      gate += isAlarm(comparison) ? 1 : 0;
      naive += isAlarmOfTheNaiveRule(comparison) ? 1 : 0;
      evidently += isAlarmOfEvidently(comparison) ? 1 : 0;
    }
    System.out.printf(
        "| %s | %d / %d | %.1f %% | %.1f %% | %.1f %% |%n",
        kind, size, 7 * size, percent(gate, days), percent(naive, days), percent(evidently, days));
    assertThat(percent(gate, days)).isLessThanOrEqualTo(days < 100 ? 0 : 2);
  }

  @ParameterizedTest
  @CsvSource({
    "60, 10, false",
    "100, 10, false",
    "1000, 3, false",
    "20000, 1, false",
    "60, 5, true",
    "100, 5, true",
    "1000, 2, true"
  })
  @DisplayName("20 models × 30 quiet days: at most 1 alert in the mean, with weekdays or without")
  void quietMonthOfTwentyModels_alertsAtMostOnce(int size, int months, boolean season) {
    List<DriftReference> references =
        season
            ? List.of(DriftReference.WEEK, DriftReference.WEEKDAYS)
            : List.of(DriftReference.WEEK);
    int before = season ? DriftReference.LONGEST_DAYS : DriftRecord.REFERENCE_DAYS;
    int alerts = 0;
    for (int month = 0; month < months; month++) {
      List<Map<LocalDate, DayValues>> models = new ArrayList<>();
      for (int model = 0; model < 20; model++) {
        models.add(new HashMap<>());
      }
      for (int i = 0; i < before + 30; i++) {
        LocalDate day = MONDAY.plusDays(i);
        DayDrift drift = new DayDrift(day, DriftSettings.standard());
        for (int model = 0; model < 20; model++) {
          DayValues today = latencies(size, 1);
          Map<LocalDate, DayValues> days = models.get(model);
          for (DriftReference reference : i < before ? List.<DriftReference>of() : references) {
            drift.compare(subject(model), reference, before(days, reference, day), today);
          }
          days.put(day, today);
        }
        alerts += (int) drift.records().stream().filter(DriftRecord::alert).count();
      }
    }
    System.out.printf(
        "20 models × 30 quiet days of %d, %s: %.1f alerts a month%n",
        size, season ? "weekdays" : "week", (double) alerts / months);
    assertThat((double) alerts / months).isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"100, 200, 1, 45", "1000, 60, 0.5, 16", "20000, 40, 0.25, 4.75"})
  @DisplayName("the smallest median shift that is found on 80 % of days")
  void shifts_areFound(int size, int days, double step, double atMost) {
    List<FeatureValues> references = new ArrayList<>();
    List<double[]> current = new ArrayList<>();
    for (int i = 0; i < days; i++) {
      references.add(latencies(7 * size, 1).values());
      current.add(lognormal(size));
    }
    List<Double> found = new ArrayList<>();
    for (Predicate<DriftComparison> rule : RULES) {
      double shift = 0;
      while (share(references, current, 1 + shift / 100, rule) < 0.8) {
        shift += step;
        assertThat(shift).isLessThan(100);
      }
      found.add(shift);
    }
    System.out.printf(
        "| %d / %d | +%.2f %% | +%.2f %% | +%.2f %% |%n",
        size, 7 * size, found.get(0), found.get(1), found.get(2));
    assertThat(found.get(0)).isLessThanOrEqualTo(atMost);
    if (size == 20_000) {
      assertThat(found.get(0)).isLessThan(5);
    }
  }

  @Test
  @DisplayName("1 % a day for 60 days: the week never sees it, a baseline between day 20 and 32")
  void slowDrift_isFoundAgainstABaseline() {
    Deque<DayValues> week = new ArrayDeque<>();
    for (int day = 0; day < 7; day++) {
      week.addLast(latencies(1_000, 1));
    }
    DayValues pinned = merged(week);
    DriftReference baseline = DriftReference.baseline("release-3");
    int first = 0;
    int firstOfWeek = 0;
    double largest = 0;
    // By rule, naive and Evidently's, and by reference, the week and the baseline.
    int[][] others = new int[2][2];
    for (int day = 1; day <= 60; day++) {
      DayValues today = latencies(1_000, Math.pow(1.01, day));
      DayValues before = merged(week);
      DayDrift drift = new DayDrift(MONDAY.plusDays(day), DriftSettings.standard());
      drift.compare(LATENCY, DriftReference.WEEK, before, today);
      drift.compare(LATENCY, baseline, pinned, today);
      for (DriftRecord record : drift.records()) {
        if (record.reference().equals(baseline)) {
          first = first == 0 && record.alert() ? day : first;
        } else {
          firstOfWeek = firstOfWeek == 0 && record.alert() ? day : firstOfWeek;
          Double psi = record.psi();
          largest = Math.max(largest, psi == null ? 0 : psi);
        }
      }
      for (int rule = 0; rule < 2; rule++) {
        List<DayValues> references = List.of(before, pinned);
        for (int i = 0; i < 2; i++) {
          DriftComparison comparison =
              DriftComparison.of(LATENCY, references.get(i).values(), today.values()).orElseThrow();
          if (others[rule][i] == 0 && RULES.get(rule + 1).test(comparison)) {
            others[rule][i] = day;
          }
        }
      }
      week.removeFirst();
      week.addLast(today);
    }
    System.out.printf(
        "creep of 1 %% a day: largest index against the week %.3f; first alarm (0: none)%n",
        largest);
    System.out.printf("| the week | %d | %d | %d |%n", firstOfWeek, others[0][0], others[1][0]);
    System.out.printf("| a baseline | %d | %d | %d |%n", first, others[0][1], others[1][1]);
    assertThat(largest).isLessThan(0.05);
    assertThat(first).isBetween(20, 32);
  }

  @Test
  @DisplayName("weekends with median × 0.7 and volume × 0.4")
  void weekends_alertAgainstTheWeek_notAgainstWeekdays() {
    int weekends = 0;
    int ofWeek = 0;
    int alerts = 0;
    int weekdayAlerts = 0;
    for (int model = 0; model < 5; model++) {
      Map<LocalDate, DayValues> days = new HashMap<>();
      for (LocalDate day = MONDAY; day.isBefore(MONDAY.plusDays(84)); day = day.plusDays(1)) {
        boolean weekend = day.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) >= 0;
        DayValues today = latencies(weekend ? 400 : 1_000, weekend ? 0.7 : 1);
        days.put(day, today);
        if (day.isBefore(MONDAY.plusDays(28))) {
          continue;
        }
        DayDrift alone = new DayDrift(day, DriftSettings.standard());
        alone.compare(LATENCY, DriftReference.WEEK, before(days, DriftReference.WEEK, day), today);
        DayDrift both = new DayDrift(day, DriftSettings.standard());
        for (DriftReference reference : List.of(DriftReference.WEEK, DriftReference.WEEKDAYS)) {
          both.compare(LATENCY, reference, before(days, reference, day), today);
        }
        boolean alarm = both.records().stream().anyMatch(DriftRecord::alert);
        if (weekend) {
          weekends++;
          ofWeek += alone.records().get(0).alert() ? 1 : 0;
          alerts += alarm ? 1 : 0;
        } else {
          weekdayAlerts += alarm ? 1 : 0;
        }
      }
    }
    System.out.printf(
        "weekends: %.0f %% of days alarm against the week, %.0f %% with weekdays; of other days"
            + " %d%n",
        percent(ofWeek, weekends), percent(alerts, weekends), weekdayAlerts);
    assertThat(percent(ofWeek, weekends)).isGreaterThan(90);
    assertThat(percent(alerts, weekends)).isLessThanOrEqualTo(4);
    assertThat(weekdayAlerts).isLessThanOrEqualTo(8);
  }

  /** On which share of days a shift is found. */
  private static double share(
      List<FeatureValues> references,
      List<double[]> current,
      double factor,
      Predicate<DriftComparison> rule) {
    int found = 0;
    for (int i = 0; i < current.size(); i++) {
      FeatureValues day =
          FeatureValues.ofLatencies(CountedValues.of(rounded(current.get(i), factor)));
      if (rule.test(DriftComparison.of(LATENCY, references.get(i), day).orElseThrow())) {
        found++;
      }
    }
    return (double) found / current.size();
  }

  private static boolean isAlarm(DriftComparison comparison) {
    return DriftGate.standard().verdict(comparison.evidence()) == DriftVerdict.SIGNIFICANT;
  }

  private static boolean isAlarmOfTheNaiveRule(DriftComparison comparison) {
    return comparison.psi().index() > NAIVE;
  }

  /**
   * Evidently's defaults: up to 1 000 values of the reference a test at 5 %, above that a distance
   * of 0.1.
   */
  private static boolean isAlarmOfEvidently(DriftComparison comparison) {
    FeatureValues reference = comparison.reference();
    FeatureValues current = comparison.current();
    boolean small = reference.total() <= 1_000;
    if (comparison.isOfNumbers() && comparison.reference().numbers().distinct() > 5) {
      return small
          ? KolmogorovSmirnov.of(reference.numbers(), current.numbers()).pValue() < 0.05
          : WassersteinDistance.between(reference.numbers(), current.numbers()).normed().orElse(0)
              >= 0.1;
    }
    return small
        ? ChiSquared.of(bins(reference), bins(current)).pValue() < 0.05
        : comparison.psi().jensenShannonDistance() >= 0.1;
  }

  private static Map<String, Long> bins(FeatureValues values) {
    Map<String, Long> bins = new HashMap<>(values.texts());
    for (int i = 0; i < values.numbers().distinct(); i++) {
      bins.put("n" + values.numbers().value(i), values.numbers().count(i));
    }
    return bins;
  }

  private FeatureValues values(String kind, int size, double factor) {
    if (kind.equals("latency")) {
      return latencies(size, factor).values();
    }
    FeatureValues.Builder values = FeatureValues.builder();
    double[] zipf =
        kind.startsWith("Zipf") ? zipf(Integer.parseInt(kind.substring(5))) : new double[0];
    ToIntFunction<Random> draw =
        switch (kind) {
          case "risk 60/30/10" -> one -> ranked(one, 0.6, 0.9, 1);
          case "0/1 at 1 %" -> one -> one.nextDouble() < 0.01 ? 1 : 0;
          case "3 + 20 rare" ->
              one -> one.nextDouble() < 0.02 ? 3 + one.nextInt(20) : ranked(one, 0.5, 0.8, 1);
          case "300 even texts" -> one -> one.nextInt(300);
          default -> one -> ranked(one, zipf);
        };
    boolean numbers = kind.startsWith("0/1");
    for (int i = 0; i < size; i++) {
      int value = draw.applyAsInt(random);
      values.add(numbers ? (Object) value : "text-" + value, 1);
    }
    return values.build();
  }

  private static int ranked(Random random, double... cumulative) {
    double drawn = random.nextDouble();
    int rank = 0;
    while (rank < cumulative.length - 1 && drawn >= cumulative[rank]) {
      rank++;
    }
    return rank;
  }

  private static double[] zipf(int size) {
    double[] cumulative = new double[size];
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += 1.0 / (i + 1);
      cumulative[i] = sum;
    }
    for (int i = 0; i < size; i++) {
      cumulative[i] /= sum;
    }
    return cumulative;
  }

  private DayValues latencies(int size, double factor) {
    return DayValues.ofDay(
        FeatureValues.ofLatencies(CountedValues.of(rounded(lognormal(size), factor))), size);
  }

  private double[] lognormal(int size) {
    double[] latencies = new double[size];
    for (int i = 0; i < size; i++) {
      latencies[i] = 800 * Math.exp(0.6 * random.nextGaussian());
    }
    return latencies;
  }

  private static int[] rounded(double[] latencies, double factor) {
    int[] rounded = new int[latencies.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (int) Math.round(factor * latencies[i]);
    }
    return rounded;
  }

  private static DayValues before(
      Map<LocalDate, DayValues> days, DriftReference reference, LocalDate day) {
    return reference.before(day).stream()
        .map(one -> days.getOrDefault(one, DayValues.none()))
        .reduce(DayValues.none(), DayValues::merge);
  }

  private static DayValues merged(Iterable<DayValues> days) {
    DayValues merged = DayValues.none();
    for (DayValues day : days) {
      merged = merged.merge(day);
    }
    return merged;
  }

  private static DriftSubject subject(int model) {
    return new DriftSubject(OrgScope.all(), "m-" + model, DriftRecord.LATENCY);
  }

  private static double percent(int some, int all) {
    return 100.0 * some / all;
  }
}

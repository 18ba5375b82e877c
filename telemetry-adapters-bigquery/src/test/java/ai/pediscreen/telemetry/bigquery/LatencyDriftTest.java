package ai.pediscreen.telemetry.bigquery;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.drift.Binning;
import ai.pediscreen.telemetry.drift.CountedValues;
import ai.pediscreen.telemetry.drift.IntervalBin;
import ai.pediscreen.telemetry.drift.PopulationStabilityIndex;
import ai.pediscreen.telemetry.drift.PsiResult;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.usage.UsageQueries;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The index that GoogleSQL computes is the one that {@link PopulationStabilityIndex} computes. */
@RunsGoogleSql
class LatencyDriftTest {

  private static final LocalDate DAY = LocalDate.parse("2026-03-10");
  private static final Instant MIDNIGHT = Instant.parse("2026-03-10T00:00:00Z");
  private static final double RELATIVE = 1e-12;

  private static final List<Binning> BINNINGS =
      Stream.of(1, 2, 3, 7, 10, 25)
          .flatMap(buckets -> Stream.of(Binning.seed(buckets), Binning.referenceQuantiles(buckets)))
          .toList();

  private final Evaluator evaluator = new Evaluator();
  private final ExportedEvents store = new ExportedEvents(evaluator);
  private final LatencyDrift drift = new LatencyDrift(evaluator, Evaluator.SETTINGS);

  @AfterEach
  void close() {
    evaluator.close();
  }

  @Test
  void index_isTheOneOfCore_whenLatenciesAreRandom() {
    long seed = Long.getLong("telemetry.test.seed", ThreadLocalRandom.current().nextLong());
    Random random = new Random(seed);
    Map<String, IntUnaryOperator> latencies = new TreeMap<>(UsageQueries.BY_CODE_POINT);
    latencies.put("spread", day -> (int) Math.exp(6 + random.nextGaussian()));
    latencies.put(
        "slower", day -> (int) (Math.exp(6 + random.nextGaussian()) * (day == 0 ? 3 : 1)));
    latencies.put("few values", day -> random.nextInt(4));
    // Where gaps are wide, edges show how they were rounded.
    for (String model : List.of("wide", "also wide", "wide too", "as wide")) {
      latencies.put(model, day -> random.nextInt(86_400_001));
    }
    latencies.put("constant", day -> 777);
    latencies.put("constant, then another", day -> day == 0 ? 800 : 777);
    latencies.put("far apart", day -> random.nextBoolean() ? 0 : 86_400_000);
    latencies.put("\uff5e", day -> random.nextInt(50) * 10);
    latencies.put("🙂", day -> 1_000 - day + random.nextInt(3));
    List<TelemetryEvent> events = new ArrayList<>();
    latencies.forEach(
        (model, latency) -> {
          int count = 60 + random.nextInt(200);
          for (int i = 0; i < count; i++) {
            int day = random.nextInt(10) - 1;
            Instant at =
                MIDNIGHT
                    .minus(day, ChronoUnit.DAYS)
                    .plusMillis(random.nextInt((int) Duration.ofDays(1).toMillis()));
            events.add(
                event(model + i)
                    .at(at)
                    .model(random.nextInt(20) == 0 ? null : model)
                    .org(Arrays.<@Nullable String>asList(null, "a", "b").get(random.nextInt(3)))
                    .latency(random.nextInt(20) == 0 ? null : (Long) (long) latency.applyAsInt(day))
                    .build());
          }
        });
    store.append(OrgPermission.all(), events);

    for (Binning binning : BINNINGS) {
      for (OrgFilter org : List.of(OrgFilter.all(), OrgFilter.of("a"), OrgFilter.of("nobody"))) {
        assertSame("telemetry.test.seed=" + seed, events, org, binning);
      }
    }
  }

  @Test
  void days_areHalfOpen_whenEventsLieOnTheirEdges() {
    Instant weekBefore = MIDNIGHT.minus(7, ChronoUnit.DAYS);
    Instant dayAfter = MIDNIGHT.plus(1, ChronoUnit.DAYS);
    List<TelemetryEvent> events = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      events.add(timed("too early " + i, weekBefore.minusNanos(1_000), 900L));
      events.add(timed("first " + i, weekBefore, 2L * i));
      events.add(timed("before " + i, MIDNIGHT.minusNanos(1_000), 1L + i));
      events.add(timed("on " + i, MIDNIGHT, 5L + i));
      events.add(timed("too late " + i, dayAfter, 900L));
    }
    store.append(OrgPermission.all(), events);

    assertSame("edges", events, OrgFilter.all(), Binning.seed(10));
    PsiResult<IntervalBin> result =
        requireNonNull(
            drift
                .of(OrgFilter.all(), DAY, DriftReference.WEEK, PopulationStabilityIndex.standard())
                .get("m"));
    assertThat(result.referenceCount()).isEqualTo(20);
    assertThat(result.currentCount()).isEqualTo(10);
  }

  @Test
  void models_areSkipped_whenEitherSideHasUnderTenValues() {
    List<TelemetryEvent> events = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Instant before = MIDNIGHT.minusSeconds(1);
      events.add(event("a" + i).at(before).model("enough").latency(1L).build());
      events.add(event("b" + i).at(MIDNIGHT).model("enough").latency(1L).build());
      events.add(event("c" + i).at(before).model("nine now").latency(1L).build());
      events.add(event("d" + i).at(MIDNIGHT).model("nine before").latency(1L).build());
      if (i < 9) {
        events.add(event("e" + i).at(MIDNIGHT).model("nine now").latency(1L).build());
        events.add(event("f" + i).at(before).model("nine before").latency(1L).build());
      }
    }
    store.append(OrgPermission.all(), events);

    assertThat(
            drift.of(
                OrgFilter.all(), DAY, DriftReference.WEEK, PopulationStabilityIndex.standard()))
        .containsOnlyKeys("enough");
  }

  @Test
  void otherBinnings_areRefused() {
    assertThatThrownBy(
            () ->
                drift.of(
                    OrgFilter.all(),
                    DAY,
                    DriftReference.WEEK,
                    PopulationStabilityIndex.standard().withBinning(Binning.equalWidth(10))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("binning must be SEED or REFERENCE_QUANTILES but is EQUAL_WIDTH(10)");
  }

  @Test
  void weekdaysReference_isTheSameDayOfFourWeeks_ifThreeHaveLatencies() {
    List<TelemetryEvent> events = new ArrayList<>();
    for (int week = 0; week < 6; week++) {
      for (int day = 0; day < 7; day++) {
        Instant at = MIDNIGHT.minus(7L * week + day, ChronoUnit.DAYS);
        for (int i = 0; i < 12; i++) {
          String id = week + "-" + day + "-" + i;
          events.add(event("a" + id).at(at).model("daily").latency(10L * day + i).build());
          if (week != 2) {
            events.add(event("b" + id).at(at).model("one outage").latency(10L * day + i).build());
          }
          if (week != 2 && week != 4) {
            events.add(event("c" + id).at(at).model("two outages").latency(10L * day + i).build());
          }
        }
      }
    }
    store.append(OrgPermission.all(), events);

    Map<String, PsiResult<IntervalBin>> results =
        drift.of(
            OrgFilter.all(), DAY, DriftReference.WEEKDAYS, PopulationStabilityIndex.standard());
    assertThat(results).containsOnlyKeys("daily", "one outage");
    PsiResult<IntervalBin> daily = requireNonNull(results.get("daily"));
    assertThat(daily.referenceCount()).isEqualTo(4 * 12);
    assertThat(daily.currentCount()).isEqualTo(12);
    assertThat(daily.index()).isCloseTo(0, within(1e-9));
    assertThat(requireNonNull(results.get("one outage")).referenceCount()).isEqualTo(3 * 12);
  }

  @Test
  void baselineDays_areTheOnlyReference() {
    List<TelemetryEvent> events = new ArrayList<>();
    for (int daysBefore : new int[] {61, 60, 59, 58, 3, 0}) {
      for (int i = 0; i < 10; i++) {
        events.add(
            timed(
                daysBefore + "-" + i,
                MIDNIGHT.minus(daysBefore, ChronoUnit.DAYS).plusSeconds(i),
                i));
      }
    }
    store.append(OrgPermission.all(), events);

    PsiResult<IntervalBin> result =
        requireNonNull(
            drift
                .of(
                    OrgFilter.all(),
                    DAY,
                    DAY.minusDays(60),
                    DAY.minusDays(59),
                    PopulationStabilityIndex.standard())
                .get("m"));
    assertThat(result.referenceCount()).isEqualTo(20);
    assertThat(result.currentCount()).isEqualTo(10);
  }

  @Test
  void referencesThatHaveNoDays_areRefused() {
    PopulationStabilityIndex index = PopulationStabilityIndex.standard();
    assertThatThrownBy(
            () -> drift.of(OrgFilter.all(), DAY, DriftReference.baseline("release-3"), index))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("reference must be week or weekdays; for a baseline give its days");
    assertThatThrownBy(() -> drift.of(OrgFilter.all(), DAY, DAY.minusDays(1), DAY, index))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2026-03-09 and 2026-03-10");
  }

  private static TelemetryEvent timed(String eventId, Instant at, long latencyMillis) {
    return event(eventId).at(at).model("m").latency(latencyMillis).build();
  }

  private void assertSame(
      String label, List<TelemetryEvent> events, OrgFilter org, Binning binning) {
    PopulationStabilityIndex index = PopulationStabilityIndex.standard().withBinning(binning);
    Map<String, PsiResult<IntervalBin>> actual = drift.of(org, DAY, DriftReference.WEEK, index);
    Map<String, PsiResult<IntervalBin>> expected = expected(events, org, index);
    assertThat(List.copyOf(actual.keySet())).as(label).isEqualTo(List.copyOf(expected.keySet()));
    expected.forEach(
        (model, result) -> {
          String about = "%s, %s, %s, %s".formatted(label, org, binning, model);
          assertSame(about, requireNonNull(actual.get(model), about), result);
        });
  }

  private static void assertSame(
      String label, PsiResult<IntervalBin> actual, PsiResult<IntervalBin> expected) {
    assertThat(actual.index())
        .as(label)
        .isCloseTo(expected.index(), within(RELATIVE * Math.max(1e-3, expected.index())));
    assertThat(actual.bins()).as(label).hasSameSizeAs(expected.bins());
    for (int i = 0; i < expected.bins().size(); i++) {
      IntervalBin bin = actual.bins().get(i);
      IntervalBin other = expected.bins().get(i);
      assertThat(bin.lower()).as(label).isEqualTo(other.lower());
      assertThat(bin.upper()).as(label).isEqualTo(other.upper());
      assertThat(bin.referenceCount()).as(label).isEqualTo(other.referenceCount());
      assertThat(bin.currentCount()).as(label).isEqualTo(other.currentCount());
      assertThat(bin.referenceShare()).as(label).isEqualTo(other.referenceShare());
      assertThat(bin.currentShare()).as(label).isEqualTo(other.currentShare());
    }
    assertThat(actual.binning()).as(label).isEqualTo(expected.binning());
    assertThat(actual.criticalValue()).as(label).isEqualTo(expected.criticalValue());
    assertThat(actual.verdict()).as(label).isEqualTo(expected.verdict());
    assertThat(actual.referenceCount()).as(label).isEqualTo(expected.referenceCount());
    assertThat(actual.currentCount()).as(label).isEqualTo(expected.currentCount());
  }

  private static Map<String, PsiResult<IntervalBin>> expected(
      List<TelemetryEvent> events, OrgFilter org, PopulationStabilityIndex index) {
    TreeSet<String> models = new TreeSet<>(UsageQueries.BY_CODE_POINT);
    events.stream().flatMap(event -> Stream.ofNullable(event.modelId())).forEach(models::add);
    Map<String, PsiResult<IntervalBin>> results = new TreeMap<>(UsageQueries.BY_CODE_POINT);
    for (String model : models) {
      CountedValues reference = latencies(events, org, model, DAY.minusDays(7), DAY);
      CountedValues current = latencies(events, org, model, DAY, DAY.plusDays(1));
      if (reference.total() >= 10 && current.total() >= 10) {
        results.put(model, index.compare(reference, current));
      }
    }
    return results;
  }

  private static CountedValues latencies(
      List<TelemetryEvent> events, OrgFilter org, String model, LocalDate from, LocalDate until) {
    return CountedValues.of(
        events.stream()
            .filter(event -> org.includes(event.orgId()) && model.equals(event.modelId()))
            .filter(event -> !event.day().isBefore(from) && event.day().isBefore(until))
            .flatMap(event -> Stream.ofNullable(event.response().latencyMillis()))
            .mapToLong(Long::longValue)
            .toArray());
  }
}

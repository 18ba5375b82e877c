package ai.pediscreen.telemetry.daily;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.pediscreen.telemetry.drift.StraightforwardPsi;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.Tokens;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Slow, obvious aggregates: every figure is taken from the raw events anew, those of the seven days
 * before included, with nothing of the code it judges.
 */
public final class DailyOracle {

  private static final double RELATIVE = 1e-12;

  /** Pointers of features that random events have, and how one reads them by hand. */
  private static final Map<String, Function<TelemetryEvent, @Nullable Object>> FEATURES =
      Map.of(
          "/response/confidence",
          event -> event.response().additional().get("confidence"),
          "/response/risk_level",
          event -> event.response().additional().get("risk_level"),
          "/findings/1/a~1b",
          event ->
              event.additional().get("findings") instanceof List<?> list
                      && list.get(1) instanceof Map<?, ?> finding
                  ? finding.get("a/b")
                  : null);

  /** What a store has to watch for {@link #assertSameDrift}. */
  static final List<DriftFeature> DRIFT_FEATURES =
      FEATURES.keySet().stream().map(DriftFeature::new).toList();

  private final List<TelemetryEvent> events;

  /**
   * @param appended all events in the order in which a store was given them, duplicates included
   */
  public DailyOracle(Collection<TelemetryEvent> appended) {
    Map<List<@Nullable String>, TelemetryEvent> known = new LinkedHashMap<>();
    for (TelemetryEvent event : appended) {
      known.putIfAbsent(Arrays.asList(event.orgId(), event.eventId()), event);
    }
    this.events = List.copyOf(known.values());
  }

  /** Asserts that figures are what their days come to, for all organisations and for each. */
  public void assertSame(DailyFigures figures, LocalDate from, LocalDate to) {
    assertSame(figures::aggregates, from, to);
  }

  /** The same of whatever answers with aggregates. */
  public void assertSame(
      Function<DayFilter, List<DailyAggregate>> answers, LocalDate from, LocalDate to) {
    TreeSet<String> orgs = new TreeSet<>();
    events.stream().map(TelemetryEvent::orgId).filter(Objects::nonNull).forEach(orgs::add);
    assertSame(answers, OrgFilter.all(), from, to);
    orgs.forEach(org -> assertSame(answers, OrgFilter.of(org), from, to));
  }

  private void assertSame(
      Function<DayFilter, List<DailyAggregate>> answers,
      OrgFilter org,
      LocalDate from,
      LocalDate to) {
    List<DailyAggregate> actual = answers.apply(new DayFilter(org, null, from, to));
    int next = 0;
    for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
      LocalDate date = day;
      List<String> models =
          events.stream()
              .filter(event -> event.day().equals(date) && org.includes(event.orgId()))
              .flatMap(event -> Stream.ofNullable(event.modelId()))
              .distinct()
              .sorted(DailyOracle::byUtf8)
              .toList();
      for (String model : models) {
        String label = date + ", " + org + ", " + model;
        assertThat(actual).as(label).hasSizeGreaterThan(next);
        assertSame(label, actual.get(next++), date, org, model);
      }
    }
    assertThat(actual).as("%s, %s to %s", org, from, to).hasSize(next);
  }

  private void assertSame(
      String label, DailyAggregate actual, LocalDate date, OrgFilter org, String model) {
    List<TelemetryEvent> own =
        events.stream()
            .filter(event -> event.day().equals(date))
            .filter(event -> org.includes(event.orgId()) && model.equals(event.modelId()))
            .toList();
    long[] current = latencies(own.stream());
    long[] reference =
        latencies(
            events.stream()
                .filter(event -> event.day().isBefore(date))
                .filter(event -> !event.day().isBefore(date.minusDays(7)))
                .filter(event -> org.includes(event.orgId()) && model.equals(event.modelId())));
    assertThat(actual.date()).as("%s: date", label).isEqualTo(date);
    assertThat(actual.org()).as("%s: org", label).isEqualTo(org.scope());
    assertThat(actual.modelId()).as("%s: modelId", label).isEqualTo(model);
    assertThat(actual.calls()).as("%s: calls", label).isEqualTo(own.size());
    assertThat(actual.fallbacks())
        .as("%s: fallbacks", label)
        .isEqualTo(own.stream().filter(event -> event.response().fallbackTo() != null).count());
    assertThat(actual.errorPercent())
        .as("%s: errorPercent", label)
        .isEqualByComparingTo(
            BigDecimal.valueOf(100 * own.stream().filter(TelemetryEvent::isError).count())
                .divide(BigDecimal.valueOf(own.size()), 6, RoundingMode.HALF_UP));
    assertThat(actual.averageLatencyMillis())
        .as("%s: averageLatencyMillis", label)
        .isEqualByComparingTo(
            BigDecimal.valueOf(Arrays.stream(current).sum())
                .divide(BigDecimal.valueOf(Math.max(1, current.length)), 6, RoundingMode.HALF_UP));
    assertThat(actual.costUsd())
        .as("%s: costUsd", label)
        .isEqualByComparingTo(
            own.stream()
                .map(TelemetryEvent::costUsd)
                .flatMap(Stream::ofNullable)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .setScale(6, RoundingMode.HALF_UP));
    assertThat(actual.tokens())
        .as("%s: tokens", label)
        .isEqualTo(own.stream().map(TelemetryEvent::tokens).reduce(Tokens.NONE, Tokens::plus));
    assertThat(actual.unpriced())
        .as("%s: unpriced", label)
        .isEqualTo(own.stream().filter(TelemetryEvent::isUnpriced).count());
    assertThat(actual.p50LatencyMillis())
        .as("%s: p50LatencyMillis", label)
        .isEqualTo(ranked(current, 50));
    assertThat(actual.p95LatencyMillis())
        .as("%s: p95LatencyMillis", label)
        .isEqualTo(ranked(current, 95));
    assertThat(actual.p99LatencyMillis())
        .as("%s: p99LatencyMillis", label)
        .isEqualTo(ranked(current, 99));
    assertThat(actual.referenceCount()).as("%s: referenceCount", label).isEqualTo(reference.length);
    assertThat(actual.currentCount()).as("%s: currentCount", label).isEqualTo(current.length);
    if (reference.length < 10 || current.length < 10) {
      assertThat(actual.psi()).as("%s: psi", label).isNull();
    } else {
      double psi = StraightforwardPsi.index(reference, current, 10);
      assertThat(actual.psi())
          .as("%s: psi", label)
          .isNotNull()
          .isCloseTo(psi, within(RELATIVE * psi));
    }
  }

  /** Asserts that a store holds the drift of all features, of all days. */
  void assertSameDrift(DailyAggregateStore store, LocalDate from, LocalDate to) {
    List<OrgFilter> scopes = new ArrayList<>(List.of(OrgFilter.all()));
    events.stream()
        .flatMap(event -> Stream.ofNullable(event.orgId()))
        .distinct()
        .forEach(org -> scopes.add(OrgFilter.of(org)));
    for (OrgFilter org : scopes) {
      Map<String, Double> expected = new LinkedHashMap<>();
      for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
        addDrift(expected, day, org);
      }
      List<DriftRecord> actual = store.drift(new DayFilter(org, null, from, to), 1_000_000);
      assertThat(actual).isSortedAccordingTo(DriftRecord.NEWEST_FIRST);
      Map<String, Double> found = new LinkedHashMap<>();
      for (DriftRecord one : actual) {
        Double psi = one.psi();
        if (!one.feature().equals("latency_ms") && one.isOfWeek() && psi != null) {
          found.put(
              label(
                  one.date(),
                  one.modelId(),
                  one.feature(),
                  one.referenceCount(),
                  one.currentCount()),
              psi);
        }
      }
      assertThat(found).as("%s", org).containsOnlyKeys(expected.keySet()).isNotEmpty();
      expected.forEach(
          (label, psi) ->
              assertThat(found.get(label))
                  .as("%s, %s", label, org)
                  .isCloseTo(psi, within(RELATIVE * psi)));
    }
  }

  private void addDrift(Map<String, Double> expected, LocalDate day, OrgFilter org) {
    Map<String, List<TelemetryEvent>> byModel = new LinkedHashMap<>();
    for (TelemetryEvent event : events) {
      if (org.includes(event.orgId())
          && event.modelId() != null
          && !event.day().isAfter(day)
          && !event.day().isBefore(day.minusDays(7))) {
        byModel.computeIfAbsent(event.modelId(), model -> new ArrayList<>()).add(event);
      }
    }
    byModel.forEach(
        (model, week) ->
            FEATURES.forEach(
                (feature, read) -> {
                  Values reference = new Values();
                  Values current = new Values();
                  for (TelemetryEvent event : week) {
                    (event.day().equals(day) ? current : reference).add(read.apply(event));
                  }
                  if (reference.size() >= 10 && current.size() >= 10) {
                    expected.put(
                        label(day, model, feature, reference.size(), current.size()),
                        psi(reference, current));
                  }
                }));
  }

  private static String label(
      LocalDate date, String model, String feature, long referenceCount, long currentCount) {
    return "%s %s %s %d:%d".formatted(date, model, feature, referenceCount, currentCount);
  }

  /** Numbers in their buckets, and each text a bin of its own; a bin without values is none. */
  private static double psi(Values reference, Values current) {
    double[] before = reference.numbers();
    double[] now = current.numbers();
    Set<Double> distinct = new TreeSet<>(reference.numbers);
    distinct.addAll(current.numbers);
    if (reference.texts.isEmpty() && current.texts.isEmpty() && distinct.size() > 20) {
      return StraightforwardPsi.index(before, now, 10);
    }
    double[] edges =
        before.length == 0 || now.length == 0
            ? new double[] {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY}
            : distinct.size() <= 20
                ? Stream.concat(distinct.stream(), Stream.of(Double.POSITIVE_INFINITY))
                    .mapToDouble(Double::doubleValue)
                    .toArray()
                : StraightforwardPsi.edges(before, now, 10);
    List<Object> p = reference.bins(edges);
    List<Object> q = current.bins(edges);
    Set<Object> bins = new HashSet<>(p);
    bins.addAll(q);
    double index = 0;
    for (Object bin : bins) {
      double a = share(p, bin, bins.size());
      double b = share(q, bin, bins.size());
      index += (a - b) * Math.log(a / b);
    }
    return index;
  }

  private static double share(List<Object> sample, Object bin, int bins) {
    long count = sample.stream().filter(bin::equals).count();
    return (count + 1e-6) / (sample.size() + 1e-6 * bins);
  }

  /** The values of a feature, one by one. */
  private static final class Values {
    private final List<Double> numbers = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();

    void add(@Nullable Object value) {
      if (value instanceof Number number) {
        numbers.add(
            Double.valueOf(String.format(Locale.ROOT, "%.3e", new BigDecimal(number.toString()))));
      } else if (value instanceof String || value instanceof Boolean) {
        texts.add(value.toString());
      }
    }

    int size() {
      return numbers.size() + texts.size();
    }

    double[] numbers() {
      return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    List<Object> bins(double[] edges) {
      List<Object> bins = new ArrayList<>(texts);
      numbers.forEach(number -> bins.add(StraightforwardPsi.bin(edges, number)));
      return bins;
    }
  }

  /** An event at a random time of a day, by a few models and organisations and by none. */
  public static TelemetryEvent random(Random random, String id, LocalDate day) {
    String[] orgs = {"org-a", "Klinik Würzburg", ""};
    String[] models = {"m-1", "m-2", "\uD83D\uDE42", "\uFB00", ""};
    String org = orgs[random.nextInt(orgs.length)];
    String model = models[random.nextInt(models.length)];
    return event(id)
        .at(day.atStartOfDay(ZoneOffset.UTC).toInstant().plusMillis(random.nextInt(24 * 3_600_000)))
        .org(org.isEmpty() ? null : org)
        .model(model.isEmpty() ? null : model)
        .latency(random.nextInt(8) == 0 ? null : (long) Math.exp(5 + random.nextGaussian()))
        .status(random.nextInt(10) == 0 ? 500 : 200)
        .fallbackTo(random.nextInt(10) == 0 ? "rules" : null)
        .cost(random.nextInt(3) == 0 ? null : "0." + random.nextInt(1_000_000_000))
        .asks("input_tokens", random.nextInt(4) == 0 ? null : random.nextInt(200_000))
        .asks("cache_read_input_tokens", random.nextInt(100))
        .says("output_tokens", random.nextInt(3_000))
        .says("confidence", confidence(random))
        .says("risk_level", riskLevel(random, day))
        .with("findings", findings(random, day))
        .build();
  }

  /** Numbers in all the types that decoded JSON may have them in, and of all magnitudes. */
  private static @Nullable Object confidence(Random random) {
    double value = random.nextGaussian() * Math.pow(10, random.nextInt(9) - 4);
    return switch (random.nextInt(12)) {
      case 0 -> null;
      case 1 -> List.of(value);
      case 2 -> 0;
      case 3 -> random.nextInt(200_000);
      case 4 -> random.nextLong();
      case 5 -> new BigDecimal("0.99995");
      case 6 -> new BigDecimal("-1234.5").movePointRight(random.nextInt(400) - 200);
      case 7 -> BigDecimal.valueOf(value).toBigInteger();
      default -> value;
    };
  }

  private static @Nullable Object riskLevel(Random random, LocalDate day) {
    String[] levels = {"low", "medium", "high", "", "\uD83D\uDE42", "n1", "other"};
    int level = random.nextInt(levels.length + 2);
    return level == levels.length + 1
        ? Map.of("level", "low")
        : level == levels.length
            ? null
            : levels[day.getDayOfMonth() % 4 == 0 ? Math.min(level, 2) : level];
  }

  /** Booleans on some days, numbers on others, texts among them; sometimes nothing to point at. */
  private static @Nullable Object findings(Random random, LocalDate day) {
    Object value =
        switch (random.nextInt(8)) {
          case 0 -> "not seen";
          case 1 -> Map.of();
          default -> day.getDayOfMonth() % 3 == 0 ? random.nextBoolean() : random.nextInt(1_000);
        };
    return random.nextInt(6) == 0
        ? "none"
        : List.of("a", random.nextInt(9) == 0 ? "b" : Map.of("a/b", value, "c", 1));
  }

  private static long[] latencies(Stream<TelemetryEvent> events) {
    return events
        .flatMap(event -> Stream.ofNullable(event.response().latencyMillis()))
        .mapToLong(Long::longValue)
        .sorted()
        .toArray();
  }

  private static long ranked(long[] sorted, int percent) {
    return sorted.length == 0
        ? 0
        : sorted[(int) Math.ceil(sorted.length * (percent / 100.0) - 1e-9) - 1];
  }

  private static int byUtf8(String a, String b) {
    return Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));
  }
}

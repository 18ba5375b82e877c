package ai.pediscreen.telemetry.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.Tokens;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Slow, obvious answers to what {@link UsageQueries} answers, taken from the events alone: every
 * question sorts and counts them anew, with nothing of the code it judges. Percentiles are the
 * exact rank values.
 *
 * <p>Figures have the contract's meaning and names close to it, so that they serve for the port and
 * for HTTP alike. Immutable and thread-safe.
 */
public final class UsageOracle {

  /** The order of texts: UTF-8 sorts bytewise as code points do. */
  private static final Comparator<String> TEXTS =
      (a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));

  private static final Comparator<TelemetryEvent> NEWEST_FIRST =
      Comparator.comparing(TelemetryEvent::timestamp)
          .reversed()
          .thenComparing(TelemetryEvent::eventId, TEXTS)
          .thenComparing(TelemetryEvent::orgId, Comparator.nullsFirst(TEXTS));

  private final List<TelemetryEvent> events;

  /**
   * @param appended all events in the order in which a store was given them, duplicates included
   */
  public UsageOracle(Collection<TelemetryEvent> appended) {
    Map<List<@Nullable String>, TelemetryEvent> known = new LinkedHashMap<>();
    for (TelemetryEvent event : appended) {
      known.putIfAbsent(Arrays.asList(event.orgId(), event.eventId()), event);
    }
    this.events = List.copyOf(known.values());
  }

  /**
   * What is asked about.
   *
   * @param orgId one organisation, or null for all events
   * @param modelId one model, or null for all events
   * @param since first instant of the window
   * @param until last instant of the window
   */
  public record Question(
      @Nullable String orgId, @Nullable String modelId, Instant since, Instant until) {

    /**
     * All events of a range.
     *
     * @param range {@code 1h 24h 7d 30d 90d}
     */
    public static Question last(String range, Instant now) {
      return new Question(null, null, UsageOracle.since(range, now), now);
    }

    public Question org(@Nullable String value) {
      return new Question(value, modelId, since, until);
    }

    public Question model(@Nullable String value) {
      return new Question(orgId, value, since, until);
    }

    boolean isAbout(TelemetryEvent event) {
      return (orgId == null || orgId.equals(event.orgId()))
          && (modelId == null || modelId.equals(event.modelId()))
          && event.timestamp().compareTo(since) >= 0
          && event.timestamp().compareTo(until) <= 0;
    }
  }

  /** Where a range's window begins. */
  public static Instant since(String range, Instant now) {
    return switch (range) {
      case "1h" -> now.minus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MINUTES);
      case "24h" -> now.minus(24, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MINUTES);
      case "7d" -> now.minus(7, ChronoUnit.DAYS).truncatedTo(ChronoUnit.HOURS);
      case "30d" -> now.minus(30, ChronoUnit.DAYS).truncatedTo(ChronoUnit.HOURS);
      case "90d" -> now.minus(90, ChronoUnit.DAYS).truncatedTo(ChronoUnit.HOURS);
      default -> throw new IllegalArgumentException("no range " + range);
    };
  }

  /** Figures of the contract's {@code overview}; {@code topModel} is null without any model. */
  public record OverviewFigures(
      boolean activeConnection,
      @Nullable Instant lastUsed,
      long totalRequests,
      long successCount,
      long errorCount,
      long fallbackCount,
      long avgLatencyMillis,
      long p50LatencyMillis,
      long p95LatencyMillis,
      long p99LatencyMillis,
      List<Long> latencyHistogram,
      BigDecimal totalCostUsd,
      Tokens tokens,
      long unpricedCalls,
      long numberOfModels,
      @Nullable String topModel,
      long topModelCalls,
      List<DayFigures> timeseries,
      boolean errorRateAbove1Pct,
      boolean fallbackRateAbove5Pct) {}

  /** One entry of the contract's {@code timeseries}. */
  public record DayFigures(
      LocalDate date, long calls, long errors, long fallbacks, BigDecimal cost, Tokens tokens) {}

  /** One entry of the contract's {@code series}. */
  public record PointFigures(
      Instant time,
      long calls,
      long errors,
      long fallbacks,
      BigDecimal cost,
      Tokens tokens,
      long p50LatencyMillis,
      long p95LatencyMillis,
      long p99LatencyMillis) {}

  /** One entry of the contract's {@code models}. */
  public record ModelFigures(
      @Nullable String modelId,
      @Nullable String provider,
      long calls,
      long avgLatencyMillis,
      long p95LatencyMillis,
      BigDecimal errorRate,
      BigDecimal fallbackRate,
      long fallbackCount,
      BigDecimal costEstimateUsd,
      Tokens tokens,
      long unpricedCalls,
      List<String> adapters,
      Instant lastUsed) {}

  /**
   * Figures of the contract's {@code errors} and {@code fallbacks}.
   *
   * @param newestFirst all of them
   * @param summary count by reason, most frequent first, then by name
   */
  public record CallFigures(
      List<TelemetryEvent> newestFirst, Map<String, Long> summary, long total) {}

  public OverviewFigures overview(Question question) {
    List<TelemetryEvent> found = find(question, event -> true);
    Map<String, Long> calls = new HashMap<>();
    found.stream()
        .map(TelemetryEvent::modelId)
        .filter(Objects::nonNull)
        .forEach(modelId -> calls.merge(modelId, 1L, Long::sum));
    Map<String, Long> ranked = mostFrequentFirst(calls);
    String top = ranked.isEmpty() ? null : ranked.keySet().iterator().next();
    Instant activeFrom = question.until().minus(Duration.ofMinutes(5));
    List<DayFigures> days = new ArrayList<>();
    LocalDate last = question.until().atZone(ZoneOffset.UTC).toLocalDate();
    for (LocalDate day = question.since().atZone(ZoneOffset.UTC).toLocalDate();
        day.compareTo(last) <= 0;
        day = day.plusDays(1)) {
      days.add(day(day, found));
    }
    long errors = count(found, UsageOracle::isError);
    long fallbacks = count(found, UsageOracle::isFallback);
    return new OverviewFigures(
        found.stream().anyMatch(event -> event.timestamp().compareTo(activeFrom) >= 0),
        found.stream().map(TelemetryEvent::timestamp).max(Comparator.naturalOrder()).orElse(null),
        found.size(),
        found.size() - errors,
        errors,
        fallbacks,
        average(found),
        percentile(found, 50),
        percentile(found, 95),
        percentile(found, 99),
        latencyHistogram(found),
        cost(found),
        tokens(found),
        unpriced(found),
        calls.size(),
        top,
        top == null ? 0 : requireNonNull(calls.get(top)),
        days,
        !found.isEmpty() && (double) errors / found.size() > 0.01,
        !found.isEmpty() && (double) fallbacks / found.size() > 0.05);
  }

  /** All models, calls descending, then by id with null first. */
  public List<ModelFigures> models(Question question) {
    Map<@Nullable String, List<TelemetryEvent>> byModel = new HashMap<>();
    for (TelemetryEvent event : find(question, event -> true)) {
      byModel.computeIfAbsent(event.modelId(), key -> new ArrayList<>()).add(event);
    }
    return byModel.values().stream()
        .map(UsageOracle::model)
        .sorted(
            Comparator.comparing(ModelFigures::calls)
                .reversed()
                .thenComparing(ModelFigures::modelId, Comparator.nullsFirst(TEXTS)))
        .toList();
  }

  public CallFigures errors(Question question) {
    List<TelemetryEvent> found = find(question, UsageOracle::isError);
    Map<String, Long> reasons = new HashMap<>();
    for (TelemetryEvent event : found) {
      String name = event.response().errorCode();
      if (name == null) {
        Integer status = event.response().statusCode();
        name = status == null ? "unknown" : "http_" + status;
      }
      reasons.merge(name, 1L, Long::sum);
    }
    return new CallFigures(found, mostFrequentFirst(reasons), found.size());
  }

  public CallFigures fallbacks(Question question) {
    List<TelemetryEvent> found = find(question, UsageOracle::isFallback);
    Map<String, Long> reasons = new HashMap<>();
    for (TelemetryEvent event : found) {
      reasons.merge(requireNonNull(event.response().fallbackTo()), 1L, Long::sum);
    }
    return new CallFigures(found, mostFrequentFirst(reasons), found.size());
  }

  private List<TelemetryEvent> find(Question question, Predicate<TelemetryEvent> wanted) {
    return events.stream().filter(question::isAbout).filter(wanted).sorted(NEWEST_FIRST).toList();
  }

  private static DayFigures day(LocalDate day, List<TelemetryEvent> found) {
    Instant begin = day.atStartOfDay().toInstant(ZoneOffset.UTC);
    Instant end = begin.plus(1, ChronoUnit.DAYS);
    List<TelemetryEvent> ofDay =
        found.stream()
            .filter(e -> !e.timestamp().isBefore(begin) && e.timestamp().isBefore(end))
            .toList();
    return new DayFigures(
        day,
        ofDay.size(),
        count(ofDay, UsageOracle::isError),
        count(ofDay, UsageOracle::isFallback),
        cost(ofDay),
        tokens(ofDay));
  }

  /** Figures of one model's events, newest first. */
  private static ModelFigures model(List<TelemetryEvent> found) {
    String provider = null;
    Instant namedAt = Instant.MIN;
    TreeMap<String, Boolean> adapters = new TreeMap<>(TEXTS);
    for (TelemetryEvent event : found) {
      if (event.model() == null) {
        continue;
      }
      String named = event.model().provider();
      if (named != null
          && (provider == null
              || (event.timestamp().equals(namedAt) && TEXTS.compare(named, provider) > 0))) {
        provider = named;
        namedAt = event.timestamp();
      }
      if (event.model().adapterId() != null) {
        adapters.put(event.model().adapterId(), true);
      }
    }
    long fallbacks = count(found, UsageOracle::isFallback);
    return new ModelFigures(
        found.get(0).modelId(),
        provider,
        found.size(),
        average(found),
        percentile(found, 95),
        percent(count(found, UsageOracle::isError), found.size()),
        percent(fallbacks, found.size()),
        fallbacks,
        cost(found),
        tokens(found),
        unpriced(found),
        List.copyOf(adapters.keySet()),
        found.get(0).timestamp());
  }

  /** What the contract calls {@code series}, in steps of a minute, an hour or a day. */
  public List<PointFigures> series(Question question, ChronoUnit step) {
    Map<Instant, List<TelemetryEvent>> byStep = new HashMap<>();
    for (TelemetryEvent event : find(question, event -> true)) {
      byStep
          .computeIfAbsent(event.timestamp().truncatedTo(step), key -> new ArrayList<>())
          .add(event);
    }
    List<PointFigures> points = new ArrayList<>();
    Instant time = question.since().truncatedTo(step);
    for (; !time.isAfter(question.until()); time = time.plus(1, step)) {
      List<TelemetryEvent> found = byStep.getOrDefault(time, List.of());
      points.add(
          new PointFigures(
              time,
              found.size(),
              count(found, UsageOracle::isError),
              count(found, UsageOracle::isFallback),
              cost(found),
              tokens(found),
              percentile(found, 50),
              percentile(found, 95),
              percentile(found, 99)));
    }
    return points;
  }

  private static boolean isError(TelemetryEvent event) {
    Integer status = event.response().statusCode();
    return status == null || !(200 <= status && status <= 299);
  }

  private static boolean isFallback(TelemetryEvent event) {
    return event.response().fallbackTo() != null;
  }

  private static long count(List<TelemetryEvent> found, Predicate<TelemetryEvent> wanted) {
    return found.stream().filter(wanted).count();
  }

  private static long[] sortedLatencies(List<TelemetryEvent> found) {
    return found.stream()
        .map(event -> event.response().latencyMillis())
        .filter(Objects::nonNull)
        .mapToLong(Long::longValue)
        .sorted()
        .toArray();
  }

  private static long average(List<TelemetryEvent> found) {
    long[] latencies = sortedLatencies(found);
    long sum = Arrays.stream(latencies).sum();
    return latencies.length == 0 ? 0 : (2 * sum + latencies.length) / (2L * latencies.length);
  }

  /** The nearest-rank value: number ⌈n·percent/100⌉ in ascending order; 0 without latencies. */
  private static long percentile(List<TelemetryEvent> found, int percent) {
    long[] latencies = sortedLatencies(found);
    int rank = (latencies.length * percent + 99) / 100;
    return latencies.length == 0 ? 0 : latencies[rank - 1];
  }

  private static List<Long> latencyHistogram(List<TelemetryEvent> found) {
    long[] counts = new long[8];
    for (long latency : sortedLatencies(found)) {
      int bin =
          latency <= 50
              ? 0
              : latency <= 100
                  ? 1
                  : latency <= 250
                      ? 2
                      : latency <= 500
                          ? 3
                          : latency <= 1000 ? 4 : latency <= 2000 ? 5 : latency <= 5000 ? 6 : 7;
      counts[bin]++;
    }
    return Arrays.stream(counts).boxed().toList();
  }

  private static BigDecimal cost(List<TelemetryEvent> found) {
    BigDecimal sum = BigDecimal.ZERO;
    for (TelemetryEvent event : found) {
      if (event.costUsd() != null) {
        sum = sum.add(event.costUsd());
      }
    }
    return sum.setScale(6, RoundingMode.HALF_UP);
  }

  private static Tokens tokens(List<TelemetryEvent> found) {
    long[] sums = new long[5];
    for (TelemetryEvent event : found) {
      long[] own = tokens(event);
      for (int i = 0; i < sums.length; i++) {
        sums[i] += own[i];
      }
    }
    return new Tokens(sums[0], sums[1], sums[2], sums[3], sums[4]);
  }

  /** Random events have whole numbers of a few types, and now and then something else. */
  private static long[] tokens(TelemetryEvent event) {
    return new long[] {
      asked(event, "input_tokens", "prompt_tokens"),
      asked(event, "cache_read_input_tokens", ""),
      asked(event, "cache_creation_input_tokens", ""),
      said(event, "output_tokens", "completion_tokens"),
      said(event, "reasoning_output_tokens", "")
    };
  }

  private static long asked(TelemetryEvent event, String name, String otherName) {
    return event.request() == null
        ? 0
        : event.request().containsKey(name)
            ? whole(event.request().get(name))
            : whole(event.request().get(otherName));
  }

  private static long said(TelemetryEvent event, String name, String otherName) {
    return event.response().additional().containsKey(name)
        ? whole(event.response().additional().get(name))
        : whole(event.response().additional().get(otherName));
  }

  private static long whole(@Nullable Object value) {
    return value instanceof Integer || value instanceof Long || value instanceof BigDecimal
        ? ((Number) value).longValue()
        : 0;
  }

  private static long unpriced(List<TelemetryEvent> found) {
    return count(found, event -> event.costUsd() == null && Arrays.stream(tokens(event)).sum() > 0);
  }

  private static BigDecimal percent(long part, int whole) {
    return new BigDecimal(part * 100).divide(new BigDecimal(whole), 2, RoundingMode.HALF_UP);
  }

  private static Map<String, Long> mostFrequentFirst(Map<String, Long> counts) {
    Map<String, Long> sorted = new LinkedHashMap<>();
    counts.keySet().stream()
        .sorted(
            Comparator.comparing((String name) -> counts.get(name)).reversed().thenComparing(TEXTS))
        .forEach(name -> sorted.put(name, requireNonNull(counts.get(name))));
    return sorted;
  }
}

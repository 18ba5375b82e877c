package ai.pediscreen.telemetry.usage.spi;

import static java.util.Comparator.comparing;
import static java.util.Comparator.nullsFirst;
import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.usage.Call;
import ai.pediscreen.telemetry.usage.CallReport;
import ai.pediscreen.telemetry.usage.ModelUsage;
import ai.pediscreen.telemetry.usage.Overview;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageQueries;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes figures of counts: an adapter adds the tallies and labels of a window, in any order and in
 * any parts, and takes the figures. Keeps one tally for each model and one for each day.
 *
 * <p>Mutable, and not safe for use by several threads at once.
 */
public final class UsageSummary {

  private static final int COST_PLACES = 6;
  private static final int PERCENT_PLACES = 2;

  private final UsageFilter filter;
  private final Map<@Nullable String, UsageTally> byModel = new HashMap<>();
  private final Map<LocalDate, UsageTally> byDay = new HashMap<>();
  private final Map<UsageLabel.Kind, Map<String, Long>> labels = new HashMap<>();
  private final Map<@Nullable String, TreeMap<String, Long>> adapters = new HashMap<>();
  private final Map<@Nullable String, Provider> providers = new HashMap<>();
  private boolean active;

  /** A summary of nothing yet. */
  public UsageSummary(UsageFilter filter) {
    this.filter = filter;
  }

  /**
   * Adds events of one day and one model. Some may lie after the window, if {@link
   * #remove(LocalDate, String, UsageTally)} takes them away again: a newest timestamp after the
   * window is not taken.
   */
  public void add(LocalDate day, @Nullable String modelId, UsageTally tally) {
    UsageTally ofModel = byModel.computeIfAbsent(modelId, key -> new UsageTally());
    ofModel.mergeCounts(tally);
    ofModel.latencies().merge(tally.latencies());
    byDay.computeIfAbsent(day, key -> new UsageTally()).mergeCounts(tally);
    Instant newest = tally.newest();
    if (newest != null) {
      reach(ofModel, newest);
    }
  }

  /**
   * Takes away events of one day and one model that were added and lie after the window. Does
   * nothing if there are none of that model.
   */
  public void remove(LocalDate day, @Nullable String modelId, UsageTally tally) {
    UsageTally ofModel = byModel.get(modelId);
    if (ofModel != null) {
      ofModel.subtract(tally);
      byDay.computeIfAbsent(day, key -> new UsageTally()).subtractCounts(tally);
    }
  }

  /** Says that a model has an event at an instant, which is counted already. */
  public void reach(@Nullable String modelId, Instant instant) {
    reach(byModel.computeIfAbsent(modelId, key -> new UsageTally()), instant);
  }

  private void reach(UsageTally tally, Instant instant) {
    if (!instant.isAfter(filter.window().until())) {
      tally.reach(instant);
      active |= filter.isActive(instant);
    }
  }

  /** Adds latencies of one model whose events are added without them. */
  public void add(@Nullable String modelId, LatencyHistogram latencies) {
    byModel.computeIfAbsent(modelId, key -> new UsageTally()).latencies().merge(latencies);
  }

  /**
   * Adds events of one model that bear a label.
   *
   * @param newest the newest timestamp among those in the window; null if that is not known
   */
  public void add(
      @Nullable String modelId, UsageLabel label, long events, @Nullable Instant newest) {
    labels
        .computeIfAbsent(label.kind(), key -> new HashMap<>())
        .merge(label.name(), events, Long::sum);
    if (label.kind() == UsageLabel.Kind.ADAPTER) {
      adapters
          .computeIfAbsent(modelId, key -> new TreeMap<>(UsageQueries.BY_CODE_POINT))
          .merge(label.name(), events, Long::sum);
    } else if (label.kind() == UsageLabel.Kind.PROVIDER && newest != null) {
      provided(modelId, label.name(), newest);
    }
  }

  /** Takes away events of one model that bear a label, were added, and lie after the window. */
  public void remove(@Nullable String modelId, UsageLabel label, long events) {
    add(modelId, label, -events, null);
  }

  /** Says that an event of a model, which is counted already, names a provider. */
  public void provided(@Nullable String modelId, String provider, Instant instant) {
    if (!instant.isAfter(filter.window().until())) {
      providers.merge(modelId, new Provider(provider, instant), Provider::newer);
    }
  }

  /** All that was added, together. */
  public Overview overview() {
    UsageTally all = new UsageTally();
    byModel.values().forEach(all::merge);
    LatencyHistogram latencies = all.latencies();
    return new Overview(
        active,
        all.newest(),
        all.calls(),
        all.errors(),
        all.fallbacks(),
        average(all),
        latencies.quantile(0.50),
        latencies.quantile(0.95),
        latencies.quantile(0.99),
        latencyCounts(latencies),
        cost(all),
        all.tokens(),
        all.unpriced(),
        (int)
            byModel.entrySet().stream()
                .filter(entry -> entry.getKey() != null && entry.getValue().calls() > 0)
                .count(),
        topModel(),
        days());
  }

  /**
   * Refuses what is no limit of a question.
   *
   * @throws IllegalArgumentException if it is under 1
   */
  public static void requireLimit(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1 but is " + limit);
    }
  }

  /** Each model, as {@link UsageQueries#models} says. */
  public List<ModelUsage> models(int limit) {
    requireLimit(limit);
    return byModel.entrySet().stream()
        .filter(entry -> entry.getValue().calls() > 0)
        .map(entry -> model(entry.getKey(), entry.getValue()))
        .sorted(
            comparing(ModelUsage::calls)
                .reversed()
                .thenComparing(ModelUsage::modelId, nullsFirst(UsageQueries.BY_CODE_POINT)))
        .limit(limit)
        .toList();
  }

  /** The report of errors or fallbacks whose newest calls were found by other means. */
  public CallReport report(UsageLabel.Kind kind, List<Call> newest) {
    Map<String, Long> reasons = new LinkedHashMap<>();
    labels.getOrDefault(kind, Map.of()).entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey(UsageQueries.BY_CODE_POINT)))
        .forEach(entry -> reasons.put(entry.getKey(), entry.getValue()));
    return new CallReport(
        newest, reasons, reasons.values().stream().mapToLong(Long::longValue).sum());
  }

  private ModelUsage model(@Nullable String modelId, UsageTally tally) {
    Provider provider = providers.get(modelId);
    return new ModelUsage(
        modelId,
        provider == null ? null : provider.name(),
        tally.calls(),
        average(tally),
        tally.latencies().quantile(0.95),
        percent(tally.errors(), tally.calls()),
        percent(tally.fallbacks(), tally.calls()),
        tally.fallbacks(),
        cost(tally),
        tally.tokens(),
        tally.unpriced(),
        adapters.getOrDefault(modelId, new TreeMap<>()).entrySet().stream()
            .filter(entry -> entry.getValue() > 0)
            .map(Map.Entry::getKey)
            .toList(),
        requireNonNull(tally.newest(), "a model without events"));
  }

  private Overview.@Nullable TopModel topModel() {
    String top = null;
    long calls = 0;
    for (Map.Entry<@Nullable String, UsageTally> entry : byModel.entrySet()) {
      String modelId = entry.getKey();
      long modelCalls = entry.getValue().calls();
      if (modelId != null
          && modelCalls > 0
          && (top == null
              || modelCalls > calls
              || (modelCalls == calls && UsageQueries.BY_CODE_POINT.compare(modelId, top) < 0))) {
        top = modelId;
        calls = modelCalls;
      }
    }
    return top == null ? null : new Overview.TopModel(top, calls);
  }

  private List<Overview.DayUsage> days() {
    List<Overview.DayUsage> days = new ArrayList<>();
    TimeWindow window = filter.window();
    for (LocalDate day = window.firstDay(); !day.isAfter(window.lastDay()); day = day.plusDays(1)) {
      UsageTally tally = byDay.getOrDefault(day, new UsageTally());
      days.add(
          new Overview.DayUsage(
              day, tally.calls(), tally.errors(), tally.fallbacks(), cost(tally), tally.tokens()));
    }
    return days;
  }

  private static List<Long> latencyCounts(LatencyHistogram latencies) {
    List<Long> counts = new ArrayList<>();
    long below = 0;
    for (int limit : Overview.LATENCY_LIMITS) {
      long upTo = latencies.countUpTo(limit);
      counts.add(upTo - below);
      below = upTo;
    }
    counts.add(latencies.count() - below);
    return counts;
  }

  private static long average(UsageTally tally) {
    long count = tally.latencies().count();
    return count == 0
        ? 0
        : new BigDecimal(BigInteger.valueOf(tally.latencySumMillis()))
            .divide(BigDecimal.valueOf(count), 0, RoundingMode.HALF_UP)
            .longValueExact();
  }

  private static BigDecimal percent(long part, long whole) {
    return BigDecimal.valueOf(part)
        .multiply(BigDecimal.valueOf(100))
        .divide(BigDecimal.valueOf(whole), PERCENT_PLACES, RoundingMode.HALF_UP);
  }

  static BigDecimal cost(UsageTally tally) {
    return tally.costUsd().setScale(COST_PLACES, RoundingMode.HALF_UP);
  }

  /** The provider that a model's newest event names. */
  private record Provider(String name, Instant newest) {

    Provider newer(Provider other) {
      int order = newest.compareTo(other.newest);
      if (order == 0) {
        order = UsageQueries.BY_CODE_POINT.compare(name, other.name);
      }
      return order >= 0 ? this : other;
    }
  }
}

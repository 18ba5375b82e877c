package ai.pediscreen.telemetry.daily;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.pediscreen.telemetry.drift.StraightforwardPsi;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
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

  /** Asserts that a store holds what its days come to, for all organisations and for each. */
  public void assertSame(DailyAggregateStore store, LocalDate from, LocalDate to) {
    assertSame(store::aggregates, from, to);
  }

  /** The same of whatever answers with aggregates. */
  public void assertSame(
      Function<DayFilter, List<DailyAggregate>> answers, LocalDate from, LocalDate to) {
    TreeSet<String> orgs = new TreeSet<>();
    events.stream().map(TelemetryEvent::orgId).filter(Objects::nonNull).forEach(orgs::add);
    assertSame(answers, OrgScope.all(), from, to);
    orgs.forEach(org -> assertSame(answers, OrgScope.of(org), from, to));
  }

  private void assertSame(
      Function<DayFilter, List<DailyAggregate>> answers,
      OrgScope org,
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
      String label, DailyAggregate actual, LocalDate date, OrgScope org, String model) {
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
    assertThat(actual.date()).as(label).isEqualTo(date);
    assertThat(actual.org()).as(label).isEqualTo(org);
    assertThat(actual.modelId()).as(label).isEqualTo(model);
    assertThat(actual.calls()).as(label).isEqualTo(own.size());
    assertThat(actual.fallbacks())
        .as(label)
        .isEqualTo(own.stream().filter(event -> event.response().fallbackTo() != null).count());
    assertThat(actual.errorPercent())
        .as(label)
        .isEqualByComparingTo(
            BigDecimal.valueOf(100 * own.stream().filter(TelemetryEvent::isError).count())
                .divide(BigDecimal.valueOf(own.size()), 6, RoundingMode.HALF_UP));
    assertThat(actual.averageLatencyMillis())
        .as(label)
        .isEqualByComparingTo(
            BigDecimal.valueOf(Arrays.stream(current).sum())
                .divide(BigDecimal.valueOf(Math.max(1, current.length)), 6, RoundingMode.HALF_UP));
    assertThat(actual.costUsd())
        .as(label)
        .isEqualByComparingTo(
            own.stream()
                .map(TelemetryEvent::costUsd)
                .flatMap(Stream::ofNullable)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .setScale(6, RoundingMode.HALF_UP));
    assertThat(actual.p50LatencyMillis()).as(label).isEqualTo(ranked(current, 50));
    assertThat(actual.p95LatencyMillis()).as(label).isEqualTo(ranked(current, 95));
    assertThat(actual.p99LatencyMillis()).as(label).isEqualTo(ranked(current, 99));
    assertThat(actual.referenceCount()).as(label).isEqualTo(reference.length);
    assertThat(actual.currentCount()).as(label).isEqualTo(current.length);
    if (reference.length < 10 || current.length < 10) {
      assertThat(actual.psi()).as(label).isNull();
    } else {
      double psi = StraightforwardPsi.index(reference, current, 10);
      assertThat(actual.psi()).as(label).isNotNull().isCloseTo(psi, within(RELATIVE * psi));
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
        .build();
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

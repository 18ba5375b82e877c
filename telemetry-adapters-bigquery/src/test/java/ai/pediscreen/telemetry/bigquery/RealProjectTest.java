package ai.pediscreen.telemetry.bigquery;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.daily.ComputedDay;
import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.drift.PopulationStabilityIndex;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.Tokens;
import ai.pediscreen.telemetry.export.AppendReceipt;
import ai.pediscreen.telemetry.export.EventExporter;
import ai.pediscreen.telemetry.export.ExportBatch;
import ai.pediscreen.telemetry.export.StreamPosition;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.UsageRange;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.QueryJobConfiguration;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The same against a real project, in a dataset of its own that is deleted in the end. Costs less
 * than a cent. Needs credentials that may make datasets, write tables and run jobs.
 */
@EnabledIfEnvironmentVariable(named = "TELEMETRY_TEST_BIGQUERY_PROJECT", matches = ".+")
final class RealProjectTest {

  private static final int EVENTS = 100;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @Test
  void eventsAndDays_arriveOnceEach() throws Exception {
    String dataset = "pedi_telemetry_test_" + System.currentTimeMillis();
    BigQuerySettings settings =
        BigQuerySettings.of(System.getenv("TELEMETRY_TEST_BIGQUERY_PROJECT"), dataset);
    try (BigQueryTelemetry bigQuery = BigQueryTelemetry.open(settings)) {
      try {
        check(bigQuery, dataset);
      } finally {
        assertThat(bigQuery.client().delete(dataset, BigQuery.DatasetDeleteOption.deleteContents()))
            .isTrue();
      }
    }
  }

  private static void check(BigQueryTelemetry bigQuery, String dataset) throws Exception {
    EventExporter exporter = bigQuery.exporter();
    exporter.prepare();
    exporter.prepare();
    List<TelemetryEvent> events =
        IntStream.range(0, EVENTS)
            .mapToObj(
                i -> event("e-" + i).at(Instant.now()).org("o").model("m").cost("0.0012").build())
            .toList();
    ExportBatch batch =
        new ExportBatch(
            new StreamPosition(exporter.openStream(), 0),
            exporter.encode(events.stream().map(ExportedEvents::waiting).toList()));
    assertThat(exporter.append(batch, () -> {})).isInstanceOf(AppendReceipt.Appended.class);
    assertThat(exporter.append(batch, () -> {})).isInstanceOf(AppendReceipt.Appended.class);
    assertThat(count(bigQuery, dataset, "events")).isEqualTo(EVENTS);
    assertThat(count(bigQuery, dataset, "events_once")).isEqualTo(EVENTS);

    LocalDate day = LocalDate.now(ZoneOffset.UTC).minusDays(1);
    for (long revision = 1; revision <= 2; revision++) {
      awaitDay(exporter, new ComputedDay(day, revision, 1), aggregate(day));
    }
    long rows =
        bigQuery
            .client()
            .query(
                QueryJobConfiguration.of(
                    "SELECT COUNT(*) FROM `%s.daily_aggregates`".formatted(dataset)))
            .iterateAll()
            .iterator()
            .next()
            .get(0)
            .getLongValue();
    assertThat(rows).isEqualTo(1);
    ask(bigQuery, day);
  }

  /** Every statement once; the least it shows is that BigQuery takes them all. */
  private static void ask(BigQueryTelemetry bigQuery, LocalDate day) {
    UsageFilter filter =
        new UsageFilter(OrgFilter.of("o"), null, TimeWindow.last(UsageRange.DAY, Instant.now()));
    UsageQueries usage = bigQuery.usage();
    assertThat(usage.overview(filter).requests()).isEqualTo(EVENTS);
    assertThat(usage.overview(filter).costUsd()).isEqualByComparingTo("0.12");
    assertThat(usage.models(filter, 1).get(0).calls()).isEqualTo(EVENTS);
    assertThat(usage.errors(filter, 1).total()).isZero();
    assertThat(usage.fallbacks(filter, 1).total()).isZero();
    DayFilter days = new DayFilter(OrgFilter.all(), null, day, day);
    assertThat(bigQuery.days().aggregates(days)).containsExactly(aggregate(day));
    assertThat(bigQuery.days().drift(days, 1)).isEmpty();
    assertThat(
            bigQuery.latencyDrift(
                OrgFilter.all(), day.plusDays(1), PopulationStabilityIndex.standard()))
        .isEmpty();
    assertThat(
            bigQuery.latencyDrift(
                OrgFilter.all(),
                day.plusDays(1),
                DriftReference.WEEKDAYS,
                PopulationStabilityIndex.standard()))
        .isEmpty();
  }

  private static void awaitDay(EventExporter exporter, ComputedDay day, DailyAggregate aggregate)
      throws InterruptedException {
    long start = System.nanoTime();
    while (!exporter.replaceDay("test", day, List.of(aggregate), List.of())) {
      assertThat(System.nanoTime() - start).isLessThan(LIMIT.toNanos());
      TimeUnit.SECONDS.sleep(1);
    }
  }

  private static long count(BigQueryTelemetry bigQuery, String dataset, String table)
      throws InterruptedException {
    return bigQuery
        .client()
        .query(
            QueryJobConfiguration.of(
                """
                SELECT COUNT(*) FROM `%s.%s`
                WHERE timestamp > TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 DAY)
                """
                    .formatted(dataset, table)))
        .iterateAll()
        .iterator()
        .next()
        .get(0)
        .getLongValue();
  }

  private static DailyAggregate aggregate(LocalDate day) {
    return new DailyAggregate(
        day,
        OrgScope.all(),
        "m",
        3,
        BigDecimal.ONE,
        BigDecimal.ZERO,
        0,
        1,
        2,
        3,
        BigDecimal.ZERO,
        new Tokens(10, 4, 1, 6, 2),
        1,
        0,
        3,
        null);
  }
}

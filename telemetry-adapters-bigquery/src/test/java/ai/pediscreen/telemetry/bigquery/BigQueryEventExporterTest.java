package ai.pediscreen.telemetry.bigquery;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.daily.ComputedDay;
import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DayDrift;
import ai.pediscreen.telemetry.daily.DayTally;
import ai.pediscreen.telemetry.daily.DayValues;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.daily.ModelDay;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.Tokens;
import ai.pediscreen.telemetry.export.AppendReceipt;
import ai.pediscreen.telemetry.export.DeadLetter;
import ai.pediscreen.telemetry.export.EncodedRows;
import ai.pediscreen.telemetry.export.EventExporter;
import ai.pediscreen.telemetry.export.EventReference;
import ai.pediscreen.telemetry.export.ExportBatch;
import ai.pediscreen.telemetry.export.ExportException;
import ai.pediscreen.telemetry.export.ExportException.Reason;
import ai.pediscreen.telemetry.export.StreamPosition;
import ai.pediscreen.telemetry.usage.spi.UsageTally;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.rpc.Code;
import com.google.rpc.Status;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Google's clients against the fake. */
final class BigQueryEventExporterTest {

  private static final LocalDate DAY = LocalDate.of(2026, 3, 9);

  private final FakeBigQuery fake = FakeBigQuery.start("p-1");
  private final BigQueryTelemetry bigQuery = BigQueryTelemetry.open(fake.settings());
  private final EventExporter exporter = bigQuery.exporter();

  @AfterEach
  void close() {
    bigQuery.close();
    fake.close();
  }

  @Test
  void tables_areCreatedAsDescribed_andOnlyOnce() {
    bigQuery.prepare();
    bigQuery.prepare();
    JsonObject events = fake.resource("events");
    assertThat(events.getAsJsonObject("timePartitioning").get("field").getAsString())
        .isEqualTo("timestamp");
    assertThat(events.getAsJsonObject("clustering").toString()).contains("org_id", "model_id");
    assertThat(events.toString()).contains("\"requirePartitionFilter\":true");
    assertThat(fake.resource("events_once").getAsJsonObject("view").get("query").getAsString())
        .contains("`p-1.pedi_telemetry.events`");
    assertThat(fake.resource("daily_aggregates").toString()).contains("\"field\":\"date\"");
  }

  @Test
  void missingColumns_areAddedNullable_andOthersUnchanged() {
    fake.putTable(
        "pedi_telemetry",
        "events",
        JsonParser.parseString(
                """
                {"tableReference":{"projectId":"p-1","datasetId":"pedi_telemetry",
                  "tableId":"events"},"type":"TABLE",
                 "timePartitioning":{"type":"DAY","field":"timestamp"},
                 "schema":{"fields":[{"name":"mine","type":"STRING"},
                   {"name":"event_id","type":"STRING","mode":"REQUIRED"}]}}
                """)
            .getAsJsonObject());
    exporter.prepare();
    String fields = fake.resource("events").getAsJsonObject("schema").toString();
    assertThat(fields).contains("\"mine\"", "\"payload\"", "\"exported_at\"");
    assertThat(fields)
        .doesNotContain("\"name\":\"timestamp\",\"type\":\"TIMESTAMP\",\"mode\":\"REQUIRED\"");
  }

  @Test
  void columnOfAnotherType_isReported_andNotChanged() {
    fake.putTable(
        "pedi_telemetry",
        "events",
        JsonParser.parseString(
                """
                {"tableReference":{"projectId":"p-1","datasetId":"pedi_telemetry",
                  "tableId":"events"},"type":"TABLE",
                 "schema":{"fields":[{"name":"event_id","type":"INTEGER"}]}}
                """)
            .getAsJsonObject());
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(exporter::prepare)
        .withMessageContaining("event_id")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.REFUSED));
  }

  @Test
  void event_arrivesWithAllItsFields() {
    exporter.prepare();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    TelemetryEvent event =
        TelemetryEvent.fromMap(
            Map.ofEntries(
                Map.entry("event_id", "e-1"),
                Map.entry("timestamp", now),
                Map.entry("org_id", "klinik-ü"),
                Map.entry("app", "app"),
                Map.entry("user_id", "user"),
                Map.entry("case_id", "case"),
                Map.entry(
                    "model", Map.of("model_id", "m", "adapter_id", "a", "provider", "p", "x", 1)),
                Map.entry(
                    "response",
                    Map.of(
                        "latency_ms",
                        120,
                        "status_code",
                        503,
                        "fallback_to",
                        "f",
                        "error_code",
                        "E")),
                Map.entry("cost_estimate_usd", new BigDecimal("0.00000000000000000000000000001")),
                Map.entry("region", "eu"),
                Map.entry("agent", "agent"),
                Map.entry("trace_id", "trace"),
                Map.entry("wide", new BigInteger("92233720368547758070")),
                Map.entry("long", new BigDecimal("0.1000000000000000055511151231257827")),
                Map.entry("list", List.of(true, "<é>", 1.5))));
    assertThat(append(position(), event)).isInstanceOf(AppendReceipt.Appended.class);

    Map<String, Object> row = fake.rows("events").get(0);
    assertThat(row)
        .containsEntry("org_id", "klinik-ü")
        .containsEntry("event_id", "e-1")
        .containsEntry("timestamp", ChronoUnit.MICROS.between(Instant.EPOCH, now))
        .containsEntry("app", "app")
        .containsEntry("user_id", "user")
        .containsEntry("case_id", "case")
        .containsEntry("model_id", "m")
        .containsEntry("adapter_id", "a")
        .containsEntry("provider", "p")
        .containsEntry("latency_ms", 120L)
        .containsEntry("status_code", 503L)
        .containsEntry("fallback_to", "f")
        .containsEntry("error_code", "E")
        .containsEntry("cost_estimate_usd", "0.00000000000000000000000000001")
        .containsEntry("region", "eu")
        .containsEntry("agent", "agent")
        .containsEntry("trace_id", "trace")
        .containsKey("exported_at");
    JsonObject payload =
        JsonParser.parseString(String.valueOf(row.get("payload"))).getAsJsonObject();
    assertThat(payload.get("timestamp").getAsString()).isEqualTo(now.toString());
    assertThat(payload.getAsJsonObject("model").get("x").getAsInt()).isEqualTo(1);
    assertThat(payload.get("list").toString()).isEqualTo("[true,\"<é>\",1.5]");
    assertThat(payload.get("long").toString()).isEqualTo("0.1");
  }

  @Test
  void eventWithFewFields_arrivesWithOnlyThose() {
    exporter.prepare();
    assertThat(append(position(), event("e-1").at(Instant.now()).status(null).build()))
        .isInstanceOf(AppendReceipt.Appended.class);
    assertThat(fake.rows("events").get(0))
        .containsOnlyKeys("event_id", "timestamp", "payload", "exported_at");
  }

  @Test
  void batch_isAtMostAMegabyte_andNeverEmpty() {
    String text = "x".repeat(200_000);
    List<TelemetryEvent> events =
        IntStream.range(0, 10).mapToObj(i -> event("e-" + i).with("text", text).build()).toList();
    assertThat(encode(events).count()).isEqualTo(4);
    assertThat(encode(events).bytes().length).isLessThan(1_000_000);
    String large = "x".repeat(1_500_000);
    assertThat(encode(List.of(event("e").with("text", large).build())).count()).isOne();
  }

  @Test
  void batchSentAgain_isFoundInTheStream() {
    exporter.prepare();
    StreamPosition position = position();
    TelemetryEvent event = event("e-1").at(Instant.now()).build();
    assertThat(append(position, event)).isInstanceOf(AppendReceipt.Appended.class);
    assertThat(append(position, event)).isInstanceOf(AppendReceipt.Appended.class);
    assertThat(fake.rows("events")).hasSize(1);
  }

  @Test
  void manyBatches_useOneConnection() {
    exporter.prepare();
    StreamPosition start = position();
    for (int i = 0; i < 5; i++) {
      StreamPosition position = new StreamPosition(start.stream(), i);
      assertThat(append(position, event("e-" + i).at(Instant.now()).build()))
          .isInstanceOf(AppendReceipt.Appended.class);
    }
    assertThat(fake.rows("events")).hasSize(5);
  }

  @Test
  void workDuringAnAppendFails_andItsLateAnswerIsNotTakenForTheNext() {
    exporter.prepare();
    StreamPosition start = position();
    TelemetryEvent event = event("e-0").at(Instant.now()).build();
    Runnable failing =
        () -> {
          throw new IllegalStateException("the store is away");
        };
    assertThatThrownBy(() -> append(failing, start, event)).hasMessage("the store is away");

    assertThat(append(start, event)).isInstanceOf(AppendReceipt.Appended.class);
    fake.refuseEvents(Set.of("e-1"));
    assertThat(
            append(new StreamPosition(start.stream(), 1), event("e-1").at(Instant.now()).build()))
        .isInstanceOf(AppendReceipt.RowsRefused.class);
    assertThat(fake.rows("events")).hasSize(1);
  }

  @Test
  void refusedRows_areReportedByColumn_withoutTheirValue() {
    exporter.prepare();
    StreamPosition position = position();
    fake.refuseEvents(Set.of("e-1"));
    TelemetryEvent[] events =
        IntStream.range(0, 3)
            .mapToObj(i -> event("e-" + i).at(Instant.now()).org("org é").build())
            .toArray(TelemetryEvent[]::new);
    AppendReceipt receipt = append(position, events);
    assertThat(receipt)
        .isInstanceOfSatisfying(
            AppendReceipt.RowsRefused.class,
            refused -> {
              assertThat(refused.refused())
                  .containsExactly(
                      new DeadLetter(
                          EventReference.of(events[1]),
                          "refused by BigQuery (FIELDS_ERROR)",
                          "cost_estimate_usd"));
              EncodedRows rest = refused.rest();
              assertThat(rest).isNotNull();
              assertThat(
                      exporter.append(
                          new ExportBatch(position, rest == null ? encode(List.of(events)) : rest),
                          () -> {}))
                  .isInstanceOf(AppendReceipt.Appended.class);
            });
    assertThat(fake.rows("events"))
        .extracting(row -> row.get("event_id"))
        .containsExactly("e-0", "e-2");

    fake.refuseEvents(Set.of("e-9"));
    TelemetryEvent alone = event("e-9").at(Instant.now()).org(null).build();
    assertThat(append(position(), alone))
        .isInstanceOfSatisfying(
            AppendReceipt.RowsRefused.class,
            refused -> {
              assertThat(refused.rest()).isNull();
              assertThat(refused.refused())
                  .extracting(DeadLetter::reference)
                  .containsExactly(EventReference.of(alone));
            });
  }

  @Test
  void timestampWithoutAPartition_isARefusedRow() {
    exporter.prepare();
    assertThat(append(position(), event("e").at("2150-01-01T00:00:00Z").build()))
        .isInstanceOfSatisfying(
            AppendReceipt.RowsRefused.class,
            refused -> assertThat(refused.refused().get(0).field()).isEqualTo("timestamp"));
  }

  @Test
  void streamThatIsGone_orBehindTheOffset_isLost() {
    exporter.prepare();
    StreamPosition position = position();
    TelemetryEvent event = event("e").at(Instant.now()).build();
    assertThat(append(new StreamPosition(position.stream(), 7), event))
        .isInstanceOf(AppendReceipt.StreamLost.class);
    fake.loseStreams();
    assertThat(append(position, event)).isInstanceOf(AppendReceipt.StreamLost.class);
    assertThat(append(position(), event)).isInstanceOf(AppendReceipt.Appended.class);
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE,down,UNREACHABLE",
    "DEADLINE_EXCEEDED,slow,UNREACHABLE",
    "INTERNAL,oops,SERVER_ERROR",
    "ABORTED,again,SERVER_ERROR",
    "RESOURCE_EXHAUSTED,too many,RATE_LIMITED",
    "RESOURCE_EXHAUSTED,Quota exceeded for AppendRows,QUOTA_EXCEEDED",
    "PERMISSION_DENIED,Permission 'TABLES_UPDATE_DATA' denied,REFUSED",
    "UNAUTHENTICATED,who,REFUSED",
    "FAILED_PRECONDITION,no,REFUSED",
  })
  void failedAppend_saysWhenToRetry(Code code, String message, Reason reason) {
    exporter.prepare();
    StreamPosition position = position();
    TelemetryEvent event = event("e").at(Instant.now()).build();
    fake.faults(offset -> FakeBigQuery.Fault.before(code, message));
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(() -> append(position, event))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    fake.faults(offset -> FakeBigQuery.Fault.NONE);
    assertThat(append(position, event)).isInstanceOf(AppendReceipt.Appended.class);
  }

  @Test
  void lostAnswer_isAFailure_thoughTheRowsAreWritten() {
    exporter.prepare();
    StreamPosition position = position();
    TelemetryEvent event = event("e").at(Instant.now()).build();
    fake.faults(offset -> FakeBigQuery.Fault.after(Code.UNAVAILABLE, "cut"));
    assertThatExceptionOfType(ExportException.class).isThrownBy(() -> append(position, event));
    fake.faults(offset -> FakeBigQuery.Fault.NONE);
    assertThat(append(position, event)).isInstanceOf(AppendReceipt.Appended.class);
    assertThat(fake.rows("events")).hasSize(1);
  }

  @Test
  void missingPermission_isNamed() {
    fake.refuseRest(
        request ->
            "403 accessDenied Access Denied: Dataset p-1:pedi_telemetry: Permission"
                + " bigquery.datasets.get denied");
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(exporter::prepare)
        .withMessageContaining("Permission bigquery.datasets.get denied")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.REFUSED));
    fake.refuseRest(request -> null);
    exporter.prepare();
    fake.refuseStreams(
        Status.newBuilder()
            .setCode(Code.PERMISSION_DENIED.getNumber())
            .setMessage("Permission 'TABLES_UPDATE_DATA' denied")
            .build());
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(exporter::openStream)
        .withMessageContaining("TABLES_UPDATE_DATA")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.REFUSED));
  }

  @ParameterizedTest
  @CsvSource({
    "403 rateLimitExceeded slow down,RATE_LIMITED",
    "429 tooManyRequests slow down,RATE_LIMITED",
    "403 quotaExceeded used up,QUOTA_EXCEEDED",
    "500 internalError oops,SERVER_ERROR",
    "502 badGateway oops,SERVER_ERROR",
    "503 backendError oops,SERVER_ERROR",
    "400 invalid wrong,REFUSED",
    "401 authError who,REFUSED",
  })
  void failedRestCall_saysWhenToRetry_andIsNotRetriedAtOnce(String refusal, Reason reason) {
    int[] asked = {0};
    fake.refuseRest(
        request -> {
          asked[0]++;
          return refusal;
        });
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(exporter::prepare)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    assertThat(asked[0]).isOne();
  }

  @Test
  void missingService_isUnreachable() {
    fake.close();
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(exporter::prepare)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE));
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(exporter::openStream)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE));
  }

  @Test
  void day_isLoadedOncePerRevision_andReplacedByTheNext() {
    exporter.prepare();
    assertThat(until(1, aggregates(3))).isOne();
    assertThat(until(1, aggregates(9))).isZero();
    assertThat(fake.rows("daily_aggregates")).hasSize(1);
    Map<String, Object> row = fake.rows("daily_aggregates").get(0);
    assertThat(row)
        .containsEntry("date", "2026-03-09")
        .containsEntry("model_id", "m")
        .containsEntry("calls", 3L)
        .containsEntry("avg_latency", "100.000000")
        .containsEntry("error_rate", "0.000000")
        .containsEntry("p50_latency_ms", 100L)
        .containsEntry("cost_estimate_usd", "0.300000")
        .containsEntry("reference_count", 20L)
        .containsEntry("current_count", 3L)
        .containsEntry("revision", 1L)
        .doesNotContainKeys("org_id", "psi");
    assertThat(until(2, aggregates(20))).isOne();
    assertThat(fake.rows("daily_aggregates").get(0))
        .containsEntry("calls", 20L)
        .containsKeys("psi", "critical_value", "verdict");
    assertThat(fake.jobIds())
        .containsExactly("pedi_telemetry_src_20260309_r1", "pedi_telemetry_src_20260309_r2");
  }

  @Test
  void driftOfEachReference_isLoaded_andReplacedByTheNextRevision() {
    exporter.prepare();
    assertThat(fake.resource("daily_drift").toString()).contains("\"field\":\"date\"");
    List<DriftRecord> drift = drift(20, DriftReference.WEEK, DriftReference.baseline("release-3"));
    assertThat(until(1, aggregates(20), drift)).isEqualTo(2);
    assertThat(fake.rows("daily_drift"))
        .extracting(row -> row.get("reference"))
        .containsExactlyInAnyOrder("week", "baseline:release-3");
    assertThat(fake.rows("daily_drift").get(0))
        .containsEntry("date", "2026-03-09")
        .containsEntry("model_id", "m")
        .containsEntry("reference_count", 20L)
        .containsEntry("current_count", 20L)
        .containsEntry("verdict", drift.get(0).verdict().name())
        .containsEntry("psi", drift.get(0).psi())
        .containsEntry("p_value", drift.get(0).figures().pValue())
        .containsEntry("summary", drift.get(0).figures().summary())
        .containsEntry("revision", 1L)
        .doesNotContainKey("org_id");
    assertThat(until(2, aggregates(20), drift.subList(0, 1))).isEqualTo(2);
    assertThat(fake.rows("daily_drift")).extracting(row -> row.get("revision")).containsExactly(2L);
    assertThat(fake.rows("daily_aggregates")).hasSize(1);
    assertThat(fake.jobIds())
        .containsExactlyInAnyOrder(
            "pedi_telemetry_src_20260309_r1",
            "pedi_telemetry_drift_src_20260309_r1",
            "pedi_telemetry_src_20260309_r2",
            "pedi_telemetry_drift_src_20260309_r2");
    assertThat(until(3, aggregates(20), List.of())).isOne();
  }

  @Test
  void dayWithoutAggregates_needsNoJob() {
    exporter.prepare();
    assertThat(until(1, List.of())).isZero();
    assertThat(fake.jobIds()).isEmpty();
  }

  @Test
  void jobSubmittedByAnother_isNotSubmittedAgain() {
    exporter.prepare();
    ComputedDay day = new ComputedDay(DAY, 1, 1);
    boolean[] refused = {false};
    fake.refuseRest(
        request -> {
          if (request.startsWith("POST /upload") && !refused[0]) {
            refused[0] = true;
            return "409 duplicate Already Exists: Job";
          }
          return null;
        });
    assertThat(exporter.replaceDay("src", day, aggregates(3), List.of())).isFalse();
    assertThat(fake.jobIds()).isEmpty();
  }

  @Test
  void failedLoad_isRetriedUnderAnotherId() {
    exporter.prepare();
    ComputedDay day = new ComputedDay(DAY, 1, 1);
    List<DailyAggregate> wrong =
        List.of(aggregates(3).get(0), DailyAggregate.of(DAY.plusDays(1), tally(3)));
    assertThat(exporter.replaceDay("src", day, wrong, List.of())).isFalse();
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(() -> exporter.replaceDay("src", day, aggregates(3), List.of()))
        .withMessageContaining("partition");
    assertThat(exporter.replaceDay("src", day, aggregates(3), List.of())).isTrue();
    assertThat(fake.jobIds())
        .containsExactly("pedi_telemetry_src_20260309_r1", "pedi_telemetry_src_20260309_r1_2");
    assertThat(fake.rows("daily_aggregates")).hasSize(1);
  }

  /** Asks until the day is there; returns how many jobs that took. */
  private int until(long revision, List<DailyAggregate> aggregates) {
    return until(revision, aggregates, List.of());
  }

  private int until(long revision, List<DailyAggregate> aggregates, List<DriftRecord> drift) {
    int before = fake.jobIds().size();
    ComputedDay day = new ComputedDay(DAY, revision, aggregates.size());
    int asked = 0;
    while (!exporter.replaceDay("src", day, aggregates, drift)) {
      assertThat(asked++).isLessThan(5);
    }
    return fake.jobIds().size() - before;
  }

  private StreamPosition position() {
    return new StreamPosition(exporter.openStream(), 0);
  }

  private AppendReceipt append(StreamPosition position, TelemetryEvent... events) {
    return append(() -> {}, position, events);
  }

  private AppendReceipt append(
      Runnable meanwhile, StreamPosition position, TelemetryEvent... events) {
    return exporter.append(new ExportBatch(position, encode(List.of(events))), meanwhile);
  }

  private EncodedRows encode(List<TelemetryEvent> events) {
    return exporter.encode(events.stream().map(ExportedEvents::waiting).toList());
  }

  private static List<DailyAggregate> aggregates(int calls) {
    return List.of(
        DailyAggregate.of(DAY, tally(calls))
            .comparedWith(20, drift(calls, DriftReference.WEEK).stream().findFirst().orElse(null)));
  }

  private static List<DriftRecord> drift(int calls, DriftReference... references) {
    DayDrift drift = new DayDrift(DAY, DriftSettings.standard());
    tally(calls)
        .values()
        .forEach(
            (subject, own) -> {
              DayValues before =
                  DayValues.ofValues(
                      subject, LongStream.range(0, 20).mapToObj(i -> 90 + i % 2 * 10).toList());
              for (DriftReference reference : references) {
                drift.compare(subject, reference, before, own);
              }
            });
    return drift.records();
  }

  private static ModelDay tally(int calls) {
    DayTally tally = new DayTally(DriftSettings.standard());
    tally.add(
        new DayTally.Group(null, "m", null),
        100L,
        new UsageTally.Counts(calls, 0, 0, 0),
        new BigDecimal("0.1").multiply(BigDecimal.valueOf(calls)),
        new Tokens(5, 0, 0, 2, 0));
    return tally.models().get(0);
  }
}

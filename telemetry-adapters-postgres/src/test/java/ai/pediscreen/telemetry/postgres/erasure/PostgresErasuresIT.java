package ai.pediscreen.telemetry.postgres.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.erasure.Erasure;
import ai.pediscreen.telemetry.erasure.ErasureField;
import ai.pediscreen.telemetry.erasure.ErasureSelection;
import ai.pediscreen.telemetry.erasure.ExportedEvents;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.export.ExportLease;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.postgres.TestDatabase;
import ai.pediscreen.telemetry.postgres.event.EventJson;
import ai.pediscreen.telemetry.usage.Overview;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PostgresErasuresIT {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:30Z");

  /** All that is stored of events and exports, in one text. */
  private static final String EVERYTHING =
      """
      SELECT concat(
        (SELECT string_agg(CAST(t AS text), ' ') FROM event AS t),
        (SELECT string_agg(CAST(t AS text), ' ') FROM event_ledger AS t),
        (SELECT string_agg(CAST(t AS text), ' ') FROM export_outbox AS t),
        (SELECT string_agg(CAST(t AS text), ' ') FROM export_dead_letter AS t),
        (SELECT string_agg(encode(delta, 'escape'), ' ') FROM usage_pending),
        (SELECT string_agg(CAST(t AS text), ' ') FROM erasure AS t))
      """;

  private final TestDatabase database = TestDatabase.create();
  private PostgresTelemetry telemetry = open(NOW);

  @BeforeEach
  void prepare() {
    telemetry.maintenance().run();
  }

  @AfterEach
  void close() {
    telemetry.close();
  }

  @ParameterizedTest
  @EnumSource(ErasureField.class)
  void erasedEvents_areNowhere_andFiguresAndOtherEventsStay(ErasureField field) {
    String mark = "mark-9f31";
    TelemetryEvent chosen = marked(field, mark);
    TelemetryEvent other = event("other", "org-b", "case-b", "user-b", NOW.minusSeconds(90));
    append(chosen, other);
    database.execute(
        "INSERT INTO export_dead_letter (org_id, event_id, ts, reason) VALUES ('%s', '%s', now(), '')"
            .formatted(chosen.orgId(), chosen.eventId()));
    Overview before = overview();
    assertThat(everything()).contains(chosen.eventId(), "secret words", chosen.caseId(), mark);

    Erasure receipt = erase(selection(field, mark), null);

    assertThat(everything())
        .doesNotContain(chosen.eventId(), chosen.caseId(), chosen.userId(), "trace-of-chosen")
        .contains("other", "case-b", "user-b");
    assertThat(database.value("SELECT count(*) FROM event WHERE payload::text LIKE '%secret%'"))
        .isEqualTo("1");
    if (field != ErasureField.ORG_ID) {
      assertThat(everything()).doesNotContain(mark);
    }
    assertThat(overview()).isEqualTo(before);
    assertThat(receipt.isComplete()).isTrue();
    assertThat(receipt.counts())
        .containsEntry("events", 1L)
        .containsEntry("ledger", 1L)
        .containsEntry("export_outbox", 1L)
        .containsEntry("export_dead_letter", 1L)
        .containsEntry("held", 0L);

    assertThat(telemetry.events().append(OrgPermission.all(), List.of(chosen, other)))
        .containsExactly(Receipt.duplicate(), Receipt.duplicate());
    assertThat(overview()).isEqualTo(before);
    Erasure second = erase(selection(field, mark), null);
    assertThat(second.counts().values()).containsOnly(0L);
    assertThat(second.selectionHash()).isEqualTo(receipt.selectionHash());
  }

  @Test
  void erasedEvents_canBeReadAndExported_withTheFieldsOfFigures() {
    append(event("chosen", "org-a", "case-a", "user-a", NOW.minusSeconds(90)));
    erase(selection(ErasureField.CASE_ID, "case-a"), null);

    String stored = database.value("SELECT CAST(payload AS text) FROM event");
    TelemetryEvent left = EventJson.event(stored);
    assertThat(left.eventId()).startsWith("erased:").hasSize(7 + 32);
    assertThat(left.timestamp()).isEqualTo(NOW.minusSeconds(90));
    assertThat(left.orgId()).isEqualTo("org-a");
    assertThat(left.modelId()).isEqualTo("m");
    assertThat(left.response().errorCode()).isEqualTo("timeout");
    assertThat(left.caseId()).isNull();
    try (ExportLease lease = telemetry.exports().tryLease().orElseThrow()) {
      assertThat(lease.waiting(10))
          .singleElement()
          .satisfies(
              one -> {
                assertThat(one.reference().eventId()).isEqualTo(left.eventId());
                assertThat(one.json()).isEqualTo(stored);
              });
    }
  }

  @Test
  void manyEvents_areErasedInParts_evenWithEqualTimestamps() {
    List<TelemetryEvent> events =
        IntStream.range(0, 1_203)
            .mapToObj(i -> event("e" + i, "org-a", "case-a", "u" + i, NOW.minusSeconds(i / 700)))
            .toList();
    assertThat(telemetry.events().append(OrgPermission.all(), events)).hasSize(1_203);

    Erasure receipt = erase(selection(ErasureField.CASE_ID, "case-a"), null);

    assertThat(receipt.counts()).containsEntry("events", 1_203L).containsEntry("ledger", 1_203L);
    assertThat(database.value("SELECT count(*) FROM event WHERE erased")).isEqualTo("1203");
    assertThat(telemetry.events().append(OrgPermission.all(), events))
        .containsOnly(Receipt.duplicate());
  }

  @Test
  void erasureThatFailsInTheMiddle_continues_andCountsEachRowOnce() {
    List<TelemetryEvent> events =
        IntStream.range(0, 1_203)
            .mapToObj(i -> event("e" + i, "org-a", "case-a", "u" + i, NOW.minusSeconds(i)))
            .toList();
    assertThat(telemetry.events().append(OrgPermission.all(), events)).hasSize(1_203);
    database.execute(
        """
        CREATE FUNCTION third() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF (SELECT count(*) FROM event WHERE erased) > 1000
            THEN RAISE EXCEPTION 'cut off'; END IF;
          RETURN NULL; END $$;
        CREATE TRIGGER third AFTER UPDATE ON event_ledger
          FOR EACH STATEMENT EXECUTE FUNCTION third()
        """);
    Erasure request = telemetry.erasures().request(selection(ErasureField.CASE_ID, "case-a"), null);
    assertThatThrownBy(() -> telemetry.maintenance().erase(null))
        .hasRootCauseMessage("ERROR: cut off");
    assertThat(database.value("SELECT count(*) FROM event WHERE erased")).isEqualTo("1000");
    database.execute("DROP TRIGGER third ON event_ledger");

    telemetry.close();
    telemetry = open(NOW);
    telemetry.maintenance().erase(null);

    assertThat(telemetry.erasures().find(request.id()).orElseThrow().counts())
        .containsEntry("events", 1_203L)
        .containsEntry("ledger", 1_203L)
        .containsEntry("export_outbox", 1_203L);
  }

  @Test
  void eventsResentMeanwhile_areDuplicates() {
    List<TelemetryEvent> events =
        IntStream.range(0, 2_000)
            .mapToObj(i -> event("e" + i, "org-a", "case-a", "u" + i, NOW.minusSeconds(i)))
            .toList();
    assertThat(telemetry.events().append(OrgPermission.all(), events)).hasSize(2_000);
    AtomicBoolean erased = new AtomicBoolean();
    CompletableFuture<Set<Receipt>> again =
        CompletableFuture.supplyAsync(
            () -> {
              Set<Receipt> receipts = new HashSet<>();
              do {
                for (int from = 0; from < 2_000; from += 100) {
                  receipts.addAll(
                      telemetry
                          .events()
                          .append(OrgPermission.all(), events.subList(from, from + 100)));
                }
              } while (!erased.get());
              return receipts;
            });

    Erasure receipt = erase(selection(ErasureField.CASE_ID, "case-a"), null);
    erased.set(true);

    assertThat(again.join()).containsExactly(Receipt.duplicate());
    assertThat(receipt.counts()).containsEntry("events", 2_000L).containsEntry("ledger", 2_000L);
  }

  @Test
  void heldEvents_areNeitherErasedNorExpired_untilReleased() {
    append(
        event("held", "org-a", "case-held", "user-a", NOW.minusSeconds(90)),
        event("free", "org-a", "case-free", "user-a", NOW.minusSeconds(90)));
    telemetry.erasures().hold("org-a", "case-held", "pst_1");
    telemetry.erasures().hold("org-a", "case-held", "pst_2");
    assertThat(telemetry.erasures().holds())
        .singleElement()
        .satisfies(hold -> assertThat(hold.keyPrefix()).isEqualTo("pst_1"));

    Erasure receipt = erase(selection(ErasureField.USER_ID, "user-a"), null);

    assertThat(receipt.counts()).containsEntry("events", 1L).containsEntry("held", 1L);
    assertThat(everything()).contains("case-held").doesNotContain("case-free");

    telemetry.close();
    telemetry = open(NOW.plus(TestDatabase.RETENTION_DAYS + 2, ChronoUnit.DAYS));
    telemetry.maintenance().confirmRetention();
    telemetry.maintenance().run();
    telemetry.maintenance().run();
    assertThat(database.value("SELECT string_agg(event_id, ',') FROM event")).isEqualTo("held");

    assertThat(telemetry.erasures().release("org-a", "case-held")).isTrue();
    assertThat(telemetry.erasures().release("org-a", "case-held")).isFalse();
    erase(selection(ErasureField.USER_ID, "user-a"), null);
    assertThat(database.value("SELECT count(*) FROM event WHERE NOT erased")).isEqualTo("0");
  }

  @Test
  void heldOrganisation_keepsAllItsEvents() {
    append(event("e", "org-a", "case-a", "user-a", NOW.minusSeconds(90)));
    telemetry.erasures().hold("org-a", null, null);

    Erasure receipt = erase(ErasureSelection.ofOrganisation("org-a"), null);

    assertThat(receipt.counts())
        .containsEntry("events", 0L)
        .containsEntry("ledger", 0L)
        .containsEntry("held", 1L);
  }

  @Test
  void erasure_coversItsOrganisationOnly() {
    append(
        event("e", "org-a", "case-1", "user-1", NOW.minusSeconds(90)),
        event("e", "org-b", "case-1", "user-1", NOW.minusSeconds(90)));

    erase(
        new ErasureSelection(OrgFilter.of("org-a"), ErasureField.CASE_ID, Set.of("case-1")), null);

    assertThat(database.value("SELECT string_agg(org_id, ',') FROM event WHERE NOT erased"))
        .isEqualTo("org-b");
  }

  @ParameterizedTest
  @CsvSource({"EVENT_ID, e-1", "ORG_ID, org-a"})
  void ledgerEntry_isErased_whenTheEventHasExpired(ErasureField field, String value) {
    TelemetryEvent expired = event("e-1", "org-a", "case-a", "user-a", NOW.minusSeconds(90));
    TelemetryEvent other = event("e-1", "org-b", "case-a", "user-a", NOW.minusSeconds(90));
    append(expired);
    TestDatabase.fold(telemetry);
    database.execute("DELETE FROM event");
    append(other);

    assertThat(erase(selection(field, value), null).counts())
        .containsEntry("ledger", field == ErasureField.EVENT_ID ? 2L : 1L);
    assertThat(
            database.value(
                "SELECT count(*) FROM event_ledger WHERE key = ledger_key(org_id, 'e-1')"))
        .isEqualTo(field == ErasureField.EVENT_ID ? "0" : "1");
    assertThat(telemetry.events().append(OrgPermission.all(), List.of(expired, other)))
        .containsOnly(Receipt.duplicate());
  }

  @Test
  void eventThatCameAfterTheRequest_isNotErased() {
    append(event("before", "org-a", "case-a", "user-a", NOW.minusSeconds(90)));
    Erasure request = telemetry.erasures().request(selection(ErasureField.CASE_ID, "case-a"), null);
    append(event("after", "org-a", "case-a", "user-a", NOW.minusSeconds(90)));

    telemetry.maintenance().erase(null);

    assertThat(telemetry.erasures().find(request.id()).orElseThrow().counts())
        .containsEntry("events", 1L);
    assertThat(database.value("SELECT event_id FROM event WHERE NOT erased")).isEqualTo("after");
  }

  @Test
  void eventsErasedByAnEarlierVersion_areStillDuplicates() {
    TelemetryEvent chosen = event("chosen", "org-a", "case-a", "user-a", NOW.minusSeconds(90));
    TelemetryEvent other = event("other", "org-a", "case-b", "user-b", NOW.minusSeconds(90));
    append(chosen, other);
    erase(selection(ErasureField.CASE_ID, "case-a"), null);
    telemetry.close();
    database.widenLedger();
    database.execute(
        """
        UPDATE event SET event_id = erased_id(secret, 'org-a', 'chosen')
        FROM erasure_key WHERE erased;
        UPDATE event_ledger SET event_id = erased_id(secret, 'org-a', 'chosen')
        FROM erasure_key WHERE erased;
        ALTER TABLE erasure_key DROP COLUMN earlier;
        DROP FUNCTION erased_event_id, erased_key, ledger_key;
        DELETE FROM flyway_schema_history WHERE version IN ('36', '37')
        """);

    telemetry = open(NOW);

    assertThat(telemetry.events().append(OrgPermission.all(), List.of(chosen, other)))
        .containsExactly(Receipt.duplicate(), Receipt.duplicate());
    LocalDate day = LocalDate.ofInstant(NOW, ZoneOffset.UTC);
    assertThat(telemetry.exports().enqueue(day, null).events())
        .as("both were put in line by the earlier version")
        .isZero();
  }

  @Test
  void batchInFlight_isAwaited_andThenExportedEventsAreErased() throws Exception {
    append(event("e-1", "org-a", "case-a", "user-a", NOW.minusSeconds(90)));
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "UPDATE export_stream SET stream = 's', events = 1, queued_at = '2026-03-10T12:00:00Z',"
              + " batch = convert_to('..case-a..', 'UTF8')");
    }
    List<ErasureSelection> asked = new ArrayList<>();
    ExportedEvents exported =
        (selection, holds) -> {
          asked.add(selection);
          return 7;
        };

    Erasure waiting = erase(selection(ErasureField.CASE_ID, "case-a"), exported);
    assertThat(waiting.isComplete()).isFalse();
    assertThat(waiting.waitingFor()).isEqualTo("the export batch in flight");
    assertThat(asked).isEmpty();

    database.execute("UPDATE erasure SET due = now()");
    telemetry.maintenance().erase(exported);
    assertThat(asked).isEmpty();
    // The next batch bears the same name, and was made of what was left.
    database.execute("UPDATE export_stream SET queued_at = now(); UPDATE erasure SET due = now()");
    telemetry.maintenance().erase(exported);
    assertThat(telemetry.erasures().find(waiting.id()).orElseThrow().counts())
        .containsEntry("bigquery", 7L)
        .containsEntry("events", 1L);
    assertThat(asked).hasSize(1);
  }

  @Test
  void erasureThatBigQueryRefuses_isRetried_andKeepsItsIdentifier() {
    append(event("e-1", "org-a", "case-a", "user-a", NOW.minusSeconds(90)));

    Erasure waiting =
        erase(
            selection(ErasureField.CASE_ID, "case-a"),
            (selection, holds) -> {
              throw new StoreUnavailableException("streaming buffer");
            });

    assertThat(waiting.waitingFor()).isEqualTo("BigQuery");
    assertThat(database.value("SELECT count(*) FROM event WHERE erased")).isEqualTo("1");
    telemetry.maintenance().erase((selection, holds) -> 1);
    assertThat(telemetry.erasures().find(waiting.id()).orElseThrow().isComplete())
        .as("before it is due")
        .isFalse();
    database.execute("UPDATE erasure SET due = now()");
    telemetry.maintenance().erase((selection, holds) -> 1);
    assertThat(telemetry.erasures().find(waiting.id()).orElseThrow().isComplete()).isTrue();
    assertThat(database.value("SELECT count(identifiers) FROM erasure")).isEqualTo("0");
  }

  @Test
  void hashOfTheReceipt_changesWithEachOfItsParts() {
    Erasure receipt = erase(selection(ErasureField.CASE_ID, "nobody"), null);
    Erasure changed =
        new Erasure(
            receipt.id(),
            receipt.orgId(),
            receipt.field(),
            receipt.selectionHash(),
            "pst_other",
            receipt.requestedAt(),
            receipt.completedAt(),
            receipt.counts(),
            null);
    assertThat(receipt.hash())
        .isEqualTo(telemetry.erasures().find(receipt.id()).orElseThrow().hash())
        .isNotEqualTo(changed.hash());
  }

  private Erasure erase(ErasureSelection selection, @Nullable ExportedEvents exported) {
    Erasure request = telemetry.erasures().request(selection, "pst_key");
    telemetry.maintenance().erase(exported);
    return telemetry.erasures().find(request.id()).orElseThrow();
  }

  private static ErasureSelection selection(ErasureField field, String value) {
    return field == ErasureField.ORG_ID
        ? ErasureSelection.ofOrganisation(value)
        : new ErasureSelection(OrgFilter.all(), field, Set.of(value));
  }

  private static TelemetryEvent marked(ErasureField field, String mark) {
    return event(
        field == ErasureField.EVENT_ID ? mark : "chosen-event",
        field == ErasureField.ORG_ID ? mark : "org-a",
        field == ErasureField.CASE_ID ? mark : "chosen-case",
        field == ErasureField.USER_ID ? mark : "chosen-user",
        NOW.minusSeconds(90));
  }

  private static TelemetryEvent event(
      String id, String org, String caseId, String userId, Instant at) {
    return TelemetryEvent.builder(id, at)
        .org(org)
        .caseId(caseId)
        .user(userId)
        .trace("trace-of-" + (id.equals("other") ? "other" : "chosen"))
        .model("m")
        .latency(Duration.ofMillis(120))
        .status(504)
        .errorCode("timeout")
        .request(Map.of("prompt", "secret words"))
        .build();
  }

  private void append(TelemetryEvent... events) {
    assertThat(telemetry.events().append(OrgPermission.all(), List.of(events)))
        .containsOnly(Receipt.accepted());
  }

  private Overview overview() {
    return telemetry.usage().overview(UsageFilter.last(UsageRange.DAY, NOW));
  }

  private String everything() {
    return database.value(EVERYTHING);
  }

  private PostgresTelemetry open(Instant now) {
    return TestDatabase.openWithoutFolding(
        database.settings(InstantSource.fixed(now)).withExporting(true));
  }
}

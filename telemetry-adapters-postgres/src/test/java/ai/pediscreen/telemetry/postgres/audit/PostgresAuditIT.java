package ai.pediscreen.telemetry.postgres.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.audit.AuditAct;
import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.audit.AuditBlockedException;
import ai.pediscreen.telemetry.audit.AuditEntry;
import ai.pediscreen.telemetry.audit.AuditFilter;
import ai.pediscreen.telemetry.audit.AuditLink;
import ai.pediscreen.telemetry.audit.AuditLog;
import ai.pediscreen.telemetry.audit.AuditSelection;
import ai.pediscreen.telemetry.audit.AuditVerification;
import ai.pediscreen.telemetry.erasure.Erasure;
import ai.pediscreen.telemetry.erasure.ErasureField;
import ai.pediscreen.telemetry.erasure.ErasureSelection;
import ai.pediscreen.telemetry.erasure.Erasures;
import ai.pediscreen.telemetry.erasure.LegalHold;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.postgres.TestDatabase;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresAuditIT {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:30Z");
  private static final int AUDIT_DAYS = 100;

  private final TestDatabase database = TestDatabase.create();
  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final InstantSource clock = now::get;
  private final PostgresTelemetry telemetry = open();
  private final AuditLog audit = telemetry.audit();

  @AfterEach
  void close() {
    telemetry.close();
  }

  @Test
  void entries_areReadAsTheyWereWritten_newestFirst_andInOrder() {
    AuditEntry first = audit.append(act("pst_a", AuditAction.KEY_CREATED));
    now.set(NOW.plusSeconds(60));
    AuditEntry second = audit.append(act("pst_b", AuditAction.EVENTS_READ));
    now.set(NOW.plusSeconds(120));
    AuditEntry third = audit.append(act("pst_a", AuditAction.EVENTS_READ));

    assertThat(first.link().sequence()).isEqualTo(1);
    assertThat(first.previousHash()).isEqualTo(AuditLink.BEGINNING.hash());
    assertThat(third.previousHash()).isEqualTo(second.hash());
    assertThat(audit.newest(AuditFilter.ALL, null, 10)).containsExactly(third, second, first);
    assertThat(audit.newest(AuditFilter.ALL, 3L, 1)).containsExactly(second);
    assertThat(audit.following(AuditFilter.ALL, 0, 10)).containsExactly(first, second, third);
    assertThat(audit.following(AuditFilter.ALL, 2, 10)).containsExactly(third);
    assertThat(newest(null, null, AuditAction.EVENTS_READ, null)).containsExactly(third, second);
    assertThat(newest(null, null, AuditAction.EVENTS_READ, "pst_a")).containsExactly(third);
    assertThat(newest(NOW.plusSeconds(60), NOW.plusSeconds(120), null, null))
        .containsExactly(second);
    assertThat(audit.verify())
        .isEqualTo(new AuditVerification(3, NOW.plusSeconds(120), null, null));
  }

  @ParameterizedTest
  @CsvSource({
    "UPDATE audit_entry SET count = 7 WHERE sequence = 2, 2, was changed",
    "DELETE FROM audit_entry WHERE sequence = 2, 2, is missing",
    "DELETE FROM audit_entry WHERE sequence = 1, 1, is missing",
    "DELETE FROM audit_entry WHERE sequence >= 3, 3, is missing",
    "TRUNCATE audit_entry, 1, is missing",
    "INSERT INTO audit_entry SELECT sequence + 3; at; who; org_id; action; selection; count;"
        + " trace_id; previous_hash; hash FROM audit_entry WHERE sequence = 1, 4, was changed"
  })
  void rowThatWasChangedRemovedOrInserted_isFound(String sql, long sequence, String fault) {
    for (int i = 0; i < 3; i++) {
      audit.append(act("pst_a", AuditAction.EVENTS_READ));
    }
    assertThat(audit.verify().isUnbroken()).isTrue();

    // As somebody who may switch triggers off.
    database.execute(
        "SET search_path = pedi_telemetry; SET session_replication_role = replica; "
            + sql.replace(';', ','));

    AuditVerification found = audit.verify();
    assertThat(found.wrongSequence()).isEqualTo(sequence);
    assertThat(found.fault()).isEqualTo(fault);
  }

  @Test
  void lastEntryOfSeveralPages_isVerified() {
    int entries = 1_001;
    for (int i = 0; i < entries; i++) {
      audit.append(act("pst_a", AuditAction.EVENTS_READ));
    }
    assertThat(audit.verify().entries()).isEqualTo(entries);

    database.execute(
        "SET search_path = pedi_telemetry; SET session_replication_role = replica;"
            + " UPDATE audit_entry SET who = 'pst_b' WHERE sequence = "
            + entries);

    assertThat(audit.verify().wrongSequence()).isEqualTo(entries);
  }

  @Test
  void auditLog_isBlocked_byARowInsertedAfterTheNewest() {
    audit.append(act("pst_a", AuditAction.EVENTS_READ));
    database.execute(
        "INSERT INTO pedi_telemetry.audit_entry SELECT 2, at, who, org_id, action, selection,"
            + " count, trace_id, previous_hash, hash FROM pedi_telemetry.audit_entry");

    assertThatThrownBy(() -> audit.append(act("pst_a", AuditAction.EVENTS_READ)))
        .isInstanceOf(AuditBlockedException.class)
        .hasMessageContaining("run the command audit verify");
    assertThat(audit.verify().wrongSequence()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE audit_entry SET count = 7",
        "DELETE FROM audit_entry WHERE sequence = 1",
        "TRUNCATE audit_entry"
      })
  void rows_canNeitherBeChangedNorDeleted(String sql) {
    audit.append(act("pst_a", AuditAction.EVENTS_READ));

    assertThatThrownBy(() -> database.execute(sql))
        .rootCause()
        .hasMessageContaining("neither changed nor deleted before they expire");

    assertThat(audit.verify()).isEqualTo(new AuditVerification(1, NOW, null, null));
  }

  @Test
  void actAndItsEntry_areStoredTogether_orNotAtAll() {
    Erasures erasures = telemetry.erasures();
    AuditAct act = act("pst_a", AuditAction.HOLD_PLACED);
    assertThat(
            audit
                .appendWith(() -> erasures.hold("kept", null, null), hold -> Optional.of(act))
                .orgId())
        .isEqualTo("kept");
    assertThat(audit.appendWith(() -> erasures.release("none", null), released -> Optional.empty()))
        .isFalse();
    assertThatThrownBy(
            () ->
                audit.appendWith(
                    () -> erasures.hold("not entered", null, null),
                    hold -> {
                      throw new IllegalStateException("after the work");
                    }))
        .isInstanceOf(IllegalStateException.class);
    database.execute("ALTER TABLE audit_entry ADD CONSTRAINT no_room CHECK (sequence < 2)");
    assertThatThrownBy(
            () ->
                audit.appendWith(
                    () -> erasures.hold("refused", null, null), hold -> Optional.of(act)))
        .isInstanceOf(StoreUnavailableException.class);

    assertThat(erasures.holds()).extracting(LegalHold::orgId).containsExactly("kept");
    assertThat(audit.verify().entries()).isEqualTo(1);
    // And what is written afterwards is a transaction of its own again.
    erasures.hold("later", null, null);
    assertThat(database.value("SELECT count(*) FROM legal_hold")).isEqualTo("2");
  }

  @Test
  @DisplayName("Two servers that append at once make one chain")
  void concurrentAppends_makeOneChain() {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (PostgresTelemetry other = open()) {
      List<CompletableFuture<AuditEntry>> entries =
          IntStream.range(0, 200)
              .mapToObj(
                  i ->
                      CompletableFuture.supplyAsync(
                          () ->
                              (i % 2 == 0 ? audit : other.audit())
                                  .append(act("pst_" + i, AuditAction.EVENTS_READ)),
                          threads))
              .toList();
      assertThat(entries.stream().map(CompletableFuture::join).map(AuditEntry::sequence))
          .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 200).boxed().toList());
    } finally {
      threads.shutdown();
    }
    assertThat(audit.verify()).isEqualTo(new AuditVerification(200, NOW, null, null));
  }

  @Test
  void chain_canBeVerified_afterEntriesHaveExpired() {
    telemetry.maintenance().run();
    audit.append(act("old", AuditAction.EVENTS_READ));
    audit.append(act("old", AuditAction.EVENTS_READ));
    now.set(NOW.plus(AUDIT_DAYS + 1, ChronoUnit.DAYS));
    AuditEntry kept = audit.append(act("new", AuditAction.EVENTS_READ));
    telemetry.maintenance().confirmRetention();
    telemetry.maintenance().run();
    telemetry.maintenance().run();

    assertThat(audit.newest(AuditFilter.ALL, null, 10)).containsExactly(kept);
    assertThat(audit.verify()).isEqualTo(new AuditVerification(1, now.get(), null, null));
    AuditEntry next = audit.append(act("new", AuditAction.EVENTS_READ));
    assertThat(next.sequence()).isEqualTo(4);

    now.set(now.get().plus(AUDIT_DAYS + 1, ChronoUnit.DAYS));
    telemetry.maintenance().confirmRetention();
    telemetry.maintenance().run();
    telemetry.maintenance().run();
    assertThat(audit.verify()).isEqualTo(new AuditVerification(0, null, null, null));
    assertThat(audit.append(act("new", AuditAction.EVENTS_READ)).previousHash())
        .isEqualTo(next.hash());
    assertThat(audit.verify().isUnbroken()).isTrue();
    database.execute(
        "SET search_path = pedi_telemetry; SET session_replication_role = replica;"
            + " DELETE FROM audit_entry");
    assertThat(audit.verify().wrongSequence()).isEqualTo(5);
  }

  @Test
  void useOfAKey_isEnteredOnceADay_byAllServersTogether() {
    try (PostgresTelemetry other = open()) {
      assertThat(audit.appendUse("pst_a", "org-a").orElseThrow().action())
          .isEqualTo(AuditAction.KEY_FIRST_USED);
      assertThat(other.audit().appendUse("pst_a", "org-a")).isEmpty();
      now.set(Instant.parse("2026-03-10T23:59:59Z"));
      assertThat(audit.appendUse("pst_a", "org-a")).isEmpty();
      now.set(Instant.parse("2026-03-11T00:00:01Z"));
      assertThat(other.audit().appendUse("pst_a", "org-a").orElseThrow().action())
          .isEqualTo(AuditAction.KEY_USED);
      assertThat(audit.appendUse("pst_a", "org-a")).isEmpty();
      assertThat(audit.appendUse("pst_b", null).orElseThrow().action())
          .isEqualTo(AuditAction.KEY_FIRST_USED);
    }
    assertThat(audit.verify().entries()).isEqualTo(3);
  }

  @Test
  void identifier_isHashedAsInTheReceipt_andTheEndOfAnErasureIsEntered() {
    AuditEntry read =
        audit.append(
            new AuditAct(
                "pst_a",
                "org-a",
                AuditAction.EVENTS_READ,
                AuditSelection.NONE.withIdentifier("case_id", Set.of("pseudonym-1", "case-4471")),
                0,
                null));
    assertThat(database.value("SELECT count(*) FROM erasure_key"))
        .as("a key there would make ingestion hash ids")
        .isEqualTo("0");
    Erasure request =
        telemetry
            .erasures()
            .request(
                new ErasureSelection(
                    OrgFilter.of("org-a"),
                    ErasureField.CASE_ID,
                    Set.of("case-4471", "pseudonym-1")),
                "pst_a");
    assertThat(read.selection()).isEqualTo("case_id=" + request.selectionHash());
    telemetry.maintenance().erase(null);

    List<AuditEntry> entries = audit.newest(AuditFilter.ALL, null, 10);
    assertThat(entries).hasSize(2);
    AuditEntry end = entries.get(0);
    assertThat(end.action()).isEqualTo(AuditAction.ERASURE_COMPLETED);
    assertThat(end.who()).isEqualTo(AuditAct.SERVER);
    assertThat(end.orgId()).isEqualTo("org-a");
    assertThat(end.selection())
        .isEqualTo("erasure=" + request.id() + "&case_id=" + request.selectionHash());
    assertThat(database.value("SELECT string_agg(CAST(e AS text), '') FROM audit_entry AS e"))
        .doesNotContain("4471", "pseudonym");
    assertThat(audit.verify().isUnbroken()).isTrue();
  }

  @Test
  void tenantRole_cannotReadTheAuditLog() {
    assertThat(
            database.value(
                "SELECT string_agg(relname, ',') FROM pg_class WHERE relname IN"
                    + " ('audit_entry', 'audit_chain') AND (has_table_privilege("
                    + "'pedi_telemetry_tenant', oid, 'SELECT, INSERT, UPDATE, DELETE'))"))
        .isNull();
  }

  private PostgresTelemetry open() {
    return TestDatabase.openWithoutFolding(database.settings(clock).withAuditDays(AUDIT_DAYS));
  }

  private List<AuditEntry> newest(
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable AuditAction action,
      @Nullable String who) {
    return audit.newest(new AuditFilter(from, to, action, who), null, 10);
  }

  private static AuditAct act(String who, AuditAction action) {
    AuditSelection selection = AuditSelection.NONE.with("model_id", "m").with("from", NOW);
    return new AuditAct(who, "org-a", action, selection, 3, "trace-1");
  }
}

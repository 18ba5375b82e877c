package ai.pediscreen.telemetry.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AuditChainTest {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:00.123456Z");

  private static final AuditAct READ =
      new AuditAct(
          "pst_0123456789abcdef", "clinic-ü", AuditAction.EVENTS_READ, AuditSelection.NONE, 3, "t");

  @Test
  @DisplayName("The hash can be made with printf and sha256sum")
  void hash_isThatOfTheDocumentedEncoding() {
    AuditEntry entry =
        AuditEntry.after(AuditLink.BEGINNING, NOW.plusNanos(789), READ, "case_id=4f");
    assertThat(entry.hash())
        .isEqualTo("e287077a0868c41cf25770f64f5ce6532d023de68a2220f07ef169eb7db9ab8d");
    AuditAct start =
        new AuditAct("server", null, AuditAction.SERVER_STARTED, AuditSelection.NONE, 0, null);
    assertThat(AuditEntry.after(entry.link(), NOW, start, "").hash())
        .isEqualTo("2f901959e333a154d39416d782b7a04054d01d3083c146718aa59f2c7ef6dcba");
  }

  @Test
  void everyField_changesTheHash() {
    AuditEntry one = AuditEntry.after(AuditLink.BEGINNING, NOW, READ, "a=1");
    List<AuditEntry> changed =
        List.of(
            new AuditEntry(
                2,
                NOW,
                one.who(),
                one.orgId(),
                one.action(),
                "a=1",
                3,
                "t",
                one.previousHash(),
                ""),
            changed(one, NOW.plusNanos(1_000), one.who(), one.orgId(), one.action(), "a=1", 3, "t"),
            changed(one, NOW, "other", one.orgId(), one.action(), "a=1", 3, "t"),
            changed(one, NOW, one.who(), null, one.action(), "a=1", 3, "t"),
            changed(one, NOW, one.who(), "", one.action(), "a=1", 3, "t"),
            changed(one, NOW, one.who(), one.orgId(), AuditAction.FILE_GIVEN, "a=1", 3, "t"),
            changed(one, NOW, one.who(), one.orgId(), one.action(), "a=2", 3, "t"),
            changed(one, NOW, one.who(), one.orgId(), one.action(), "a=1", 4, "t"),
            changed(one, NOW, one.who(), one.orgId(), one.action(), "a=1", 3, "u"),
            changed(one, NOW, one.who(), one.orgId(), one.action(), "a=1", 3, null),
            changed(one, NOW, one.who(), one.orgId(), one.action(), "a=13", 3, "t"));
    List<String> hashes = new ArrayList<>(changed.stream().map(AuditEntry::expectedHash).toList());
    hashes.add(one.hash());
    assertThat(hashes).doesNotHaveDuplicates();
  }

  @Test
  void chain_isUnbroken_whenUnchanged() {
    List<AuditEntry> chain = chain(4);
    assertThat(verified(chain, AuditLink.BEGINNING, chain.get(3).link()))
        .isEqualTo(new AuditVerification(4, NOW, null, null));
    assertThat(verified(chain.subList(2, 4), chain.get(1).link(), chain.get(3).link()).isUnbroken())
        .isTrue();
    assertThat(verified(List.of(), AuditLink.BEGINNING, AuditLink.BEGINNING).isUnbroken()).isTrue();
  }

  @Test
  void changedRemovedOrInsertedEntry_isFound() {
    List<AuditEntry> chain = chain(4);
    AuditLink end = chain.get(3).link();

    List<AuditEntry> changed = new ArrayList<>(chain);
    AuditEntry second = chain.get(1);
    changed.set(
        1,
        new AuditEntry(
            2, NOW, "x", null, second.action(), "", 3, "t", second.previousHash(), second.hash()));
    assertFault(verified(changed, AuditLink.BEGINNING, end), 2, "was changed");

    List<AuditEntry> forged = new ArrayList<>(chain);
    forged.set(1, AuditEntry.after(chain.get(0).link(), NOW, READ, "forged=1"));
    assertFault(verified(forged, AuditLink.BEGINNING, end), 3, "does not follow the entry before");

    List<AuditEntry> removed = new ArrayList<>(chain);
    removed.remove(1);
    assertFault(verified(removed, AuditLink.BEGINNING, end), 2, "is missing");
    assertFault(verified(chain.subList(1, 4), AuditLink.BEGINNING, end), 1, "is missing");
    assertFault(verified(chain.subList(0, 3), AuditLink.BEGINNING, end), 4, "is missing");
    assertFault(verified(List.of(), AuditLink.BEGINNING, end), 1, "is missing");

    assertFault(verified(chain, AuditLink.BEGINNING, chain.get(2).link()), 4, "was inserted");
    List<AuditEntry> newest = new ArrayList<>(chain.subList(0, 3));
    newest.add(AuditEntry.after(chain.get(2).link(), NOW, READ, "forged=1"));
    assertFault(verified(newest, AuditLink.BEGINNING, end), 4, "is not the one that was written");
  }

  @Test
  void selection_isReadable_andHidesIdentifiers() {
    AuditSelection selection =
        AuditSelection.NONE
            .with("from", NOW)
            .with("model_id", "a&b=c%\n")
            .with("to", null)
            .withIdentifier("case_id", Set.of("z", "case-1"))
            .withIdentifier("user_id", Set.of());
    assertThat(selection.text(text -> "<" + text.replace('\n', '/') + ">"))
        .isEqualTo(
            "from=2026-03-10T12:00:00.123456Z&model_id=a%0026b%003dc%0025%000a"
                + "&case_id=<case_id/case-1/z>");
    assertThat(AuditSelection.NONE.text(text -> text)).isEmpty();
  }

  private static void assertFault(AuditVerification found, long sequence, String fault) {
    assertThat(found.isUnbroken()).isFalse();
    assertThat(found.wrongSequence()).isEqualTo(sequence);
    assertThat(found.fault()).isEqualTo(fault);
  }

  private static AuditVerification verified(
      List<AuditEntry> entries, AuditLink start, AuditLink end) {
    AuditChain chain = new AuditChain(start);
    entries.forEach(chain::add);
    return chain.end(end);
  }

  private static List<AuditEntry> chain(int length) {
    List<AuditEntry> chain = new ArrayList<>();
    AuditLink last = AuditLink.BEGINNING;
    for (int i = 0; i < length; i++) {
      AuditEntry entry = AuditEntry.after(last, NOW, READ, "");
      chain.add(entry);
      last = entry.link();
    }
    return chain;
  }

  private static AuditEntry changed(
      AuditEntry one,
      Instant time,
      String who,
      @Nullable String orgId,
      AuditAction action,
      String selection,
      long count,
      @Nullable String traceId) {
    return new AuditEntry(
        1, time, who, orgId, action, selection, count, traceId, one.previousHash(), "");
  }
}

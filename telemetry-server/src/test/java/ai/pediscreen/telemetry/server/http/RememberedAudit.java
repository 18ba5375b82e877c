package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.audit.AuditAct;
import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.audit.AuditChain;
import ai.pediscreen.telemetry.audit.AuditEntry;
import ai.pediscreen.telemetry.audit.AuditFilter;
import ai.pediscreen.telemetry.audit.AuditLink;
import ai.pediscreen.telemetry.audit.AuditLog;
import ai.pediscreen.telemetry.audit.AuditSelection;
import ai.pediscreen.telemetry.audit.AuditVerification;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Entries in memory, until it is told to be away. */
public final class RememberedAudit implements AuditLog {

  private final InstantSource clock;
  private final List<AuditEntry> entries = new ArrayList<>();
  private volatile boolean away;

  public RememberedAudit(InstantSource clock) {
    this.clock = clock;
  }

  /** From now on, whether nothing can be entered. */
  public void setAway(boolean value) {
    away = value;
  }

  @Override
  public synchronized AuditEntry append(AuditAct act) {
    if (away) {
      throw new StoreUnavailableException("the audit log is away");
    }
    String selection = act.selection().text(text -> Integer.toHexString(text.hashCode()));
    AuditEntry entry = AuditEntry.after(newest(), clock.instant(), act, selection);
    entries.add(entry);
    return entry;
  }

  @Override
  public <T> T appendWith(Supplier<T> work, Function<T, Optional<AuditAct>> act) {
    if (away) {
      throw new StoreUnavailableException("the audit log is away");
    }
    T result = work.get();
    act.apply(result).ifPresent(this::append);
    return result;
  }

  @Override
  public synchronized Optional<AuditEntry> appendUse(String keyPrefix, @Nullable String orgId) {
    boolean used =
        entries.stream()
            .anyMatch(
                entry ->
                    entry.who().equals(keyPrefix) && entry.action() == AuditAction.KEY_FIRST_USED);
    return used
        ? Optional.empty()
        : Optional.of(
            append(
                new AuditAct(
                    keyPrefix, orgId, AuditAction.KEY_FIRST_USED, AuditSelection.NONE, 1, null)));
  }

  @Override
  public synchronized List<AuditEntry> newest(
      AuditFilter filter, @Nullable Long before, int limit) {
    List<AuditEntry> newest = new ArrayList<>(chosen(filter));
    Collections.reverse(newest);
    return newest.stream()
        .filter(entry -> before == null || entry.sequence() < before)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<AuditEntry> following(AuditFilter filter, long after, int limit) {
    return chosen(filter).stream().filter(entry -> entry.sequence() > after).limit(limit).toList();
  }

  @Override
  public synchronized AuditVerification verify() {
    AuditChain chain = new AuditChain(AuditLink.BEGINNING);
    entries.forEach(chain::add);
    return chain.end(newest());
  }

  private AuditLink newest() {
    return entries.isEmpty() ? AuditLink.BEGINNING : entries.get(entries.size() - 1).link();
  }

  private List<AuditEntry> chosen(AuditFilter filter) {
    return entries.stream()
        .filter(entry -> filter.from() == null || !entry.time().isBefore(filter.from()))
        .filter(entry -> filter.to() == null || entry.time().isBefore(filter.to()))
        .filter(entry -> filter.action() == null || entry.action() == filter.action())
        .filter(entry -> filter.who() == null || entry.who().equals(filter.who()))
        .toList();
  }
}

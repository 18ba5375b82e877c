package ai.pediscreen.telemetry.postgres.audit;

import ai.pediscreen.telemetry.audit.AuditAct;
import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.audit.AuditBlockedException;
import ai.pediscreen.telemetry.audit.AuditChain;
import ai.pediscreen.telemetry.audit.AuditEntry;
import ai.pediscreen.telemetry.audit.AuditFilter;
import ai.pediscreen.telemetry.audit.AuditLink;
import ai.pediscreen.telemetry.audit.AuditLog;
import ai.pediscreen.telemetry.audit.AuditSelection;
import ai.pediscreen.telemetry.audit.AuditVerification;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.postgres.transaction.AdvisoryLock;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import ai.pediscreen.telemetry.postgres.transaction.RefusedByDatabase;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds one entry in a transaction, under a lock of the database, so that programs that add at once
 * make one chain. Of this program one thread adds at a time: those who look keys up want the same
 * few connections. Each entry also goes to the log, as a line of JSON.
 */
public final class PostgresAudit implements AuditLog {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresAudit.class);

  /** Where entries are logged. */
  private static final Logger LINES = LoggerFactory.getLogger("audit");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Advisory lock of the transaction that appends an entry. "PSTAUDT" in ASCII. */
  private static final long LOCK = 0x50_53_54_41_55_44_54L;

  private static final long PATIENCE_SECONDS = 4;
  private static final int PAGE = 1_000;
  private static final int DELETED_AT_ONCE = 10_000;

  private final Database database;

  /** Whether it was told that no entry is taken. */
  private final AtomicBoolean blocked = new AtomicBoolean();

  private final Semaphore one = new Semaphore(1, true);

  public PostgresAudit(Database database) {
    this.database = database;
  }

  @Override
  public AuditEntry append(AuditAct act) {
    return logged(alone(() -> database.write(handle -> append(handle, database.now(handle), act))));
  }

  @Override
  public <T> T appendWith(Supplier<T> work, Function<T, Optional<AuditAct>> act) {
    Done<T> done =
        alone(
            () ->
                database.write(
                    handle -> {
                      T result = done(work);
                      return new Done<>(
                          result,
                          act.apply(result)
                              .map(what -> append(handle, database.now(handle), what)));
                    }));
    done.entry.ifPresent(PostgresAudit::logged);
    return done.result;
  }

  /** What the database refuses of the work is no fault of the audit log. */
  private static <T> T done(Supplier<T> work) {
    try {
      return work.get();
    } catch (RefusedByDatabase e) {
      throw new StoreUnavailableException("the database refuses the act or its audit entry", e);
    }
  }

  private record Done<T>(T result, Optional<AuditEntry> entry) {}

  @Override
  public Optional<AuditEntry> appendUse(String keyPrefix, @Nullable String orgId) {
    Optional<AuditEntry> entry =
        alone(() -> database.write(handle -> appendUse(handle, keyPrefix, orgId)));
    entry.ifPresent(PostgresAudit::logged);
    return entry;
  }

  @Override
  public List<AuditEntry> newest(AuditFilter filter, @Nullable Long before, int limit) {
    return database.read(
        OrgFilter.all(), handle -> AuditTable.newest(handle, filter, before, limit));
  }

  @Override
  public List<AuditEntry> following(AuditFilter filter, long after, int limit) {
    return database.read(
        OrgFilter.all(), handle -> AuditTable.following(handle, filter, after, limit));
  }

  @Override
  public AuditVerification verify() {
    return database.read(
        OrgFilter.all(),
        handle -> {
          AuditChainTable.Ends ends = AuditChainTable.ends(handle);
          AuditChain chain = new AuditChain(ends.expired());
          long last = ends.expired().sequence();
          List<AuditEntry> page;
          do {
            page = AuditTable.following(handle, AuditFilter.ALL, last, PAGE);
            page.forEach(chain::add);
            last = page.isEmpty() ? last : page.get(page.size() - 1).sequence();
          } while (!page.isEmpty());
          return chain.end(ends.newest());
        });
  }

  /**
   * Adds an entry within a transaction. Once that is committed the entry is to be {@link #logged}.
   */
  public static AuditEntry append(Handle handle, Instant now, AuditAct act) {
    AdvisoryLock.take(handle, LOCK);
    String selection =
        act.selection().text(text -> AuditChainTable.hashed(handle, act.orgId(), text));
    AuditLink newest = AuditChainTable.ends(handle).newest();
    AuditEntry entry = AuditEntry.after(newest, now, act, selection);
    AuditTable.insert(handle, entry);
    AuditChainTable.setNewest(handle, entry.link());
    return entry;
  }

  public static AuditEntry logged(AuditEntry entry) {
    try {
      LINES.info("{}", JSON.writeValueAsString(entry.toMap()));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("texts and numbers can always be written", e);
    }
    return entry;
  }

  /**
   * Deletes entries of before an edge, but for those behind one that is not; the chain begins with
   * the rest.
   *
   * @param handle not within a transaction
   * @return how many
   */
  public static long expire(Handle handle, Instant edge) {
    long all = 0;
    int deleted;
    do {
      deleted = AuditTable.expire(handle, edge, DELETED_AT_ONCE);
      all += deleted;
    } while (deleted == DELETED_AT_ONCE);
    return all;
  }

  private Optional<AuditEntry> appendUse(Handle handle, String keyPrefix, @Nullable String orgId) {
    AdvisoryLock.take(handle, LOCK);
    Instant now = database.now(handle);
    Optional<Instant> last = AuditTable.lastUse(handle, keyPrefix);
    if (last.isPresent() && !day(last.get()).isBefore(day(now))) {
      return Optional.empty();
    }
    AuditAction action = last.isEmpty() ? AuditAction.KEY_FIRST_USED : AuditAction.KEY_USED;
    return Optional.of(
        append(handle, now, new AuditAct(keyPrefix, orgId, action, AuditSelection.NONE, 1, null)));
  }

  private static LocalDate day(Instant instant) {
    return LocalDate.ofInstant(instant, ZoneOffset.UTC);
  }

  private <T> T alone(Supplier<T> work) {
    boolean mine;
    try {
      mine = one.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("interrupted while waiting to write to the audit log", e);
    }
    if (!mine) {
      throw new StoreUnavailableException("timeout while waiting to write to the audit log");
    }
    try {
      T result = work.get();
      blocked.set(false);
      return result;
    } catch (RefusedByDatabase e) {
      // The place of the next entry is taken by a foreign row.
      if (!blocked.getAndSet(true)) {
        LOG.error(
            "the audit log is blocked by a foreign row, so requests that it must record are"
                + " refused; run the command audit verify, which names the row",
            e);
      }
      throw new AuditBlockedException("the audit log is blocked; run the command audit verify", e);
    } finally {
      one.release();
    }
  }
}

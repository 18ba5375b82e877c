package ai.pediscreen.telemetry.postgres.erasure;

import ai.pediscreen.telemetry.audit.AuditAct;
import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.audit.AuditEntry;
import ai.pediscreen.telemetry.audit.AuditSelection;
import ai.pediscreen.telemetry.erasure.Erasure;
import ai.pediscreen.telemetry.erasure.ErasureSelection;
import ai.pediscreen.telemetry.erasure.Erasures;
import ai.pediscreen.telemetry.erasure.ExportedEvents;
import ai.pediscreen.telemetry.erasure.LegalHold;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.export.EventReference;
import ai.pediscreen.telemetry.postgres.audit.PostgresAudit;
import ai.pediscreen.telemetry.postgres.transaction.AdvisoryLock;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import ai.pediscreen.telemetry.postgres.transaction.TableWalk;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ToIntFunction;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erases events some hundred at a time. Each transaction takes payloads and identifiers out of all
 * tables and adds to the receipt's counts, so a program that dies leaves nothing half erased, and
 * the next one continues.
 */
public final class PostgresErasures implements Erasures {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresErasures.class);

  /** Held by the one program that erases. "PSTERAS" in ASCII. */
  private static final long LOCK = 0x50_53_54_45_52_41_53L;

  private static final int EVENTS_AT_ONCE = 500;

  /** After this, an erasure that failed in BigQuery is retried. */
  private static final Duration PAUSE = Duration.ofMinutes(5);

  /** A batch in flight usually arrives within a second. */
  private static final Duration BATCH_PAUSE = Duration.ofSeconds(5);

  private final Database database;

  public PostgresErasures(Database database) {
    this.database = database;
  }

  @Override
  public Erasure request(ErasureSelection selection, @Nullable String keyPrefix) {
    UUID id = UUID.randomUUID();
    return database.write(
        handle -> {
          ErasureTable.insert(handle, id, selection, keyPrefix, now(handle));
          return ErasureTable.find(handle, id).orElseThrow();
        });
  }

  @Override
  public Optional<Erasure> find(UUID id) {
    return database.write(handle -> ErasureTable.find(handle, id));
  }

  @Override
  public LegalHold hold(String orgId, @Nullable String caseId, @Nullable String keyPrefix) {
    return database.write(
        handle -> {
          HoldTable.put(handle, new LegalHold(orgId, caseId, keyPrefix, now(handle)));
          return HoldTable.find(handle, orgId, caseId).orElseThrow();
        });
  }

  @Override
  public boolean release(String orgId, @Nullable String caseId) {
    return database.write(handle -> HoldTable.delete(handle, orgId, caseId));
  }

  @Override
  public List<LegalHold> holds() {
    return database.write(HoldTable::list);
  }

  /**
   * Does what is due, unless another program does.
   *
   * @param exported where events were exported to; null if they are not
   */
  public void run(@Nullable ExportedEvents exported) {
    if (database.write(ErasureTable::due).isEmpty()) {
      return;
    }
    List<Erasure> done =
        database.inOwnSession(
            handle ->
                AdvisoryLock.tryInSession(handle, LOCK)
                    ? ErasureTable.due(handle).stream()
                        .map(one -> erase(handle, one, exported))
                        .toList()
                    : List.of());
    for (Erasure one : done) {
      if (one.isComplete()) {
        LOG.info("erasure {} is complete: {}", one.id(), one.counts());
      } else {
        LOG.info("erasure {} waits for {}", one.id(), one.waitingFor());
      }
    }
  }

  private Erasure erase(Handle handle, ErasureTable.Open open, @Nullable ExportedEvents exported) {
    // Events that were answered before the request are then stored.
    AdvisoryLock.takeForAnInstant(handle, AdvisoryLock.WRITERS);
    Instant from = null;
    List<EventReference> events;
    do {
      events = eraseNext(handle, open, from);
      from = events.isEmpty() ? null : events.get(events.size() - 1).timestamp();
      // What is sent meanwhile is no part of the request, and must not keep it from its end.
    } while (events.size() == EVENTS_AT_ONCE);
    eraseLedgerAlone(handle, open);
    if (ErasedRows.isOnItsWay(handle, open)) {
      ErasureTable.postpone(handle, open.id(), "the export batch in flight", BATCH_PAUSE);
    } else {
      eraseExported(handle, open, exported);
    }
    return ErasureTable.find(handle, open.id()).orElseThrow();
  }

  private static List<EventReference> eraseNext(
      Handle handle, ErasureTable.Open open, @Nullable Instant from) {
    return handle.inTransaction(
        transaction -> {
          Database.holdEventsStill(transaction);
          List<EventReference> events = ErasedRows.next(transaction, open, from, EVENTS_AT_ONCE);
          if (!events.isEmpty()) {
            UUID id = open.id();
            ErasureTable.add(transaction, id, "events", ErasedRows.ofEvents(transaction, events));
            ErasureTable.add(transaction, id, "ledger", ErasedRows.ofLedger(transaction, events));
            ErasureTable.add(
                transaction, id, "export_outbox", ErasedRows.ofOutbox(transaction, events));
            ErasureTable.add(
                transaction,
                id,
                "export_dead_letter",
                ErasedRows.ofDeadLetters(transaction, events));
          }
          return events;
        });
  }

  /** The ledger and the dead letters alone may know an event that has expired. */
  private static void eraseLedgerAlone(Handle handle, ErasureTable.Open open) {
    switch (open.selection().field()) {
      case EVENT_ID ->
          counted(handle, open.id(), "ledger", step -> ErasedRows.ofLedgerByIds(step, open));
      case ORG_ID ->
          TableWalk.walk(
              handle,
              "event_ledger",
              (inPages, share) ->
                  counted(
                      handle,
                      open.id(),
                      "ledger",
                      step -> ErasedRows.ofLedgerByOrganisation(step, open, inPages)));
      default -> {
        return;
      }
    }
    counted(
        handle,
        open.id(),
        "export_dead_letter",
        step -> ErasedRows.ofDeadLettersAlone(step, open.selection()));
  }

  private static int counted(
      Handle handle, UUID id, String place, ToIntFunction<Handle> statement) {
    return handle.inTransaction(
        transaction -> {
          int rows = statement.applyAsInt(transaction);
          ErasureTable.add(transaction, id, place, rows);
          return rows;
        });
  }

  /** What has left, and the receipt once nothing is left to do. */
  private void eraseExported(
      Handle handle, ErasureTable.Open open, @Nullable ExportedEvents exported) {
    try {
      long rows = exported == null ? 0 : exported.erase(open.selection(), HoldTable.list(handle));
      AuditEntry entry =
          handle.inTransaction(
              transaction -> {
                if (exported != null) {
                  ErasureTable.add(transaction, open.id(), "bigquery", rows);
                }
                long held = ErasedRows.held(transaction, open.selection());
                ErasureTable.add(transaction, open.id(), "held", held);
                ErasureTable.complete(transaction, open.id(), now(transaction));
                return entered(transaction, open.id());
              });
      PostgresAudit.logged(entry);
    } catch (StoreUnavailableException e) {
      LOG.warn("BigQuery has not erased yet: {}", e.getMessage());
      ErasureTable.postpone(handle, open.id(), "BigQuery", PAUSE);
    }
  }

  /** In the transaction that makes the receipt, so that there is one for each. */
  private AuditEntry entered(Handle handle, UUID id) {
    Erasure receipt = ErasureTable.find(handle, id).orElseThrow();
    AuditSelection selection =
        AuditSelection.NONE
            .with("erasure", id)
            .with(receipt.field().label(), receipt.selectionHash());
    return PostgresAudit.append(
        handle,
        now(handle),
        new AuditAct(
            AuditAct.SERVER,
            receipt.orgId(),
            AuditAction.ERASURE_COMPLETED,
            selection,
            receipt.counts().getOrDefault("events", 0L),
            null));
  }

  private Instant now(Handle handle) {
    return database.now(handle).truncatedTo(ChronoUnit.MICROS);
  }
}

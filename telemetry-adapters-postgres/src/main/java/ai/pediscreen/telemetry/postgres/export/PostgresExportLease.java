package ai.pediscreen.telemetry.postgres.export;

import ai.pediscreen.telemetry.export.DayToExport;
import ai.pediscreen.telemetry.export.DeadLetter;
import ai.pediscreen.telemetry.export.EventReference;
import ai.pediscreen.telemetry.export.ExportBatch;
import ai.pediscreen.telemetry.export.ExportLease;
import ai.pediscreen.telemetry.export.StreamPosition;
import ai.pediscreen.telemetry.export.WaitingEvent;
import ai.pediscreen.telemetry.postgres.day.AggregateTable;
import ai.pediscreen.telemetry.postgres.day.DriftTable;
import ai.pediscreen.telemetry.postgres.transaction.AdvisoryLock;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;

/** The export lease: a session with the advisory lock, and what it last read. */
final class PostgresExportLease implements ExportLease {

  /** Held by the session with the lease. "PSTEXPO" in ASCII. */
  private static final long EXPORT_LOCK = 0x50_53_54_45_58_50_4fL;

  private final Database.Session session;
  private ExportStream.State state;
  private List<ExportOutbox.Row> peeked = List.of();

  private PostgresExportLease(Database.Session session, ExportStream.State state) {
    this.session = session;
    this.state = state;
  }

  static Optional<PostgresExportLease> tryOpen(Database database) {
    Database.Session session = database.openSession();
    try {
      boolean locked = session.run(handle -> AdvisoryLock.tryInSession(handle, EXPORT_LOCK));
      if (locked) {
        return Optional.of(new PostgresExportLease(session, session.run(ExportStream::read)));
      }
    } catch (RuntimeException | Error e) {
      session.close();
      throw e;
    }
    session.close();
    return Optional.empty();
  }

  @Override
  public Optional<ExportBatch> stored() {
    return Optional.ofNullable(state.stored());
  }

  @Override
  public Optional<StreamPosition> end() {
    ExportBatch batch = state.stored();
    return batch == null ? Optional.ofNullable(state.position()) : Optional.of(batch.end());
  }

  @Override
  public List<WaitingEvent> waiting(int limit) {
    return session.run(
        handle ->
            handle.inTransaction(
                transaction -> {
                  Database.holdEventsStill(transaction);
                  peeked = ExportOutbox.oldest(transaction, limit);
                  List<EventReference> references =
                      peeked.stream().flatMap(row -> row.events().stream()).limit(limit).toList();
                  return references.isEmpty()
                      ? List.of()
                      : EventLookup.find(transaction, references);
                }));
  }

  @Override
  public void store(@Nullable ExportBatch next, int taken, List<DeadLetter> deadLetters) {
    StreamPosition end = end().orElse(null);
    change(new ExportStream.State(next == null ? end : next.position(), next), taken, deadLetters);
  }

  @Override
  public void discard(List<DeadLetter> deadLetters) {
    change(new ExportStream.State(state.position(), null), 0, deadLetters);
  }

  @Override
  public Optional<DayToExport> day() {
    return session.run(
        handle ->
            handle.inTransaction(
                TransactionIsolationLevel.REPEATABLE_READ,
                transaction ->
                    ExportedDayTable.oldestDue(transaction)
                        .map(
                            day ->
                                new DayToExport(
                                    ExportStream.source(transaction),
                                    day,
                                    AggregateTable.ofDay(transaction, day.date()),
                                    DriftTable.ofLatencies(transaction, day.date())))));
  }

  @Override
  public void exported(DayToExport day) {
    session.run(
        handle -> {
          ExportedDayTable.put(handle, day.day());
          return day;
        });
  }

  @Override
  public void renew() {
    session.run(handle -> handle.execute("SELECT 1"));
  }

  @Override
  public void close() {
    session.close();
  }

  private void change(ExportStream.State next, int taken, List<DeadLetter> deadLetters) {
    Instant queuedAt = taken == 0 ? null : peeked.get(0).queuedAt();
    session.run(
        handle ->
            handle.inTransaction(
                transaction -> {
                  ExportStream.change(transaction, state, next, queuedAt);
                  ExportOutbox.take(transaction, peeked, taken);
                  DeadLetterTable.add(transaction, deadLetters);
                  return next;
                }));
    state = next;
    peeked = List.of();
  }
}

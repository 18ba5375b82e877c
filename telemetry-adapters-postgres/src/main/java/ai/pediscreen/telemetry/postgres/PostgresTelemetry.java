package ai.pediscreen.telemetry.postgres;

import ai.pediscreen.telemetry.access.KeyStore;
import ai.pediscreen.telemetry.alert.AlertStore;
import ai.pediscreen.telemetry.audit.AuditLog;
import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DriftBaselines;
import ai.pediscreen.telemetry.daily.EarlierAggregate;
import ai.pediscreen.telemetry.erasure.Erasures;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.spi.EventArchive;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.export.ExportQueue;
import ai.pediscreen.telemetry.postgres.access.PostgresKeys;
import ai.pediscreen.telemetry.postgres.access.PseudonymKeyTable;
import ai.pediscreen.telemetry.postgres.alert.PostgresAlerts;
import ai.pediscreen.telemetry.postgres.audit.PostgresAudit;
import ai.pediscreen.telemetry.postgres.connect.Connector;
import ai.pediscreen.telemetry.postgres.day.EarlierAggregateTable;
import ai.pediscreen.telemetry.postgres.day.PostgresBaselines;
import ai.pediscreen.telemetry.postgres.day.PostgresDays;
import ai.pediscreen.telemetry.postgres.erasure.PostgresErasures;
import ai.pediscreen.telemetry.postgres.event.PostgresEventArchive;
import ai.pediscreen.telemetry.postgres.event.PostgresEventSearch;
import ai.pediscreen.telemetry.postgres.event.PostgresEventStore;
import ai.pediscreen.telemetry.postgres.export.PostgresExportQueue;
import ai.pediscreen.telemetry.postgres.partition.DayPartitions;
import ai.pediscreen.telemetry.postgres.retention.Retention;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import ai.pediscreen.telemetry.postgres.transaction.WriteProbe;
import ai.pediscreen.telemetry.postgres.usage.FoldThread;
import ai.pediscreen.telemetry.postgres.usage.PostgresModelHistory;
import ai.pediscreen.telemetry.postgres.usage.PostgresUsageQueries;
import ai.pediscreen.telemetry.postgres.usage.UsageFold;
import ai.pediscreen.telemetry.postgres.usage.UsageScopes;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.spi.EventSearch;
import ai.pediscreen.telemetry.usage.spi.ModelHistory;
import ai.pediscreen.telemetry.usage.spi.UsageChanges;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Telemetry kept in PostgreSQL 15 or newer, in a schema of its own. Opens the connection pools,
 * brings the schema up to date, and hands out the ports and the {@link PostgresMaintenance}. Any
 * number of programs may use one database at once.
 *
 * <p>Thread-safe. The caller closes it, after everything that uses its ports.
 */
public final class PostgresTelemetry implements AutoCloseable {

  private final PostgresSettings settings;
  private final Database database;
  private final DayPartitions partitions;
  private final PostgresMaintenance maintenance;
  private final UsageFold fold;
  private final PostgresAudit audit;
  private final AtomicLong failedComparisons = new AtomicLong();
  private final @Nullable FoldThread foldThread;

  private PostgresTelemetry(PostgresSettings settings, Database database, boolean folding) {
    this.settings = settings;
    this.database = database;
    this.partitions = new DayPartitions(database, settings.retentionDays());
    this.maintenance =
        new PostgresMaintenance(
            database,
            partitions,
            new Retention(database, partitions, settings.retentionDays(), settings.auditDays()));
    this.audit = new PostgresAudit(database);
    this.fold = new UsageFold(database, settings.namesPerDay());
    this.foldThread = folding ? FoldThread.start(fold) : null;
  }

  /**
   * Connects, migrates the schema, and begins to fold what was appended into the rollups. A user
   * who is not the owner of the tables migrates nothing and must be one to whom {@link #migrate}
   * has granted what is needed. Tables of an earlier version, which kept them in {@code public},
   * are moved to the schema first, if that has none.
   *
   * @param patience how long a database that does not answer yet is waited for
   * @throws StoreUnavailableException if the database cannot be reached, its schema not be made or
   *     brought up to date, or the role that keeps organisations apart not be made
   */
  public static PostgresTelemetry open(PostgresSettings settings, Duration patience) {
    return open(settings, patience, true);
  }

  /**
   * As {@link #open(PostgresSettings, Duration)}; without folding, {@link #fold} is left to do it.
   */
  static PostgresTelemetry open(PostgresSettings settings, Duration patience, boolean folding) {
    return new PostgresTelemetry(settings, Opening.open(settings, patience), folding);
  }

  /**
   * As {@link #open(PostgresSettings, Duration)}, with connections of another's pool, which stays
   * open in the end. Of the settings those that say where to connect to count for nothing.
   */
  static PostgresTelemetry open(PostgresSettings settings, Connector connections) {
    return new PostgresTelemetry(settings, Opening.open(settings, connections), true);
  }

  /**
   * Brings the schema up to date as the owner of the tables, and lets the role of a server, which
   * is not their owner, do what a server needs. That one can be opened then, also by programs that
   * do not know the owner's password. Idempotent.
   *
   * @param owner as whom
   * @param server whose user gets the rights; the same database and schema
   * @param patience how long a database that does not answer yet is waited for
   * @throws StoreUnavailableException as {@link #open} does, or if the two are not one database, or
   *     the server's user has more rights than it is to have; says what an administrator is to do
   */
  public static void migrate(PostgresSettings owner, PostgresSettings server, Duration patience) {
    Opening.migrate(owner, server, patience);
  }

  /**
   * Looks at a database and changes nothing in it; the schema may be out of date or not be there.
   *
   * @throws StoreUnavailableException if it does not answer within seconds, or refuses
   */
  public static PostgresReport inspect(PostgresSettings settings) {
    return Inspection.of(settings);
  }

  /** Where events are kept. */
  public EventStore events() {
    return new PostgresEventStore(
        database, partitions, settings.exporting(), fold.backlog()::await);
  }

  /** Where events are read back. */
  public EventArchive archive() {
    return new PostgresEventArchive(database);
  }

  /** Where single events are looked for. */
  public EventSearch search() {
    return new PostgresEventSearch(database);
  }

  /** Since when models are called with what. */
  public ModelHistory history() {
    return new PostgresModelHistory(database, settings.namesPerDay());
  }

  /** What says that figures have changed. */
  public UsageChanges changes() {
    return org -> database.read(org, handle -> UsageScopes.events(handle, org));
  }

  /** Where questions are answered. */
  public UsageQueries usage() {
    return new PostgresUsageQueries(database, settings.namesPerDay());
  }

  /**
   * Where days are computed and their aggregates kept. A computation has a connection of its own,
   * and minutes, not seconds.
   */
  public DailyAggregateStore days() {
    return new PostgresDays(
        database,
        settings.retentionDays(),
        settings.drift(),
        settings.namesPerDay(),
        failedComparisons);
  }

  /**
   * How many comparisons of days failed and were skipped in this program, such as those with a
   * baseline that cannot be read; needs no database access.
   */
  public long failedComparisons() {
    return failedComparisons.get();
  }

  /**
   * How many events this program has counted under {@code other}, since their model or label was
   * one too many on its day ({@link PostgresSettings#namesPerDay}); known without asking the
   * database.
   */
  public long boundedEvents() {
    return fold.boundedEvents();
  }

  /** How many bytes waited to be folded when that was last looked at; writers wait for them. */
  public long pendingBytes() {
    return fold.backlog().bytes();
  }

  /**
   * Keeps days that another service has computed, for {@code DailyFigures.earlier}. Idempotent: a
   * row takes the place of that of its day and model.
   *
   * @throws StoreUnavailableException if the database cannot be reached in time
   */
  public void keep(List<EarlierAggregate> aggregates) {
    database.write(handle -> EarlierAggregateTable.put(handle, aggregates));
  }

  /** Where baselines are kept, that days are compared with. */
  public DriftBaselines baselines() {
    return new PostgresBaselines(database);
  }

  /** Where alerts are kept, and messages until they have arrived. */
  public AlertStore alerts() {
    return new PostgresAlerts(database);
  }

  /** Requests to erase events, and legal holds. {@link PostgresMaintenance#erase} does the work. */
  public Erasures erasures() {
    return new PostgresErasures(database);
  }

  /** Who did what. */
  public AuditLog audit() {
    return audit;
  }

  /**
   * The fingerprint of the key that ids of users and cases are replaced with; empty if nothing was
   * stored with one.
   *
   * @throws StoreUnavailableException if the database cannot be reached in time
   */
  public Optional<String> pseudonymKey() {
    return database.write(PseudonymKeyTable::find);
  }

  /**
   * Keeps the fingerprint of such a key, unless there is one.
   *
   * @return the one that is kept
   * @throws StoreUnavailableException if the database cannot be reached in time
   */
  public String keepPseudonymKey(String fingerprint) {
    return database.write(handle -> PseudonymKeyTable.keep(handle, fingerprint));
  }

  /** Where keys are kept. */
  public KeyStore keys() {
    return new PostgresKeys(database);
  }

  /**
   * What is still to be exported. Events get there only with {@link PostgresSettings#exporting}, or
   * by a backfill; days always do.
   */
  public ExportQueue exports() {
    return new PostgresExportQueue(database);
  }

  /**
   * Returns if the database answers.
   *
   * @throws StoreUnavailableException if it does not
   */
  public void ping() {
    database.read(
        OrgFilter.all(), handle -> handle.createQuery("SELECT 1").mapTo(Integer.class).one());
  }

  /**
   * Returns if the database can store something: a write that needs room on the disk is made and
   * taken back.
   *
   * @throws StoreUnavailableException if it cannot; the message says why as far as it is known
   */
  public void tryToWrite() {
    WriteProbe.run(database);
  }

  /** What is to be done now and then, beside the ports. */
  public PostgresMaintenance maintenance() {
    return maintenance;
  }

  /** Adds what is pending to the rollups. Figures are the same before and after. */
  int fold() {
    return fold.run();
  }

  /** Closes the pools. What is under way fails with {@link StoreUnavailableException}. */
  @Override
  public void close() {
    if (foldThread != null) {
      foldThread.close();
    }
    database.close();
  }
}

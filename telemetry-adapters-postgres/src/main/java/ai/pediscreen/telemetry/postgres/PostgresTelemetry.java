package ai.pediscreen.telemetry.postgres;

import ai.pediscreen.telemetry.access.KeyStore;
import ai.pediscreen.telemetry.alert.AlertStore;
import ai.pediscreen.telemetry.audit.AuditLog;
import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DriftBaselines;
import ai.pediscreen.telemetry.daily.EarlierAggregate;
import ai.pediscreen.telemetry.erasure.Erasures;
import ai.pediscreen.telemetry.erasure.ExportedEvents;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.spi.EventArchive;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.export.ExportQueue;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.spi.EventSearch;
import ai.pediscreen.telemetry.usage.spi.ModelHistory;
import ai.pediscreen.telemetry.usage.spi.UsageChanges;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Telemetry kept in PostgreSQL 15 or newer, in a schema of its own. Opens the connection pools,
 * brings the schema up to date, and hands out the ports. Any number of programs may use one
 * database at once.
 *
 * <p>Thread-safe. The caller closes it, after everything that uses its ports.
 */
public final class PostgresTelemetry implements AutoCloseable {

  /** Migrations may take as long as they need; a cut connection is still noticed. */
  private static final Duration MIGRATION_SOCKET_TIMEOUT = Duration.ofMinutes(10);

  private final PostgresSettings settings;
  private final Database database;
  private final DayPartitions partitions;
  private final Retention retention;
  private final UsageFold fold;
  private final PostgresAudit audit;
  private final AtomicLong failedComparisons = new AtomicLong();
  private final @Nullable FoldThread foldThread;

  private PostgresTelemetry(PostgresSettings settings, Database database, boolean folding) {
    this.settings = settings;
    this.database = database;
    this.partitions = new DayPartitions(database, settings.retentionDays());
    this.retention =
        new Retention(database, partitions, settings.retentionDays(), settings.auditDays());
    this.audit = new PostgresAudit(database);
    this.fold = new UsageFold(database, settings.namesPerDay());
    this.foldThread = folding ? new FoldThread(fold) : null;
  }

  /**
   * Connects, migrates the schema, and begins to fold what was appended into the rollups. A user
   * who is not the owner of the tables migrates nothing and must be one to whom {@link #migrate}
   * has granted what is needed.
   *
   * @param patience how long a database that does not answer yet is waited for
   *     <p>Tables of an earlier version, which kept them in {@code public}, are moved to the schema
   *     first, if that has none.
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
    Database.awaitReachable(settings, patience);
    prepare(settings, Database.connector(settings), flyway(settings));
    return new PostgresTelemetry(settings, new Database(settings), folding).begun();
  }

  /**
   * As {@link #open(PostgresSettings, Duration)}, with connections of another's pool, which stays
   * open in the end. Of the settings those that say where to connect to count for nothing.
   */
  static PostgresTelemetry open(PostgresSettings settings, Connector connections) {
    prepare(
        settings,
        connections,
        inSchema(
            Flyway.configure()
                .dataSource(new ConnectorDataSource(connections, MIGRATION_SOCKET_TIMEOUT)),
            settings));
    return new PostgresTelemetry(settings, new Database(settings, connections), true).begun();
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
    Database.awaitReachable(owner, patience);
    Connector owning = Database.connector(owner);
    Connector serving = Database.connector(server);
    requireOneDatabase(owning, serving);
    String schema = owner.schema();
    String role = Database.prepare(serving, ServerGrants::roleOf);
    Database.prepare(
        owning,
        handle -> {
          ServerGrants.requireLimited(handle, schema, role);
          return role;
        });
    prepare(owner, owning, flyway(owner));
    Database.prepare(
        owning,
        handle -> {
          OwnSchema.requirePinned(handle, schema);
          TenantRole.ensure(handle, schema, role);
          ServerGrants.ensure(handle, schema, role, server.auditDays());
          return role;
        });
  }

  /** Locks that one session takes are seen by others of the same database alone. */
  private static void requireOneDatabase(Connector owning, Connector serving) {
    long lock = new SecureRandom().nextLong();
    boolean isOne =
        Database.prepare(
            owning,
            handle ->
                AdvisoryLock.tryTake(handle, lock)
                    && !Database.prepare(serving, other -> AdvisoryLock.tryTake(other, lock)));
    if (!isOne) {
      throw new StoreUnavailableException(
          "MIGRATE_DATABASE_URL and DATABASE_URL name two databases; both must name the same");
    }
  }

  /**
   * Makes the partitions of the coming days and the indexes for searches of days that are over, as
   * the owner of the tables: no event waits then, however large a day is.
   *
   * @throws StoreUnavailableException if the database cannot be reached in time
   */
  public static void prepareDays(PostgresSettings owner) {
    try (Database database = new Database(owner)) {
      new DayPartitions(database, owner.retentionDays()).maintain();
    }
  }

  private static void prepare(
      PostgresSettings settings, Connector connections, FluentConfiguration flyway) {
    if (Database.prepare(connections, ServerGrants::isGranted)) {
      requireMigrated(flyway);
    } else {
      OwnSchema.prepare(settings, connections);
      migrate(flyway);
    }
  }

  private PostgresTelemetry begun() {
    try {
      ensureRights();
      if (foldThread != null) {
        foldThread.start();
      }
      return this;
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /**
   * Looks at a database and changes nothing in it; the schema may be out of date or not be there.
   *
   * @throws StoreUnavailableException if it does not answer within seconds, or refuses
   */
  public static PostgresReport inspect(PostgresSettings settings) {
    return Inspection.of(
        settings, flyway(settings, SessionProperties.inspectionProperties(settings)));
  }

  /** Where events are kept. */
  public EventStore events() {
    return new PostgresEventStore(database, partitions, settings.exporting());
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

  /**
   * Keeps days that another service has computed, for {@code DailyFigures.earlier}. Idempotent: a
   * row takes the place of that of its day and model.
   *
   * @throws StoreUnavailableException if the database cannot be reached in time
   */
  public void keep(List<EarlierAggregate> aggregates) {
    database.write(
        handle -> {
          EarlierAggregateTable.put(handle, aggregates);
          return aggregates.size();
        });
  }

  /** Where baselines are kept, that days are compared with. */
  public DriftBaselines baselines() {
    return new PostgresBaselines(database);
  }

  /** Where alerts are kept, and messages until they have arrived. */
  public AlertStore alerts() {
    return new PostgresAlerts(database);
  }

  /** Requests to erase events, and legal holds. {@link #erase} does the work. */
  public Erasures erasures() {
    return new PostgresErasures(database);
  }

  /**
   * Does the erasures that are due, unless another program does. To be called every few seconds;
   * minutes may pass.
   *
   * @param exported where events were exported to; null if they are not
   * @throws StoreUnavailableException if the database cannot be reached in time; the next call
   *     continues
   */
  public void erase(@Nullable ExportedEvents exported) {
    new PostgresErasures(database).run(exported);
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
    return database.write(
        handle -> {
          PseudonymKeyTable.put(handle, fingerprint);
          return PseudonymKeyTable.find(handle).orElseThrow();
        });
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
        OrgScope.all(), handle -> handle.createQuery("SELECT 1").mapTo(Integer.class).one());
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

  /**
   * Makes the partitions of the coming days, and deletes what is past its retention, in small steps
   * that block nothing. Call it more than once a day: a clock that has moved further since the last
   * call is not trusted (see {@link #confirmRetention}); several programs may do so at once, and
   * doing it twice changes nothing. Minutes may pass.
   *
   * @throws StoreUnavailableException if the database cannot be reached in time
   */
  public void maintain() {
    partitions.maintain();
    retention.run();
  }

  /**
   * Makes the indexes by which {@link #search} finds events, in days that are over and that nothing
   * was added to since the last call. To be called about once a minute; {@link #maintain} makes
   * them in days that never rest. Minutes may pass.
   *
   * @throws StoreUnavailableException if the database cannot be reached in time
   */
  public void indexQuietDays() {
    partitions.indexQuietDays();
  }

  /**
   * Confirms to {@link #maintain} that the database's clock is right and that all that has expired
   * by it may be deleted, however much. Needed after the clock has jumped by more than a day, as it
   * does for a database that nothing has maintained for so long, and when more than a week of days
   * has expired at once.
   *
   * @return the first day that is kept
   * @throws StoreUnavailableException if the database cannot be reached in time
   */
  public LocalDate confirmRetention() {
    return retention.confirm();
  }

  /**
   * How many days of raw events have expired and are still there. They go at the next {@link
   * #maintain} that does not wait.
   *
   * @throws StoreUnavailableException if the database cannot be reached in time
   */
  public int expiredDays() {
    return retention.expiredDays();
  }

  /**
   * What retention has done since this program started. Immutable.
   *
   * @param waiting whether it is paused until {@link #confirmRetention}
   * @param droppedDays days whose raw events were dropped
   * @param deletedRows rows of the ledger and the rollups that were deleted
   * @param progress how much of the table that is walked through is done; 0 to 1, and 1 while no
   *     run is under way
   */
  public record Retained(boolean waiting, long droppedDays, long deletedRows, double progress) {}

  /** What retention has done so far; known without asking the database. */
  public Retained retention() {
    return retention.figures();
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

  /** The first that is done on the pools, so that it waits for a connection as long as days do. */
  private void ensureRights() {
    database.maintain(
        handle -> {
          OwnSchema.requirePinned(handle, settings.schema());
          if (ServerGrants.isGranted(handle)) {
            ServerGrants.require(handle);
          } else {
            TenantRole.ensure(handle, settings.schema(), ServerGrants.roleOf(handle));
          }
          return TenantRole.NAME;
        });
  }

  private static FluentConfiguration flyway(PostgresSettings settings) {
    return flyway(
        settings, SessionProperties.startProperties(settings, MIGRATION_SOCKET_TIMEOUT, ""));
  }

  private static FluentConfiguration flyway(PostgresSettings settings, Properties jdbc) {
    Map<String, String> properties = new HashMap<>();
    jdbc.forEach((key, value) -> properties.put((String) key, (String) value));
    return inSchema(
        Flyway.configure()
            .dataSource(SessionProperties.urlOf(settings), settings.user(), settings.password())
            .jdbcProperties(properties),
        settings);
  }

  private static FluentConfiguration inSchema(
      FluentConfiguration flyway, PostgresSettings settings) {
    return flyway
        .defaultSchema(settings.schema())
        .createSchemas(false)
        .locations("classpath:ai/pediscreen/telemetry/postgres/migration");
  }

  /** Only the owner can bring the schema up to date. */
  private static void requireMigrated(FluentConfiguration flyway) {
    try {
      if (flyway.load().info().pending().length > 0) {
        throw new StoreUnavailableException(
            "the database's schema is older than this program, and its user is not the owner; run"
                + " the command migrate with MIGRATE_DATABASE_URL");
      }
    } catch (FlywayException e) {
      throw new StoreUnavailableException("the database's migrations cannot be read", e);
    }
  }

  private static void migrate(FluentConfiguration flyway) {
    try {
      flyway.load().migrate();
    } catch (FlywayException e) {
      throw new StoreUnavailableException(
          "the database's schema could not be brought up to date", e);
    }
  }
}

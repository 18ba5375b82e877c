package ai.pediscreen.telemetry.postgres.day;

import ai.pediscreen.telemetry.daily.ComputedDay;
import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DayNotOverException;
import ai.pediscreen.telemetry.daily.DayTally;
import ai.pediscreen.telemetry.daily.DayValues;
import ai.pediscreen.telemetry.daily.DriftBaseline;
import ai.pediscreen.telemetry.daily.DriftComparison;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftReference;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.daily.EarlierAggregate;
import ai.pediscreen.telemetry.daily.FailedComparison;
import ai.pediscreen.telemetry.daily.ModelDay;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.postgres.partition.RetentionClock;
import ai.pediscreen.telemetry.postgres.transaction.AdvisoryLock;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes a day in one transaction with a single snapshot: its raw events are read once, and of
 * the days before only the stored distributions. If only the reference has changed, the day's own
 * distributions stand for its events.
 *
 * @implNote A day is locked by advisory locks of the session, one for each day: exclusive for the
 *     day itself, shared for the days of its reference, in the order of days. They are held before
 *     the snapshot is taken, so what it shows of these days cannot change any more, and no two
 *     computations write the same row. They are released after the computation, or when its program
 *     is silent for the settings' {@code silenceLimit}, since then the database ends the session.
 *     <p>Then the lock that writers share is taken exclusively and released. Writers that held it
 *     before have committed, and are in the snapshot; those that take it later see that the day is
 *     over and leave a mark, which the snapshot does not show and which therefore stays.
 */
public final class PostgresDays implements DailyAggregateStore {

  /** With the day, counted from 1970, the key of a day's lock. "PSTD" in ASCII. */
  static final int DAY_LOCKS = 0x50_53_54_44;

  private static final Logger LOG = LoggerFactory.getLogger(PostgresDays.class);

  private final Database database;
  private final int retentionDays;
  private final DriftSettings settings;

  private final int namesPerDay;
  private final AtomicLong failedComparisons;

  public PostgresDays(
      Database database,
      int retentionDays,
      DriftSettings settings,
      int namesPerDay,
      AtomicLong failedComparisons) {
    this.database = database;
    this.failedComparisons = failedComparisons;
    this.namesPerDay = namesPerDay;
    this.retentionDays = retentionDays;
    this.settings = settings;
  }

  /**
   * The first day that may be computed. Raw events are dropped at the edge of retention, so the day
   * at the edge is left alone: its partition could go in the middle.
   */
  public static LocalDate firstDay(LocalDate today, int retentionDays) {
    return today.minusDays(Math.max(1, retentionDays - 1));
  }

  @Override
  public Instant now() {
    return database.read(OrgFilter.all(), database::now);
  }

  @Override
  public List<LocalDate> due() {
    return database.read(
        OrgFilter.all(),
        handle -> {
          LocalDate today = today(handle);
          return ComputedDayTable.due(handle, firstDay(today, retentionDays), today);
        });
  }

  @Override
  public int compute(LocalDate day) {
    return database.inOwnSession(
        handle -> {
          LocalDate today = today(handle);
          if (!day.isBefore(today)) {
            throw new DayNotOverException(day);
          }
          if (day.isBefore(firstDay(today, retentionDays))) {
            ComputedDayTable.Row kept = ComputedDayTable.find(handle, day);
            return kept == null ? 0 : kept.aggregates();
          }
          takeLease(handle, day);
          String source = DaySource.of(handle, day, namesPerDay);
          awaitWriters(handle);
          return handle.inTransaction(
              TransactionIsolationLevel.REPEATABLE_READ,
              transaction -> compute(transaction, day, source));
        });
  }

  @Override
  public List<ComputedDay> computed(LocalDate from, LocalDate to) {
    return database.read(OrgFilter.all(), handle -> ComputedDayTable.between(handle, from, to));
  }

  @Override
  public List<DailyAggregate> aggregates(DayFilter filter) {
    return database.read(filter.org(), handle -> AggregateTable.select(handle, filter));
  }

  @Override
  public List<EarlierAggregate> earlier(DayFilter filter) {
    return filter.org().orgId() != null
        ? List.of()
        : database.read(OrgFilter.all(), handle -> EarlierAggregateTable.select(handle, filter));
  }

  @Override
  public List<DriftRecord> drift(DayFilter filter, int limit) {
    return database.read(filter.org(), handle -> DriftTable.select(handle, filter, limit));
  }

  @Override
  public List<DriftRecord> alerts(DayFilter filter) {
    return database.read(filter.org(), handle -> DriftTable.alerts(handle, filter));
  }

  @Override
  public Optional<DriftComparison> comparison(
      LocalDate day, DriftSubject subject, DriftReference reference) {
    return database.read(
        OrgFilter.of(subject.org()),
        handle ->
            DriftComparison.of(
                subject,
                before(handle, day, subject, reference).values(),
                DistributionTable.ofSubject(handle, subject, List.of(day)).values()));
  }

  private static DayValues before(
      Handle handle, LocalDate day, DriftSubject subject, DriftReference reference) {
    if (!reference.isBaseline()) {
      return DistributionTable.ofSubject(handle, subject, reference.before(day));
    }
    return BaselineTable.ofFeature(handle, subject.feature(), unreadable -> {}).stream()
        .filter(one -> one.subject().equals(subject))
        .filter(one -> DriftReference.baseline(one.name()).equals(reference))
        .findFirst()
        .map(DriftBaseline::values)
        .orElse(DayValues.none());
  }

  private int compute(Handle handle, LocalDate day, String source) {
    Database.holdEventsStill(handle);
    ComputedDayTable.Row known = ComputedDayTable.find(handle, day);
    long events = DayEvents.counted(handle, day);
    if (known == null || known.events() != events || LateDays.isMarked(handle, day)) {
      return computeFromEvents(handle, day, source, events);
    }
    return known.referenceChanged() ? compareAgain(handle, day, events) : known.aggregates();
  }

  private int computeFromEvents(Handle handle, LocalDate day, String source, long events) {
    LateDays.clear(handle, day);
    DayTally tally = DayEvents.tally(handle, source, day, settings);
    if (tally.events() != events) {
      if (RetentionClock.wasDropped(handle, day)) {
        // Raw events of that day were dropped under a shorter retention: what is known stays.
        ComputedDayTable.Row known = ComputedDayTable.find(handle, day);
        int aggregates = known == null ? 0 : known.aggregates();
        ComputedDayTable.put(handle, day, events, aggregates, database.now(handle));
        return aggregates;
      }
      LOG.warn(
          "{} has {} events in the rollups but {} in the event table; its aggregates are computed"
              + " from the event table",
          day,
          events,
          tally.events());
    }
    List<ModelDay> models = tally.models();
    Map<DriftSubject, DayValues> values = new LinkedHashMap<>();
    models.forEach(model -> values.putAll(model.values()));
    DistributionTable.replace(handle, day, values);
    DayComparisons comparisons =
        DayComparisons.of(handle, day, settings, (feature, failures) -> ofFeature(values, feature));
    int aggregates =
        store(
            handle,
            day,
            events,
            models.stream().map(model -> DailyAggregate.of(day, model)),
            comparisons);
    ComputedDayTable.distributionChanged(handle, day);
    return aggregates;
  }

  private int compareAgain(Handle handle, LocalDate day, long events) {
    DayComparisons comparisons =
        DayComparisons.of(
            handle,
            day,
            settings,
            (feature, failures) -> DistributionTable.ofDay(handle, day, feature, failures));
    return store(handle, day, events, AggregateTable.ofDay(handle, day).stream(), comparisons);
  }

  private static Map<DriftSubject, DayValues> ofFeature(
      Map<DriftSubject, DayValues> values, String feature) {
    Map<DriftSubject, DayValues> ofFeature = new LinkedHashMap<>();
    values.forEach(
        (subject, own) -> {
          if (subject.feature().equals(feature)) {
            ofFeature.put(subject, own);
          }
        });
    return ofFeature;
  }

  private int store(
      Handle handle,
      LocalDate day,
      long events,
      Stream<DailyAggregate> aggregates,
      DayComparisons comparisons) {
    List<FailedComparison> failures = comparisons.failures();
    if (!failures.isEmpty()) {
      failedComparisons.addAndGet(failures.size());
      LOG.warn(
          "{} comparisons of {} failed and were skipped, such as {}",
          failures.size(),
          day,
          failures.get(0));
    }
    List<DriftRecord> drift = comparisons.records();
    List<DailyAggregate> complete = comparisons.complete(aggregates, drift);
    AggregateTable.replace(handle, day, complete, drift);
    ComputedDayTable.put(handle, day, events, complete.size(), database.now(handle));
    return complete.size();
  }

  private static void takeLease(Handle handle, LocalDate day) {
    for (LocalDate before : DriftReference.allBefore(day)) {
      lock(handle, "SELECT 1 FROM pg_advisory_lock_shared(:locks, :day)", before);
    }
    lock(handle, "SELECT 1 FROM pg_advisory_lock(:locks, :day)", day);
  }

  private static void lock(Handle handle, String statement, LocalDate day) {
    handle
        .createQuery(statement)
        .bind("locks", DAY_LOCKS)
        .bind("day", (int) day.toEpochDay())
        .mapTo(Integer.class)
        .one();
  }

  private static void awaitWriters(Handle handle) {
    AdvisoryLock.takeForAnInstant(handle, AdvisoryLock.WRITERS);
  }

  private LocalDate today(Handle handle) {
    return LocalDate.ofInstant(database.now(handle), ZoneOffset.UTC);
  }
}

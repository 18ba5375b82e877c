package ai.pediscreen.telemetry.postgres;

import ai.pediscreen.telemetry.daily.ComputedDay;
import ai.pediscreen.telemetry.daily.DailyAggregate;
import ai.pediscreen.telemetry.daily.DailyAggregateStore;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DayNotOverException;
import ai.pediscreen.telemetry.daily.DayTally;
import ai.pediscreen.telemetry.daily.DriftFeature;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.FeatureValues;
import ai.pediscreen.telemetry.daily.ModelDay;
import ai.pediscreen.telemetry.drift.CountedValues;
import ai.pediscreen.telemetry.drift.PsiResult;
import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.postgres.DistributionTable.Scoped;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * Computes a day in one transaction with a single snapshot: its raw events are read once, and of
 * the seven days before only the stored distributions. If only the reference has changed, the day's
 * own distributions stand for its events.
 *
 * @implNote Turns are taken with advisory locks of the session, one for each day: exclusive for the
 *     day itself, shared for the days of its reference, in the order of days. They are held before
 *     the snapshot is taken, so what it shows of these days cannot change any more, and no two
 *     computations write the same row. They are let go after the computation, or when nothing is
 *     heard of its program for {@link PostgresSettings#silenceLimit}, since then the database ends
 *     the session.
 *     <p>Then the lock that writers share is taken alone and let go. Writers that held it before
 *     have committed, and are in the snapshot; those that take it later see that the day is over
 *     and leave a mark, which the snapshot does not show and which therefore stays.
 */
final class PostgresDays implements DailyAggregateStore {

  /** With the day, counted from 1970, the key of a day's lock. "PSTD" in ASCII. */
  private static final int DAY_LOCKS = 0x50_53_54_44;

  private final Database database;
  private final int retentionDays;
  private final List<DriftFeature> features;

  private final int namesPerDay;

  PostgresDays(Database database, int retentionDays, List<DriftFeature> features, int namesPerDay) {
    this.database = database;
    this.namesPerDay = namesPerDay;
    this.retentionDays = retentionDays;
    this.features = features;
  }

  /**
   * The first day that may be computed. Raw events are dropped at the edge of retention, so the day
   * at the edge is left alone: its partition could go in the middle.
   */
  static LocalDate firstDay(LocalDate today, int retentionDays) {
    return today.minusDays(Math.max(1, retentionDays - 1));
  }

  @Override
  public Instant now() {
    return database.read(OrgScope.all(), database::now);
  }

  @Override
  public List<LocalDate> due() {
    return database.read(
        OrgScope.all(),
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
          takeTurn(handle, day);
          String source = DayEvents.source(handle, day, namesPerDay);
          awaitWriters(handle);
          return handle.inTransaction(
              TransactionIsolationLevel.REPEATABLE_READ,
              transaction -> compute(transaction, day, source));
        });
  }

  @Override
  public List<ComputedDay> computed(LocalDate from, LocalDate to) {
    return database.read(OrgScope.all(), handle -> ComputedDayTable.between(handle, from, to));
  }

  @Override
  public List<DailyAggregate> aggregates(DayFilter filter) {
    return database.read(filter.org(), handle -> AggregateTable.select(handle, filter));
  }

  @Override
  public List<DriftRecord> drift(DayFilter filter, int limit) {
    return database.read(filter.org(), handle -> AggregateTable.drift(handle, filter, limit));
  }

  @Override
  public Optional<PsiResult<?>> comparison(
      LocalDate day, OrgScope org, String modelId, String feature) {
    Scoped of = new Scoped(org, modelId);
    LocalDate first = day.minusDays(DriftRecord.REFERENCE_DAYS);
    return database.read(
        org,
        handle -> {
          List<byte[]> before =
              DistributionTable.stored(handle, of, feature, first, day.minusDays(1));
          List<byte[]> own = DistributionTable.stored(handle, of, feature, day, day);
          return feature.equals(DriftRecord.LATENCY)
              ? DriftRecord.compare(latencies(before), latencies(own))
              : DriftRecord.compare(values(before), values(own));
        });
  }

  private static CountedValues latencies(List<byte[]> stored) {
    return CountedValues.mergeAll(stored.stream().map(CountedValues::fromBytes).toList());
  }

  private static FeatureValues values(List<byte[]> stored) {
    return stored.stream()
        .map(FeatureValues::fromBytes)
        .reduce(FeatureValues.none(), FeatureValues::merge);
  }

  private int compute(Handle handle, LocalDate day, String source) {
    ComputedDayTable.Row known = ComputedDayTable.find(handle, day);
    long events = DayEvents.counted(handle, day);
    if (known == null || known.events() != events || LateDays.isMarked(handle, day)) {
      return computeFromEvents(handle, day, source, events);
    }
    return known.referenceChanged() ? compareAgain(handle, day, events) : known.aggregates();
  }

  private int computeFromEvents(Handle handle, LocalDate day, String source, long events) {
    LateDays.clear(handle, day);
    DayTally tally = DayEvents.tally(handle, source, day, features);
    if (tally.events() != events && RetentionClock.wasDropped(handle, day)) {
      // Raw events of that day were dropped under a shorter retention: what is known stays.
      ComputedDayTable.Row known = ComputedDayTable.find(handle, day);
      int aggregates = known == null ? 0 : known.aggregates();
      ComputedDayTable.put(handle, day, events, aggregates, database.now(handle));
      return aggregates;
    }
    List<ModelDay> models = tally.models();
    Map<Scoped, CountedValues> references =
        references(handle, day, models.stream().map(Scoped::of).collect(Collectors.toSet()));
    List<DailyAggregate> aggregates = new ArrayList<>(models.size());
    for (ModelDay model : models) {
      aggregates.add(
          DailyAggregate.of(
              day, model, references.getOrDefault(Scoped.of(model), CountedValues.empty())));
    }
    List<DriftRecord> featureDrift = new ArrayList<>();
    for (DriftFeature feature : features) {
      Map<Scoped, FeatureValues> values = new HashMap<>();
      for (ModelDay model : models) {
        FeatureValues own = model.features().get(feature);
        if (own != null) {
          values.put(Scoped.of(model), own);
        }
      }
      featureDrift.addAll(drift(handle, day, feature, values));
    }
    DistributionTable.replace(handle, day, models);
    store(handle, day, events, aggregates, featureDrift);
    ComputedDayTable.distributionChanged(handle, day);
    return aggregates.size();
  }

  private int compareAgain(Handle handle, LocalDate day, long events) {
    List<DailyAggregate> known = AggregateTable.ofDay(handle, day);
    Set<Scoped> keys =
        known.stream().map(one -> new Scoped(one.org(), one.modelId())).collect(Collectors.toSet());
    Map<Scoped, CountedValues> latencies = DistributionTable.latencies(handle, day, day, keys);
    Map<Scoped, CountedValues> references = references(handle, day, keys);
    List<DailyAggregate> aggregates = new ArrayList<>(known.size());
    for (DailyAggregate one : known) {
      Scoped key = new Scoped(one.org(), one.modelId());
      aggregates.add(
          one.comparedWith(
              references.getOrDefault(key, CountedValues.empty()),
              latencies.getOrDefault(key, CountedValues.empty())));
    }
    List<DriftRecord> featureDrift = new ArrayList<>();
    for (DriftFeature feature : features) {
      featureDrift.addAll(
          drift(handle, day, feature, DistributionTable.values(handle, feature, day, day, keys)));
    }
    store(handle, day, events, aggregates, featureDrift);
    return aggregates.size();
  }

  /** One feature at a time, so that its reference is all that is held of seven days. */
  private static List<DriftRecord> drift(
      Handle handle, LocalDate day, DriftFeature feature, Map<Scoped, FeatureValues> current) {
    Map<Scoped, FeatureValues> references =
        DistributionTable.values(
            handle,
            feature,
            day.minusDays(DriftRecord.REFERENCE_DAYS),
            day.minusDays(1),
            current.keySet());
    List<DriftRecord> records = new ArrayList<>();
    current.forEach(
        (key, values) ->
            DriftRecord.compare(references.getOrDefault(key, FeatureValues.none()), values)
                .map(
                    result ->
                        DriftRecord.of(day, key.org(), key.modelId(), feature.pointer(), result))
                .ifPresent(records::add));
    return records;
  }

  private void store(
      Handle handle,
      LocalDate day,
      long events,
      List<DailyAggregate> aggregates,
      List<DriftRecord> featureDrift) {
    AggregateTable.replace(handle, day, aggregates, featureDrift);
    ComputedDayTable.put(handle, day, events, aggregates.size(), database.now(handle));
  }

  private static Map<Scoped, CountedValues> references(
      Handle handle, LocalDate day, Set<Scoped> keys) {
    return DistributionTable.latencies(
        handle, day.minusDays(DriftRecord.REFERENCE_DAYS), day.minusDays(1), keys);
  }

  private static void takeTurn(Handle handle, LocalDate day) {
    for (int before = DriftRecord.REFERENCE_DAYS; before >= 0; before--) {
      handle
          .createQuery(
              before == 0
                  ? "SELECT 1 FROM pg_advisory_lock(:locks, :day)"
                  : "SELECT 1 FROM pg_advisory_lock_shared(:locks, :day)")
          .bind("locks", DAY_LOCKS)
          .bind("day", (int) day.minusDays(before).toEpochDay())
          .mapTo(Integer.class)
          .one();
    }
  }

  private static void awaitWriters(Handle handle) {
    AdvisoryLock.takeForAnInstant(handle, EventAppend.WRITERS_LOCK);
  }

  private LocalDate today(Handle handle) {
    return LocalDate.ofInstant(database.now(handle), ZoneOffset.UTC);
  }
}

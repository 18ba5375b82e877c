package ai.pediscreen.telemetry.postgres.usage;

import static ai.pediscreen.telemetry.postgres.event.EventLedger.noneAsNull;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.postgres.event.EventCalls;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import ai.pediscreen.telemetry.usage.CallReport;
import ai.pediscreen.telemetry.usage.ModelUsage;
import ai.pediscreen.telemetry.usage.Overview;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsagePoint;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.UsageStep;
import ai.pediscreen.telemetry.usage.spi.RollupWidth;
import ai.pediscreen.telemetry.usage.spi.UsageDelta;
import ai.pediscreen.telemetry.usage.spi.UsageLabel;
import ai.pediscreen.telemetry.usage.spi.UsageSeries;
import ai.pediscreen.telemetry.usage.spi.UsageSummary;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Answers from the rollups: days, with hours and minutes at the window's ends, and from what is
 * pending, in one snapshot. What an answer costs depends on models and hours, on what came in since
 * the last fold, and on events of this minute that are later than now, not on how many there are.
 *
 * @implNote A window ends within a day, hour and minute, whose rows count events that lie after the
 *     window too, as far as there are any (senders' clocks run ahead, and some come while a
 *     question is on its way). The widest row that holds none of them ends the answer: mostly the
 *     day's. If there are some within the last minute, its row does, and they are taken away from
 *     it.
 */
public final class PostgresUsageQueries implements UsageQueries {

  private static final Set<UsageLabel.Kind> NO_LABELS = Set.of();
  private static final Set<UsageLabel.Kind> MODEL_LABELS =
      Set.of(UsageLabel.Kind.ADAPTER, UsageLabel.Kind.PROVIDER);

  private final Database database;

  private final int namesPerDay;

  public PostgresUsageQueries(Database database, int namesPerDay) {
    this.database = database;
    this.namesPerDay = namesPerDay;
  }

  @Override
  public Overview overview(UsageFilter filter) {
    return database.read(filter.org(), handle -> summary(handle, filter, NO_LABELS)).overview();
  }

  @Override
  public List<ModelUsage> models(UsageFilter filter, int limit) {
    return database
        .read(filter.org(), handle -> summary(handle, filter, MODEL_LABELS))
        .models(limit);
  }

  @Override
  public CallReport errors(UsageFilter filter, int limit) {
    return report(filter, UsageLabel.Kind.ERROR, limit);
  }

  @Override
  public CallReport fallbacks(UsageFilter filter, int limit) {
    return report(filter, UsageLabel.Kind.FALLBACK, limit);
  }

  @Override
  public List<UsagePoint> series(UsageFilter filter) {
    RollupWidth step = RollupWidth.of(UsageStep.of(filter.window()));
    return database.read(
        filter.org(),
        handle -> {
          UsageSeries series = new UsageSeries(filter.window());
          PendingNames names = new PendingNames(handle, filter, namesPerDay);
          Coverage coverage = Coverage.of(database, handle, names.raw());
          for (UsageRollup.Row row : UsageRollup.rows(handle, filter, coverage.pieces(step))) {
            series.add(row.bucket(), row.tally());
          }
          forEachPending(
              handle,
              filter,
              coverage,
              (key, cell) -> {
                if (names.model(key) != null) {
                  series.add(key.minute(), cell.tally());
                }
              });
          new LaterEvents(handle, filter, names, coverage)
              .forEach(
                  (key, cell) -> {
                    if (names.model(key) != null) {
                      series.remove(key.minute(), cell.tally());
                    }
                  });
          return series.points();
        });
  }

  @Override
  public List<String> organisations(OrgFilter org, @Nullable String after, int limit) {
    return database.read(org, handle -> UsageScopes.organisations(handle, org, after, limit));
  }

  @Override
  public boolean bounded(UsageFilter filter) {
    return database.read(
        filter.org(),
        handle -> UsageScopes.isBoundedSince(handle, filter.org(), filter.window().firstDay()));
  }

  private CallReport report(UsageFilter filter, UsageLabel.Kind kind, int limit) {
    UsageSummary.requireLimit(limit);
    return database.read(
        filter.org(),
        handle ->
            summary(handle, filter, Set.of(kind))
                .report(kind, EventCalls.newest(handle, filter, kind, limit)));
  }

  private UsageSummary summary(
      Handle handle, UsageFilter filter, Collection<UsageLabel.Kind> kinds) {
    UsageSummary summary = new UsageSummary(filter);
    PendingNames names = new PendingNames(handle, filter, namesPerDay);
    Coverage coverage = Coverage.of(database, handle, names.raw());
    LaterEvents later = new LaterEvents(handle, filter, names, coverage);
    for (UsageRollup.Row row : UsageRollup.rows(handle, filter, coverage.pieces())) {
      LocalDate day = LocalDate.ofInstant(row.bucket(), ZoneOffset.UTC);
      names.know(row);
      summary.add(day, noneAsNull(row.modelId()), row.tally());
      later.added(row.bucket(), row.modelId(), row.tally().calls());
    }
    if (!kinds.isEmpty()) {
      for (LabelRollup.Row row : LabelRollup.rows(handle, filter, coverage.pieces(), kinds)) {
        summary.add(noneAsNull(row.modelId()), row.label(), row.events(), row.newest());
      }
    }
    forEachPending(
        handle,
        filter,
        coverage,
        (key, cell) -> {
          String model = names.add(key, cell, kinds, summary);
          if (model != null) {
            later.added(key.minute(), model, cell.tally().calls());
          }
        });
    later.removeFrom(summary, kinds);
    return summary;
  }

  /** What is pending of the window, up to where rows are read. */
  static void forEachPending(
      Handle handle,
      UsageFilter filter,
      Coverage coverage,
      BiConsumer<UsageDelta.Key, UsageDelta.Cell> consumer) {
    PendingUsage.forEach(
        handle,
        filter.org().orgId(),
        (key, cell) -> {
          if (coverage.includes(key.minute())) {
            consumer.accept(key, cell);
          }
        });
  }
}

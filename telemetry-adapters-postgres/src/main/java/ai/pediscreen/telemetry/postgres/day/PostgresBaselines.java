package ai.pediscreen.telemetry.postgres.day;

import ai.pediscreen.telemetry.daily.DayValues;
import ai.pediscreen.telemetry.daily.DriftBaseline;
import ai.pediscreen.telemetry.daily.DriftBaselines;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import java.time.LocalDate;
import java.util.List;

/** Baselines, and the stored days that they are made of. */
public final class PostgresBaselines implements DriftBaselines {

  private final Database database;

  public PostgresBaselines(Database database) {
    this.database = database;
  }

  @Override
  public DayValues stored(DriftSubject subject, LocalDate from, LocalDate to) {
    return database.read(
        OrgFilter.of(subject.org()),
        handle ->
            DistributionTable.ofSubject(handle, subject, from.datesUntil(to.plusDays(1)).toList()));
  }

  @Override
  public void put(DriftBaseline baseline) {
    database.write(
        handle -> {
          DriftTable.removeComparisons(handle, baseline.name(), baseline.subject());
          ComputedDayTable.dueAfter(handle, baseline.to());
          BaselineTable.put(handle, baseline);
          return baseline;
        });
  }

  @Override
  public List<DriftBaseline> list() {
    return database.read(OrgFilter.all(), BaselineTable::all).stream()
        .sorted(DriftBaseline.BY_NAME)
        .toList();
  }

  @Override
  public boolean remove(String name, DriftSubject subject) {
    return database.write(
        handle -> {
          DriftTable.removeComparisons(handle, name, subject);
          return BaselineTable.remove(handle, name, subject);
        });
  }
}

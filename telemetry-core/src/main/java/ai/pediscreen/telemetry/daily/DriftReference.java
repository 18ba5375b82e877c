package ai.pediscreen.telemetry.daily;

import java.time.LocalDate;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What a day is compared with. Immutable.
 *
 * @param name {@code week}, {@code weekdays}, or {@code baseline:} and the name of a {@link
 *     DriftBaseline}
 */
public record DriftReference(String name) {

  /** The seven days before. */
  public static final DriftReference WEEK = new DriftReference("week");

  /** The same day of the four weeks before. */
  public static final DriftReference WEEKDAYS = new DriftReference("weekdays");

  /** How many of the four days must have values, so that one outage does not end the season. */
  public static final int MIN_WEEKDAYS = 3;

  /** How far back a reference reaches. */
  public static final int LONGEST_DAYS = 28;

  private static final int WEEKS = 4;
  private static final String BASELINE = "baseline:";

  /**
   * @throws IllegalArgumentException if it is none of the three
   */
  public DriftReference {
    if (!name.equals("week") && !name.equals("weekdays") && !name.startsWith(BASELINE)) {
      throw new IllegalArgumentException(
          "reference must be week, weekdays or baseline:<name>, but is " + name);
    }
  }

  /** The baseline of that name. */
  public static DriftReference baseline(String baseline) {
    return new DriftReference(BASELINE + baseline);
  }

  /** Whether it is fixed while days pass. */
  public boolean isBaseline() {
    return name.startsWith(BASELINE);
  }

  /** The days that a day is compared with, ascending; none for a baseline. */
  public List<LocalDate> before(LocalDate day) {
    if (isBaseline()) {
      return List.of();
    }
    return equals(WEEK)
        ? days(day, DriftRecord.REFERENCE_DAYS, 1)
        : days(day, WEEKS, DriftRecord.REFERENCE_DAYS);
  }

  /** All days that some reference of a day has, ascending. */
  public static List<LocalDate> allBefore(LocalDate day) {
    TreeSet<LocalDate> days = new TreeSet<>(WEEK.before(day));
    days.addAll(WEEKDAYS.before(day));
    return List.copyOf(days);
  }

  /** All days that have a day in some reference, ascending. */
  public static List<LocalDate> allAfter(LocalDate day) {
    return allBefore(day).stream()
        .map(before -> day.plusDays(day.toEpochDay() - before.toEpochDay()))
        .sorted()
        .toList();
  }

  private static List<LocalDate> days(LocalDate day, int count, int apart) {
    return IntStream.range(0, count)
        .mapToObj(i -> day.minusDays((long) (count - i) * apart))
        .toList();
  }

  @Override
  public String toString() {
    return name;
  }
}

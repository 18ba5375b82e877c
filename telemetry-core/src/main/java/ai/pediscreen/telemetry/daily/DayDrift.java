package ai.pediscreen.telemetry.daily;

import ai.pediscreen.telemetry.drift.DriftGate;
import ai.pediscreen.telemetry.drift.DriftVerdict;
import ai.pediscreen.telemetry.drift.FalseDiscoveryRate;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All comparisons of one day, judged together: the more tests there are, the more certain each has
 * to be.
 *
 * <p>A test is about the values, or about the share of events that have none. Where a day was
 * compared with the same weekdays, these decide about alerts: against the days before, every
 * weekend differs. The record of the days before is then no test of its own; if it differs where
 * the weekdays do not, it is {@link DriftVerdict#SEASONAL}.
 *
 * <p>Mutable, and not safe for use by several threads at once.
 */
public final class DayDrift {

  private final LocalDate date;
  private final DriftSettings settings;
  private final List<Look> looks = new ArrayList<>();
  private final List<FailedComparison> failures = new ArrayList<>();

  private record Look(
      DriftSubject subject,
      DriftReference reference,
      DriftFigures figures,
      boolean large,
      boolean missingLarge) {

    boolean hasMissing() {
      return figures.missingShare() > 0 || figures.referenceMissingShare() > 0;
    }

    DriftVerdict verdict(double certainUpTo) {
      Double pValue = figures.pValue();
      DriftVerdict missing = DriftVerdict.of(figures.missingPValue() <= certainUpTo, missingLarge);
      if (missing == DriftVerdict.SIGNIFICANT || pValue == null) {
        return missing;
      }
      return DriftVerdict.of(pValue <= certainUpTo, large);
    }
  }

  /**
   * No comparison yet.
   *
   * @param date the day
   * @param settings what part of its alerts may be false, and how large they must be
   */
  public DayDrift(LocalDate date, DriftSettings settings) {
    this.date = date;
    this.settings = settings;
  }

  /**
   * Compares a subject's values with those of a reference. There is nothing to compare unless both
   * sides have {@link DriftRecord#MIN_VALUES} values, or both so many events and one side the
   * values; and not with weekdays that mostly have none. Where it cannot be done, that is among the
   * {@link #failures}, and the other comparisons are judged without it.
   */
  public void compare(
      DriftSubject subject, DriftReference reference, DayValues before, DayValues day) {
    try {
      look(subject, reference, before, day);
    } catch (RuntimeException e) {
      failed(new FailedComparison(subject, reference, e));
    }
  }

  /** A comparison that the store could not make because it lacks the values. */
  public void failed(FailedComparison failure) {
    failures.add(failure);
  }

  /** The comparisons that could not be made. */
  public List<FailedComparison> failures() {
    return List.copyOf(failures);
  }

  private void look(
      DriftSubject subject, DriftReference reference, DayValues before, DayValues day) {
    if (reference.equals(DriftReference.WEEKDAYS) && before.days() < DriftReference.MIN_WEEKDAYS) {
      return;
    }
    Optional<DriftComparison> comparison =
        DriftComparison.of(subject, before.values(), day.values());
    boolean someMissed =
        Math.min(before.events(), day.events()) >= DriftRecord.MIN_VALUES
            && Math.max(before.values().total(), day.values().total()) >= DriftRecord.MIN_VALUES;
    if (comparison.isEmpty() && !someMissed) {
      return;
    }
    DriftGate gate = reference.isBaseline() ? settings.baselineGate() : settings.gate();
    DriftFigures figures = DriftFigures.of(subject, before, day, comparison);
    looks.add(
        new Look(
            subject,
            reference,
            figures,
            comparison.map(DriftComparison::evidence).filter(gate::isLarge).isPresent(),
            before.events() > 0
                && Math.abs(figures.missingShare() - figures.referenceMissingShare())
                    > settings.missingShiftAbove()));
  }

  /** The records of all comparisons, each with its verdict. */
  public List<DriftRecord> records() {
    Set<DriftSubject> seasonal = new HashSet<>();
    for (Look look : looks) {
      if (look.reference.equals(DriftReference.WEEKDAYS)) {
        seasonal.add(look.subject);
      }
    }
    double certainUpTo = certainUpTo(seasonal);
    Set<DriftSubject> differing = new HashSet<>();
    for (Look look : looks) {
      if (look.reference.equals(DriftReference.WEEKDAYS)
          && look.verdict(certainUpTo) == DriftVerdict.SIGNIFICANT) {
        differing.add(look.subject);
      }
    }
    List<DriftRecord> records = new ArrayList<>(looks.size());
    for (Look look : looks) {
      DriftVerdict verdict = look.verdict(certainUpTo);
      if (isDecidedByWeekdays(look, seasonal)) {
        verdict = look.verdict(settings.falseAlerts());
        if (verdict == DriftVerdict.SIGNIFICANT && !differing.contains(look.subject)) {
          verdict = DriftVerdict.SEASONAL;
        }
      }
      records.add(new DriftRecord(date, look.subject, look.reference, look.figures, verdict));
    }
    return records;
  }

  /** The largest p-value that is certain enough; −1 if none is. */
  private double certainUpTo(Set<DriftSubject> seasonal) {
    List<Double> pValues = new ArrayList<>();
    for (Look look : looks) {
      if (isDecidedByWeekdays(look, seasonal)) {
        continue;
      }
      Double pValue = look.figures.pValue();
      if (pValue != null) {
        pValues.add(pValue);
      }
      if (look.hasMissing()) {
        pValues.add(look.figures.missingPValue());
      }
    }
    double[] all = pValues.stream().mapToDouble(Double::doubleValue).toArray();
    boolean[] passing = FalseDiscoveryRate.passing(all, settings.falseAlerts());
    double largest = -1;
    for (int i = 0; i < all.length; i++) {
      largest = passing[i] ? Math.max(largest, all[i]) : largest;
    }
    return largest;
  }

  private static boolean isDecidedByWeekdays(Look look, Set<DriftSubject> seasonal) {
    return look.reference.equals(DriftReference.WEEK) && seasonal.contains(look.subject);
  }
}

package ai.pediscreen.telemetry.daily;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.drift.DriftVerdict;
import ai.pediscreen.telemetry.event.OrgScope;
import java.time.LocalDate;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * How far one feature of one model has moved on one UTC day from a reference, and whether that is
 * an alert. Immutable.
 *
 * @param date the day
 * @param subject whose values were compared
 * @param reference what they were compared with
 * @param figures what that came to
 * @param verdict whether it is drift, all looks of the day considered together
 */
public record DriftRecord(
    LocalDate date,
    DriftSubject subject,
    DriftReference reference,
    DriftFigures figures,
    DriftVerdict verdict) {

  /** The feature that every day has: latency in milliseconds. */
  public static final String LATENCY = "latency_ms";

  /** How many values both sides need. */
  public static final int MIN_VALUES = 10;

  /** How many days before a day are its reference. */
  public static final int REFERENCE_DAYS = 7;

  /**
   * Newest day first. Of one day alerts first, then the most certain, then the largest index; of
   * what is equal in all that, by model, feature, subgroup and reference.
   */
  public static final Comparator<DriftRecord> NEWEST_FIRST =
      Comparator.comparing(DriftRecord::date)
          .reversed()
          .thenComparing(one -> !one.alert())
          .thenComparingDouble(one -> one.figures().leastPValue())
          .thenComparing(DriftRecord::psi, Comparator.nullsLast(Comparator.<Double>reverseOrder()))
          .thenComparing(DriftRecord::subject, DriftSubject.ORDER)
          .thenComparing(one -> one.reference().name());

  public DriftRecord {
    requireNonNull(date, "date");
    requireNonNull(subject, "subject");
    requireNonNull(reference, "reference");
    requireNonNull(figures, "figures");
    requireNonNull(verdict, "verdict");
  }

  /** Whose events were compared. */
  public OrgScope org() {
    return subject.org();
  }

  /** The model. */
  public String modelId() {
    return subject.modelId();
  }

  /** What was compared: {@link #LATENCY}, or the pointer of a {@link DriftFeature}. */
  public String feature() {
    return subject.feature();
  }

  /** Population stability index; null if a side has too few values. */
  public @Nullable Double psi() {
    return figures.psi();
  }

  /** Values of the reference. */
  public long referenceCount() {
    return figures.referenceCount();
  }

  /** Values of the day. */
  public long currentCount() {
    return figures.currentCount();
  }

  /** The index that chance stays under in 95 of 100 cases. */
  public double criticalValue() {
    return figures.criticalValue();
  }

  /** Whether it is about all events and the seven days before, as every record once was. */
  public boolean isOfWeek() {
    return reference.equals(DriftReference.WEEK) && subject.subgroup() == null;
  }

  /**
   * The size of the index in the words of PediScreen's clients, whatever the verdict; OK without.
   */
  public DriftSeverity severity() {
    Double psi = psi();
    return psi == null ? DriftSeverity.OK : DriftSeverity.of(psi);
  }

  /**
   * The severity of what the verdict lets pass: OK where there is no alert, at least WARNING where
   * there is one, since what drifts may be seen by another figure than the index.
   */
  public DriftSeverity certainSeverity() {
    if (!alert()) {
      return DriftSeverity.OK;
    }
    return severity() == DriftSeverity.CRITICAL ? DriftSeverity.CRITICAL : DriftSeverity.WARNING;
  }

  /** Whether chance alone would reach this index less often than once in 20 times. */
  public boolean significant() {
    Double psi = psi();
    return psi != null && psi > criticalValue();
  }

  /** Whether the difference is certain among all looks of the day, and large enough to look at. */
  public boolean alert() {
    return verdict == DriftVerdict.SIGNIFICANT;
  }
}

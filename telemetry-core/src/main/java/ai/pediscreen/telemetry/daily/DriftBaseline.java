package ai.pediscreen.telemetry.daily;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.drift.CountedValues;
import ai.pediscreen.telemetry.usage.UsageQueries;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A fixed reference, such as the days of a release or a validation set: slow drift shows against
 * it, but never against the days before. Immutable.
 *
 * @param name what it is called; of one subject no two are the same
 * @param subject whose values it has, all events of a model
 * @param from first day that the values are of; null if they came in a file
 * @param to last day; null if they came in a file
 * @param values the values
 */
public record DriftBaseline(
    String name,
    DriftSubject subject,
    @Nullable LocalDate from,
    @Nullable LocalDate to,
    DayValues values) {

  /** How many values a baseline may have; more could not be added to those of days. */
  public static final long MAX_VALUES = 1_000_000_000_000L;

  /** How many days a baseline may be of. */
  public static final int MAX_DAYS = 400;

  /** Characters of a name. */
  public static final int MAX_NAME_LENGTH = 64;

  /** By name, organisation (all together first), model and feature. */
  public static final Comparator<DriftBaseline> BY_NAME =
      Comparator.comparing(DriftBaseline::name)
          .thenComparing(
              one -> one.subject().org().orgId(), Comparator.nullsFirst(UsageQueries.BY_CODE_POINT))
          .thenComparing(DriftBaseline::subject, DriftSubject.ORDER);

  /**
   * @throws IllegalArgumentException if the name is not made of 1 to {@value #MAX_NAME_LENGTH}
   *     letters, digits, dots, dashes and underscores, there are fewer values than a comparison
   *     needs or more than {@value #MAX_VALUES}, one is a number beyond ±10<sup>300</sup>, or one
   *     is no latency where these are compared
   */
  public DriftBaseline {
    requireName(name);
    requireNonNull(subject, "subject");
    requireBounds(values.values());
    if (subject.subgroup() != null) {
      throw new IllegalArgumentException(
          "a baseline must cover all events of a model, not one subgroup");
    }
    if (subject.isLatency() && !values.areLatencies()) {
      throw new IllegalArgumentException(DayValues.LATENCY_RULE);
    }
    if (values.values().total() < DriftRecord.MIN_VALUES) {
      throw new IllegalArgumentException(
          "a baseline must have at least %d values, but has %d"
              .formatted(DriftRecord.MIN_VALUES, values.values().total()));
    }
  }

  private static void requireBounds(FeatureValues values) {
    double texts = values.texts().values().stream().mapToDouble(Long::doubleValue).sum();
    if (texts + values.otherTexts() + values.numbers().total() > MAX_VALUES) {
      throw new IllegalArgumentException(
          "a baseline must have at most %d values".formatted(MAX_VALUES));
    }
    CountedValues numbers = values.numbers();
    if (!numbers.isEmpty()
        && (numbers.value(0) < -SignificantDigits.LARGEST
            || numbers.value(numbers.distinct() - 1) > SignificantDigits.LARGEST)) {
      throw new IllegalArgumentException("numbers of a baseline must be within ±1e300");
    }
  }

  /**
   * Returns if a baseline may be of such days.
   *
   * @throws IllegalArgumentException if it may not; the message says what {@code to} must be
   */
  public static void requireDays(LocalDate from, LocalDate to) {
    if (from.isAfter(to) || ChronoUnit.DAYS.between(from, to) >= MAX_DAYS) {
      throw new IllegalArgumentException("must be from or later, by under " + MAX_DAYS + " days");
    }
  }

  /**
   * Returns a name that may be one.
   *
   * @throws IllegalArgumentException if it may not
   */
  public static String requireName(String name) {
    if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new IllegalArgumentException(
          "name must be 1 to 64 letters, digits, dots, dashes and underscores");
    }
    return name;
  }
}

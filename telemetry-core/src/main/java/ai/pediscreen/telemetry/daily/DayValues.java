package ai.pediscreen.telemetry.daily;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.drift.CountedValues;
import ai.pediscreen.telemetry.event.Response;

/**
 * The values of one {@link DriftSubject}, of a day or of several together.
 *
 * @param values the values
 * @param events how many events there were, those without a value included; 0 where that is not
 *     known, as of a file of values. Else at least as many as values
 * @param days how many days with values these are
 */
public record DayValues(FeatureValues values, long events, int days) {

  static final String LATENCY_RULE =
      "latencies must be whole numbers between 0 and " + Response.MAX_LATENCY_MILLIS;

  private static final DayValues NONE = new DayValues(FeatureValues.none(), 0, 0);

  /**
   * @throws IllegalArgumentException if there are more values than events
   */
  public DayValues {
    requireNonNull(values, "values");
    if (events < 0 || days < 0 || (events > 0 && values.total() > events)) {
      throw new IllegalArgumentException(
          "events must be at least the %d values, or 0, but are %d"
              .formatted(values.total(), events));
    }
  }

  /** Those of one day. */
  public static DayValues ofDay(FeatureValues values, long events) {
    return new DayValues(values, events, values.total() > 0 ? 1 : 0);
  }

  /**
   * Those that came without events, such as a validation set.
   *
   * @param given decoded JSON, each a value: numbers, texts and booleans; latencies are whole
   *     numbers of milliseconds
   * @throws IllegalArgumentException if one is none, or no latency
   */
  public static DayValues ofValues(DriftSubject subject, Iterable<?> given) {
    FeatureValues.Builder values = FeatureValues.builder();
    CountedValues.Builder latencies = CountedValues.builder();
    for (Object value : given) {
      if (subject.isLatency()) {
        if (!(value instanceof Number number) || !isLatency(number.doubleValue())) {
          throw new IllegalArgumentException(LATENCY_RULE);
        }
        latencies.add(number.longValue(), 1);
      } else {
        if (!(value instanceof Number || value instanceof String || value instanceof Boolean)) {
          throw new IllegalArgumentException("values must be numbers, texts or booleans");
        }
        if (value instanceof Number number && !Double.isFinite(number.doubleValue())) {
          throw new IllegalArgumentException("values must be numbers that fit a double");
        }
        values.add(value, 1);
      }
    }
    FeatureValues all =
        subject.isLatency() ? FeatureValues.ofLatencies(latencies.build()) : values.build();
    return new DayValues(all, 0, 1);
  }

  /** No value of no event. */
  public static DayValues none() {
    return NONE;
  }

  /** Those of both. */
  public DayValues merge(DayValues other) {
    return new DayValues(values.merge(other.values), events + other.events, days + other.days);
  }

  /** Whether all values may be latencies, none of them rounded. */
  boolean areLatencies() {
    CountedValues numbers = values.numbers();
    boolean whole = values.totalOfTexts() == 0 && values.digits() == FeatureValues.EXACT;
    for (int i = 0; i < numbers.distinct() && whole; i++) {
      whole = isLatency(numbers.value(i));
    }
    return whole;
  }

  private static boolean isLatency(double value) {
    return value >= 0 && value <= Response.MAX_LATENCY_MILLIS && value == Math.rint(value);
  }

  /** How many events have no value; 0 where the number of events is not known. */
  public long missing() {
    return events == 0 ? 0 : events - values.total();
  }

  /** The share of events without a value, 0 to 1; 0 without events. */
  public double missingShare() {
    return events == 0 ? 0 : (double) missing() / events;
  }

  /** In the form that is stored; latencies and features have each their own. */
  public byte[] toBytes(DriftSubject subject) {
    return subject.isLatency() ? values.numbers().toBytes() : values.toBytes();
  }

  /**
   * Reads a day's values.
   *
   * @throws IllegalArgumentException if the bytes are something else
   */
  public static DayValues fromBytes(String feature, byte[] bytes, long events) {
    return ofDay(
        feature.equals(DriftRecord.LATENCY)
            ? FeatureValues.ofLatencies(CountedValues.fromBytes(bytes))
            : FeatureValues.fromBytes(bytes),
        events);
  }
}

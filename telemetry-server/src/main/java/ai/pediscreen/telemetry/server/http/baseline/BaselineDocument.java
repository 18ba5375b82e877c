package ai.pediscreen.telemetry.server.http.baseline;

import ai.pediscreen.telemetry.daily.DayValues;
import ai.pediscreen.telemetry.daily.DriftBaseline;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.daily.FeatureValues;
import ai.pediscreen.telemetry.drift.CountedValues;
import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import ai.pediscreen.telemetry.server.http.protocol.QueryParameters;
import ai.pediscreen.telemetry.server.http.query.DriftAnswers;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A baseline with its values as JSON, so that it can be kept elsewhere and set again, also by
 * another server. What was read gives equal bytes when it is written.
 *
 * <p>{@code distribution} has {@code numbers}, pairs of a value and its count; {@code texts}, a
 * count by text; {@code other_texts}, how many are not kept by name; {@code digits}, to how many
 * significant ones numbers are rounded; {@code events}, those without a value included, or 0 where
 * that is not known; and {@code days}.
 */
public final class BaselineDocument {

  /** The field with the values. */
  static final String DISTRIBUTION = "distribution";

  /** As many of it as fit into a body add up to less than {@link Long#MAX_VALUE}. */
  private static final long MAX_COUNT = 1_000_000_000_000L;

  private static final String FROM = "from";
  private static final String TO = "to";
  private static final String EVENTS = "events";
  private static final String DAYS = "days";
  private static final String NUMBERS = "numbers";
  private static final String TEXTS = "texts";
  private static final String OTHER_TEXTS = "other_texts";
  private static final String DIGITS = "digits";

  /** What an exported baseline says; what it was called and of what are left out. */
  private static final Set<String> OF_DOCUMENT =
      new TreeSet<>(
          List.of("name", "org_id", "model_id", "feature", FROM, TO, "values", DISTRIBUTION));

  private static final Set<String> OF_DISTRIBUTION =
      new TreeSet<>(List.of(EVENTS, DAYS, DIGITS, NUMBERS, TEXTS, OTHER_TEXTS));

  private BaselineDocument() {}

  /** Writes a baseline. */
  public static byte[] write(DriftBaseline baseline) {
    return AnswerJson.bytes(json(baseline));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param name what the baseline is called from now on
   * @param subject whose it is from now on
   * @throws IllegalArgumentException if the bytes are something else, or latencies where others are
   *     wanted
   */
  public static DriftBaseline read(String name, DriftSubject subject, byte[] bytes) {
    try {
      return of(name, subject, BaselineRoutes.JSON.readTree(bytes));
    } catch (IOException | NumberFormatException e) {
      throw new IllegalArgumentException("must be one JSON document", e);
    }
  }

  static ObjectNode json(DriftBaseline baseline) {
    ObjectNode json = DriftAnswers.baseline(baseline);
    FeatureValues values = baseline.values().values();
    ObjectNode distribution =
        json.putObject(DISTRIBUTION)
            .put(EVENTS, baseline.values().events())
            .put(DAYS, baseline.values().days())
            .put(DIGITS, values.digits());
    ArrayNode numbers = distribution.putArray(NUMBERS);
    for (int i = 0; i < values.numbers().distinct(); i++) {
      double value = values.numbers().value(i);
      ArrayNode pair = numbers.addArray();
      if (value == (long) value) {
        pair.add((long) value);
      } else {
        pair.add(value);
      }
      pair.add(values.numbers().count(i));
    }
    ObjectNode texts = distribution.putObject(TEXTS);
    values.texts().forEach(texts::put);
    distribution.put(OTHER_TEXTS, values.otherTexts());
    return json;
  }

  static DriftBaseline of(String name, DriftSubject subject, JsonNode document) {
    JsonNode distribution = document.path(DISTRIBUTION);
    if (!distribution.isObject()) {
      throw new IllegalArgumentException("distribution must be an object");
    }
    requireOnly(document, OF_DOCUMENT, "an exported baseline");
    requireOnly(distribution, OF_DISTRIBUTION, "distribution");
    LocalDate from = day(document, FROM);
    LocalDate to = day(document, TO);
    if ((from == null) != (to == null) || (from != null && from.isAfter(to))) {
      throw new IllegalArgumentException("from and to must be days, the first not after the last");
    }
    return new DriftBaseline(
        name,
        subject,
        from,
        to,
        new DayValues(
            values(distribution),
            count(distribution.path(EVENTS), EVENTS, 0),
            whole(distribution, DAYS, Integer.MAX_VALUE)));
  }

  private static void requireOnly(JsonNode object, Set<String> known, String what) {
    if (object.properties().stream().anyMatch(field -> !known.contains(field.getKey()))) {
      throw new IllegalArgumentException(
          "%s has no other fields than %s".formatted(what, String.join(", ", known)));
    }
  }

  /** A part that may be left out, but is nothing else than it should be. */
  private static JsonNode part(JsonNode distribution, String field, boolean array, String rule) {
    JsonNode part = distribution.path(field);
    if (!part.isMissingNode() && !(array ? part.isArray() : part.isObject())) {
      throw new IllegalArgumentException(field + " must be " + rule);
    }
    return part;
  }

  private static FeatureValues values(JsonNode distribution) {
    CountedValues.Builder numbers = CountedValues.builder();
    for (JsonNode pair :
        part(distribution, NUMBERS, true, "an array of pairs of a number and its count")) {
      if (!pair.isArray() || pair.size() != 2 || !pair.path(0).isNumber()) {
        throw new IllegalArgumentException("numbers must be pairs of a number and its count");
      }
      numbers.add(pair.path(0).doubleValue(), count(pair.path(1), NUMBERS, 1));
    }
    TreeMap<String, Long> texts = new TreeMap<>();
    for (Map.Entry<String, JsonNode> text :
        part(distribution, TEXTS, false, "an object with a count for each text").properties()) {
      texts.put(text.getKey(), count(text.getValue(), TEXTS, 1));
      if (text.getKey().codePointCount(0, text.getKey().length()) > FeatureValues.MAX_TEXT_LENGTH) {
        throw new IllegalArgumentException(
            "texts must have at most %d characters".formatted(FeatureValues.MAX_TEXT_LENGTH));
      }
    }
    return new FeatureValues(
        numbers.build(),
        texts,
        count(distribution.path(OTHER_TEXTS), OTHER_TEXTS, 0),
        whole(distribution, DIGITS, FeatureValues.EXACT));
  }

  private static long count(JsonNode value, String field, long least) {
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < least
        || value.longValue() > MAX_COUNT) {
      throw new IllegalArgumentException(
          "%s must be counted in whole numbers from %d to %d".formatted(field, least, MAX_COUNT));
    }
    return value.longValue();
  }

  private static int whole(JsonNode distribution, String field, int most) {
    JsonNode value = distribution.path(field);
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() > most) {
      throw new IllegalArgumentException(
          "%s must be a whole number of at most %d".formatted(field, most));
    }
    return value.intValue();
  }

  private static @Nullable LocalDate day(JsonNode document, String field) {
    JsonNode day = document.path(field);
    if (day.isNull() || day.isMissingNode()) {
      return null;
    }
    LocalDate parsed = day.isTextual() ? QueryParameters.parseDate(day.textValue()) : null;
    if (parsed == null) {
      throw new IllegalArgumentException(field + " must be " + QueryParameters.DATE_RULE);
    }
    return parsed;
  }
}

package ai.pediscreen.telemetry.bigquery;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A table of {@link FakeBigQuery}: what it is, and its rows. Guarded by the fake's lock. */
final class FakeTable {

  /** Streamed rows must lie so near to now. */
  private static final Duration PAST = Duration.ofDays(3_650);

  private static final Duration FUTURE = Duration.ofDays(366);
  private static final int BIGNUMERIC_SCALE = 38;

  /** A column, by its name in lower case. */
  private record FakeColumn(String name, String type, boolean required) {}

  private JsonObject resource;
  private Map<String, FakeColumn> columns;
  private final List<Map<String, Object>> rows = new ArrayList<>();

  FakeTable(JsonObject resource) {
    this.resource = resource;
    this.columns = columns(resource);
  }

  JsonObject resource() {
    return resource;
  }

  List<Map<String, Object>> rows() {
    return rows;
  }

  boolean isView() {
    return resource.has("view");
  }

  /**
   * Changes what the table is.
   *
   * @return why that is refused, or null
   */
  @Nullable String patch(JsonObject changes) {
    Map<String, FakeColumn> next = columns(changes);
    if (changes.has("schema") && !isView()) {
      for (FakeColumn known : columns.values()) {
        FakeColumn same = next.get(known.name());
        if (same == null) {
          return "Provided Schema does not match: field " + known.name() + " is missing";
        }
        if (!same.type().equals(known.type())) {
          return "Provided Schema does not match: field " + known.name() + " has changed type";
        }
        if (same.required() && !known.required()) {
          return "Provided Schema does not match: field " + known.name() + " has changed mode";
        }
      }
      for (FakeColumn one : next.values()) {
        if (!columns.containsKey(one.name()) && one.required()) {
          return "Cannot add required fields to an existing schema: " + one.name();
        }
      }
    }
    JsonObject merged = resource.deepCopy();
    changes.entrySet().forEach(entry -> merged.add(entry.getKey(), entry.getValue()));
    resource = merged;
    columns = columns(merged);
    return null;
  }

  /** Why a writer's schema does not fit the table, or null. */
  @Nullable String schemaFault(FieldDescriptor field) {
    FakeColumn column = columns.get(field.getName());
    if (column == null) {
      return "Input schema has more fields than BigQuery schema, extra fields: " + field.getName();
    }
    boolean fits =
        switch (field.getType()) {
          case STRING ->
              List.of("STRING", "BIGNUMERIC", "NUMERIC", "JSON", "DATE").contains(column.type());
          case INT64 -> List.of("INTEGER", "TIMESTAMP").contains(column.type());
          case DOUBLE -> column.type().equals("FLOAT");
          default -> false;
        };
    return fits
        ? null
        : "The field "
            + field.getName()
            + " of type "
            + field.getType()
            + " does not fit its column";
  }

  /** Why a row cannot stand in the table, naming the column, or null. */
  @Nullable String rowFault(Map<String, Object> row, boolean streamed) {
    for (String name : row.keySet()) {
      if (!columns.containsKey(name)) {
        return "no such field: " + name;
      }
    }
    for (FakeColumn column : columns.values()) {
      Object value = row.get(column.name());
      if (value == null) {
        if (column.required()) {
          return "Required field " + column.name() + " is missing";
        }
        continue;
      }
      String fault = valueFault(column, value, streamed);
      if (fault != null) {
        return "Field " + column.name() + ": " + fault;
      }
    }
    return null;
  }

  private @Nullable String valueFault(FakeColumn column, Object value, boolean streamed) {
    return switch (column.type()) {
      case "STRING" -> value instanceof String ? null : "not a string";
      case "INTEGER" -> value instanceof Long ? null : "not an integer";
      case "FLOAT" -> value instanceof Number ? null : "not a number";
      case "JSON" -> value instanceof String text ? jsonFault(text) : "not JSON";
      case "BIGNUMERIC" -> decimalFault(value.toString());
      case "DATE" -> dateFault(value.toString());
      case "TIMESTAMP" ->
          value instanceof Long micros
              ? timestampFault(column, micros, streamed)
              : "not microseconds";
      default -> "a type the fake does not know: " + column.type();
    };
  }

  private @Nullable String timestampFault(FakeColumn column, long micros, boolean streamed) {
    Instant at = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    Instant now = Instant.now();
    boolean near = at.isAfter(now.minus(PAST)) && at.isBefore(now.plus(FUTURE));
    return !streamed || near || !column.name().equals(partitionField())
        ? null
        : "the value " + at + " is outside the partitions that may be streamed to";
  }

  private static @Nullable String decimalFault(String text) {
    try {
      BigDecimal value = new BigDecimal(text);
      return value.scale() > BIGNUMERIC_SCALE || value.precision() - value.scale() > 38
          ? "the value " + text + " is out of range"
          : null;
    } catch (NumberFormatException e) {
      return "the value " + text + " is no number";
    }
  }

  private static @Nullable String dateFault(String text) {
    try {
      LocalDate unused = LocalDate.parse(text);
      return null;
    } catch (DateTimeParseException e) {
      return "the value " + text + " is no date";
    }
  }

  /** Why a column of type JSON does not take a text, or null. */
  static @Nullable String jsonFault(String text) {
    try (JsonReader json = new JsonReader(new StringReader(text))) {
      json.setStrictness(Strictness.STRICT);
      while (true) {
        switch (json.peek()) {
          case BEGIN_OBJECT -> json.beginObject();
          case END_OBJECT -> json.endObject();
          case BEGIN_ARRAY -> json.beginArray();
          case END_ARRAY -> json.endArray();
          case NUMBER -> {
            if (!fitsJson(json.nextString())) {
              return "a number cannot be stored without loss of precision";
            }
          }
          case END_DOCUMENT -> {
            return null;
          }
          default -> json.skipValue();
        }
      }
    } catch (IOException e) {
      return "not JSON";
    }
  }

  /** A number must come back from the column as it went in. */
  private static boolean fitsJson(String number) {
    BigDecimal exact = new BigDecimal(number);
    double real = exact.doubleValue();
    return (exact.stripTrailingZeros().scale() <= 0 && isInteger64(exact.toBigInteger()))
        || (Double.isFinite(real) && new BigDecimal(Double.toString(real)).compareTo(exact) == 0);
  }

  /** Whether 64 bits hold it, with a sign or without. */
  private static boolean isInteger64(BigInteger value) {
    return value.bitLength() <= (value.signum() < 0 ? 63 : 64);
  }

  @Nullable String partitionField() {
    JsonObject partitioning = resource.getAsJsonObject("timePartitioning");
    return partitioning == null || !partitioning.get("type").getAsString().equals("DAY")
        ? null
        : partitioning.get("field").getAsString();
  }

  /** The day whose partition a row is in. */
  LocalDate partition(Map<String, Object> row) {
    Object value = row.get(String.valueOf(partitionField()));
    return value instanceof Long micros
        ? LocalDate.ofInstant(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), ZoneOffset.UTC)
        : LocalDate.parse(String.valueOf(value));
  }

  /** A line of a load job as a row, with the types that the columns have. */
  Map<String, Object> row(JsonObject line) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry : line.entrySet()) {
      FakeColumn column = columns.get(entry.getKey());
      JsonElement value = entry.getValue();
      if (column != null && column.type().equals("INTEGER")) {
        row.put(entry.getKey(), value.getAsLong());
      } else if (column != null && column.type().equals("FLOAT")) {
        row.put(entry.getKey(), value.getAsDouble());
      } else {
        row.put(entry.getKey(), value.getAsString());
      }
    }
    return row;
  }

  private static Map<String, FakeColumn> columns(JsonObject resource) {
    Map<String, FakeColumn> columns = new LinkedHashMap<>();
    if (resource.has("schema")) {
      JsonArray fields = resource.getAsJsonObject("schema").getAsJsonArray("fields");
      for (JsonElement element : fields) {
        JsonObject field = element.getAsJsonObject();
        String name = field.get("name").getAsString();
        boolean required = field.has("mode") && field.get("mode").getAsString().equals("REQUIRED");
        columns.put(name, new FakeColumn(name, field.get("type").getAsString(), required));
      }
    }
    return columns;
  }
}

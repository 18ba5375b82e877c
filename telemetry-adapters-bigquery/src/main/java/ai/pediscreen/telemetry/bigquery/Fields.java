package ai.pediscreen.telemetry.bigquery;

import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Reads what may be null out of a row, and timestamps, which queries return in microseconds. */
final class Fields {

  private Fields() {}

  static @Nullable String text(FieldValueList row, String name) {
    FieldValue value = row.get(name);
    return value.isNull() ? null : value.getStringValue();
  }

  static @Nullable Long integer(FieldValueList row, String name) {
    FieldValue value = row.get(name);
    return value.isNull() ? null : (Long) value.getLongValue();
  }

  static Instant instant(FieldValueList row, String name) {
    return Instant.EPOCH.plus(row.get(name).getLongValue(), ChronoUnit.MICROS);
  }
}

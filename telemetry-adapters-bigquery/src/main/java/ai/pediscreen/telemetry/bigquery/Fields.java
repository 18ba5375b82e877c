package ai.pediscreen.telemetry.bigquery;

import com.google.cloud.bigquery.FieldValue;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Reads what may be null, and timestamps, which queries return in microseconds. */
final class Fields {

  private Fields() {}

  static @Nullable String text(FieldValue value) {
    return value.isNull() ? null : value.getStringValue();
  }

  static @Nullable Long integer(FieldValue value) {
    return value.isNull() ? null : (Long) value.getLongValue();
  }

  static long integerOr(FieldValue value, long absent) {
    return value.isNull() ? absent : value.getLongValue();
  }

  static Instant instant(FieldValue micros) {
    return Instant.EPOCH.plus(micros.getLongValue(), ChronoUnit.MICROS);
  }
}

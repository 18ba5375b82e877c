package ai.pediscreen.telemetry.bigquery;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Schema;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table whose rows are made of {@code T}.
 *
 * @param name its name
 * @param type its type
 * @param required whether it is never null. Columns added to a table that exists must not be.
 * @param value the value in a row: text, a number, or bytes that are text in UTF-8, as {@link
 *     ColumnType} says
 */
record Column<T>(
    String name, ColumnType type, boolean required, Function<T, @Nullable Object> value) {

  static <T> Column<T> required(String name, ColumnType type, Function<T, @Nullable Object> value) {
    return new Column<>(name, type, true, value);
  }

  static <T> Column<T> nullable(String name, ColumnType type, Function<T, @Nullable Object> value) {
    return new Column<>(name, type, false, value);
  }

  /** The schema of a table with these columns. */
  static Schema schema(List<? extends Column<?>> columns) {
    return Schema.of(columns.stream().map(Column::field).toList());
  }

  private Field field() {
    return Field.newBuilder(name, type.sqlType())
        .setMode(required ? Field.Mode.REQUIRED : Field.Mode.NULLABLE)
        .build();
  }
}

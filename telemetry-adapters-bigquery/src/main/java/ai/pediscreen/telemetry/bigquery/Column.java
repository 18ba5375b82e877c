package ai.pediscreen.telemetry.bigquery;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TimePartitioning;
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

  /** A table with these columns, and a partition for each day of one of them. */
  static StandardTableDefinition.Builder partitioned(List<? extends Column<?>> columns, String by) {
    return StandardTableDefinition.newBuilder()
        .setSchema(Schema.of(columns.stream().map(Column::field).toList()))
        .setTimePartitioning(
            TimePartitioning.newBuilder(TimePartitioning.Type.DAY).setField(by).build());
  }

  private Field field() {
    return Field.newBuilder(name, type.sqlType())
        .setMode(required ? Field.Mode.REQUIRED : Field.Mode.NULLABLE)
        .build();
  }
}

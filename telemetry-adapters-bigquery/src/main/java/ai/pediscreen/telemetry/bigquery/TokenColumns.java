package ai.pediscreen.telemetry.bigquery;

import static ai.pediscreen.telemetry.bigquery.Column.nullable;

import ai.pediscreen.telemetry.event.Tokens;
import com.google.cloud.bigquery.FieldValueList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The columns in which both tables keep tokens; null for none, and in rows of earlier versions. */
final class TokenColumns {

  private static final List<String> NAMES =
      List.of(
          "input_tokens",
          "cache_read_tokens",
          "cache_write_tokens",
          "output_tokens",
          "reasoning_tokens");

  /** Of a group of events: the sums, and how many have tokens and no cost. */
  static final String SUMS =
      NAMES.stream()
              .map("IFNULL(SUM(%1$s), 0) AS %1$s"::formatted)
              .collect(Collectors.joining(", "))
          + ", COUNTIF(cost_estimate_usd IS NULL AND COALESCE(%s) IS NOT NULL) AS unpriced_calls"
              .formatted(String.join(", ", NAMES));

  private TokenColumns() {}

  /** The columns of a table, and those for the tokens of its rows behind them. */
  static <T> List<Column<T>> after(List<Column<T>> columns, Function<T, Tokens> tokens) {
    List<Column<T>> all = new ArrayList<>(columns);
    all.add(column(0, row -> tokens.apply(row).input()));
    all.add(column(1, row -> tokens.apply(row).cacheRead()));
    all.add(column(2, row -> tokens.apply(row).cacheWrite()));
    all.add(column(3, row -> tokens.apply(row).output()));
    all.add(column(4, row -> tokens.apply(row).reasoning()));
    return List.copyOf(all);
  }

  private static <T> Column<T> column(int place, Function<T, Long> tokens) {
    return nullable(
        NAMES.get(place),
        ColumnType.INT64,
        row -> {
          Long count = tokens.apply(row);
          return count == 0 ? null : count;
        });
  }

  /** What a row holds. */
  static Tokens read(FieldValueList row) {
    return new Tokens(
        Fields.integerOr(row.get(NAMES.get(0)), 0),
        Fields.integerOr(row.get(NAMES.get(1)), 0),
        Fields.integerOr(row.get(NAMES.get(2)), 0),
        Fields.integerOr(row.get(NAMES.get(3)), 0),
        Fields.integerOr(row.get(NAMES.get(4)), 0));
  }
}

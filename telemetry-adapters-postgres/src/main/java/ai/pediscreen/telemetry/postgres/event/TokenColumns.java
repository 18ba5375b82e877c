package ai.pediscreen.telemetry.postgres.event;

import ai.pediscreen.telemetry.event.Tokens;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** The columns in which tables keep tokens, in the same order everywhere. */
public final class TokenColumns {

  private static final Map<String, ToLongFunction<Tokens>> VALUES = new LinkedHashMap<>();

  static {
    VALUES.put("input_tokens", Tokens::input);
    VALUES.put("cache_read_tokens", Tokens::cacheRead);
    VALUES.put("cache_write_tokens", Tokens::cacheWrite);
    VALUES.put("output_tokens", Tokens::output);
    VALUES.put("reasoning_tokens", Tokens::reasoning);
  }

  /** Their names, separated by commas. */
  public static final String NAMES = String.join(", ", VALUES.keySet());

  /** A parameter for each that is bound by {@link #bind}. */
  public static final String PARAMETERS = each(":%s");

  /** For the columns of a row that is inserted where one is there already. */
  public static final String FROM_EXCLUDED = each("%1$s = excluded.%1$s");

  /** Of a group of events. */
  public static final String SUMS = each("coalesce(sum(%1$s), 0) AS %1$s");

  /** Of several such groups. */
  public static final String SUMS_OF_SUMS = each("CAST(sum(%1$s) AS bigint) AS %1$s");

  /** How many of a group of events have tokens but no cost. */
  public static final String UNPRICED =
      "count(*) FILTER (WHERE cost_usd IS NULL AND coalesce(%s) IS NOT NULL) AS unpriced"
          .formatted(NAMES);

  private TokenColumns() {}

  private static String each(String format) {
    return VALUES.keySet().stream().map(format::formatted).collect(Collectors.joining(", "));
  }

  /** What a row holds; null counts as 0. */
  public static Tokens read(ResultSet row) throws SQLException {
    return new Tokens(
        row.getLong("input_tokens"),
        row.getLong("cache_read_tokens"),
        row.getLong("cache_write_tokens"),
        row.getLong("output_tokens"),
        row.getLong("reasoning_tokens"));
  }

  /** Binds an array for each column. */
  public static <S extends SqlStatement<S>> S bindArrays(S statement, List<Tokens> rows) {
    VALUES.forEach(
        (name, value) ->
            statement.bindArray(name, Long.class, rows.stream().map(value::applyAsLong).toList()));
    return statement;
  }

  /** Binds an array for each column, with null for 0. */
  static void bind(Parameters parameters, Tokens[] rows) throws SQLException {
    for (ToLongFunction<Tokens> value : VALUES.values()) {
      @Nullable Integer[] column = new Integer[rows.length];
      for (int i = 0; i < rows.length; i++) {
        long tokens = value.applyAsLong(rows[i]);
        column[i] = tokens == 0 ? null : (Integer) (int) tokens;
      }
      parameters.array("int4", column);
    }
  }

  /** Binds a value for each column. */
  public static <S extends SqlStatement<S>> S bind(S statement, Tokens tokens) {
    VALUES.forEach((name, value) -> statement.bind(name, value.applyAsLong(tokens)));
    return statement;
  }
}

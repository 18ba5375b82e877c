package ai.pediscreen.telemetry.bigquery;

import static java.util.Objects.requireNonNull;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.QueryParameterValue;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.zetasql.Analyzer;
import com.google.zetasql.AnalyzerOptions;
import com.google.zetasql.ArrayType;
import com.google.zetasql.LanguageOptions;
import com.google.zetasql.PreparedQuery;
import com.google.zetasql.SimpleCatalog;
import com.google.zetasql.SimpleColumn;
import com.google.zetasql.SimpleTable;
import com.google.zetasql.TableContent;
import com.google.zetasql.Type;
import com.google.zetasql.TypeFactory;
import com.google.zetasql.Value;
import com.google.zetasql.ZetaSQLBuiltinFunctionOptions;
import com.google.zetasql.ZetaSQLOptions.ParameterMode;
import com.google.zetasql.ZetaSQLType.TypeKind;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedStatement;
import com.google.zetasql.toolkit.options.BigQueryLanguageOptions;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * GoogleSQL's own analyser and evaluator over the tables of a dataset, in memory, with the features
 * of the language that BigQuery has. Rows are what the exporter makes of events and aggregates;
 * those of the view are what its query gives.
 *
 * <p>One lock guards all of it. A statement is analysed once for as long as no row is added.
 */
final class Evaluator implements GoogleSql, AutoCloseable {

  static final BigQuerySettings SETTINGS = BigQuerySettings.of("some-project", "telemetry");

  private static final LanguageOptions LANGUAGE = BigQueryLanguageOptions.get();
  private static final ZetaSQLBuiltinFunctionOptions FUNCTIONS =
      new ZetaSQLBuiltinFunctionOptions(LANGUAGE);

  /** As the client writes the value of a parameter. */
  private static final DateTimeFormatter TIMESTAMP =
      new DateTimeFormatterBuilder()
          .appendPattern("yyyy-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
          .appendOffset("+HH:MM", "Z")
          .toFormatter();

  private final SimpleCatalog catalog = new SimpleCatalog("bigquery");
  private final Table<EventTable.Row> events = new Table<>(EventTable.NAME, EventTable.COLUMNS);
  private final Table<AggregateTable.Row> aggregates =
      new Table<>(AggregateTable.NAME, AggregateTable.COLUMNS);
  private final Table<DriftTable.Row> drift = new Table<>(DriftTable.NAME, DriftTable.COLUMNS);
  private final SimpleTable view =
      new SimpleTable(
          SETTINGS.table(EventTable.VIEW).replace("`", ""), events.table().getColumnList());
  private final Map<String, PreparedQuery> prepared = new HashMap<>();

  Evaluator() {
    catalog.addZetaSQLFunctionsAndTypes(FUNCTIONS);
    catalog.addSimpleTable(events.table());
    catalog.addSimpleTable(aggregates.table());
    catalog.addSimpleTable(drift.table());
    catalog.addSimpleTable(view);
  }

  synchronized void addEvents(List<EventTable.Row> rows) {
    changed();
    rows.forEach(events::add);
  }

  synchronized void addAggregates(List<AggregateTable.Row> rows) {
    changed();
    rows.forEach(aggregates::add);
  }

  synchronized void addDrift(List<DriftTable.Row> rows) {
    changed();
    rows.forEach(drift::add);
  }

  @Override
  public synchronized List<FieldValueList> rows(
      String sql, Map<String, QueryParameterValue> parameters) {
    if (!catalog.isRegistered()) {
      catalog.register(contents());
    }
    PreparedQuery query =
        prepared.computeIfAbsent(
            sql,
            text ->
                PreparedQuery.builder()
                    .setSql(text)
                    .setCatalog(catalog)
                    .setAnalyzerOptions(options(parameters))
                    .prepare());
    if (!query.getReferencedParameters().containsAll(parameters.keySet())) {
      throw new IllegalArgumentException(
          "parameters " + parameters.keySet() + " are not all used by " + sql);
    }
    Map<String, Value> values = new HashMap<>();
    parameters.forEach((name, parameter) -> values.put(name, value(parameter)));
    FieldList fields = fields(query.getColumns());
    return query.execute(values).getTableData().stream().map(row -> row(row, fields)).toList();
  }

  /** Analyses a statement against the tables, as the service would. */
  synchronized ResolvedStatement analysed(String sql, Map<String, QueryParameterValue> parameters) {
    return Analyzer.analyzeStatement(sql, options(parameters), catalog);
  }

  @Override
  public synchronized void close() {
    changed();
  }

  private void changed() {
    prepared.values().forEach(PreparedQuery::close);
    prepared.clear();
    if (catalog.isRegistered()) {
      catalog.unregister();
    }
  }

  private Map<String, TableContent> contents() {
    Map<String, TableContent> contents = new HashMap<>();
    contents.put(events.table().getName(), TableContent.create(events.rows));
    contents.put(aggregates.table().getName(), TableContent.create(aggregates.rows));
    contents.put(drift.table().getName(), TableContent.create(drift.rows));
    try (PreparedQuery query =
        PreparedQuery.builder()
            .setSql(EventTable.viewQuery(SETTINGS))
            .setCatalog(catalog)
            .setAnalyzerOptions(options(Map.of()))
            .setTablesContents(contents)
            .prepare()) {
      contents.put(view.getName(), query.execute(Map.of()));
    }
    return contents;
  }

  private static AnalyzerOptions options(Map<String, QueryParameterValue> parameters) {
    AnalyzerOptions options = new AnalyzerOptions();
    options.setLanguageOptions(LANGUAGE);
    options.setParameterMode(ParameterMode.PARAMETER_NAMED);
    options.setPruneUnusedColumns(true);
    // Whatever depends on a time zone without naming it must not work by luck.
    options.setDefaultTimezone("Asia/Kathmandu");
    parameters.forEach((name, value) -> options.addQueryParameter(name, type(value)));
    return options;
  }

  private static Type type(QueryParameterValue parameter) {
    return parameter.getType() == StandardSQLTypeName.ARRAY
        ? TypeFactory.createArrayType(type(requireNonNull(parameter.getArrayType())))
        : type(parameter.getType());
  }

  private static Type type(StandardSQLTypeName name) {
    return TypeFactory.createSimpleType(
        name == StandardSQLTypeName.FLOAT64
            ? TypeKind.TYPE_DOUBLE
            : TypeKind.valueOf("TYPE_" + name));
  }

  private static Value value(QueryParameterValue parameter) {
    if (parameter.getType() == StandardSQLTypeName.ARRAY) {
      return Value.createArrayValue(
          (ArrayType) type(parameter),
          requireNonNull(parameter.getArrayValues()).stream().map(Evaluator::value).toList());
    }
    String text = requireNonNull(parameter.getValue());
    return switch (parameter.getType()) {
      case INT64 -> Value.createInt64Value(Long.parseLong(text));
      case BOOL -> Value.createBoolValue(Boolean.parseBoolean(text));
      case TIMESTAMP ->
          Value.createTimestampValueFromUnixMicros(
              ChronoUnit.MICROS.between(Instant.EPOCH, TIMESTAMP.parse(text, Instant::from)));
      case STRING -> Value.createStringValue(text);
      case DATE -> Value.createDateValue(LocalDate.parse(text));
      default -> throw new IllegalArgumentException("no parameter is a " + parameter.getType());
    };
  }

  private static FieldList fields(List<SimpleColumn> columns) {
    return FieldList.of(
        columns.stream()
            .map(column -> Field.of(column.getName(), StandardSQLTypeName.STRING))
            .toList());
  }

  private static FieldValueList row(List<Value> values, @Nullable FieldList fields) {
    return FieldValueList.of(values.stream().map(Evaluator::fieldValue).toList(), fields);
  }

  /**
   * As the service writes a value and the client reads it: a null array is an empty one, and fields
   * of records within it have no names.
   */
  private static FieldValue fieldValue(Value value) {
    if (value.getType().isArray()) {
      List<FieldValue> elements =
          value.isNull()
              ? List.of()
              : value.getElementList().stream().map(Evaluator::fieldValue).toList();
      return FieldValue.of(
          FieldValue.Attribute.REPEATED, FieldValueList.of(elements, (FieldList) null));
    }
    if (value.getType().isStruct()) {
      return FieldValue.of(FieldValue.Attribute.RECORD, row(value.getFieldList(), null));
    }
    return FieldValue.of(FieldValue.Attribute.PRIMITIVE, value.isNull() ? null : text(value));
  }

  private static String text(Value value) {
    return switch (value.getType().getKind()) {
      case TYPE_INT64 -> Long.toString(value.getInt64Value());
      case TYPE_DOUBLE -> Double.toString(value.getDoubleValue());
      case TYPE_BIGNUMERIC -> value.getBigNumericValue().toPlainString();
      case TYPE_STRING -> value.getStringValue();
      case TYPE_BOOL -> Boolean.toString(value.getBoolValue());
      case TYPE_DATE -> value.getLocalDateValue().toString();
      default -> throw new IllegalArgumentException("no query returns a " + value.getType());
    };
  }

  /** A table's columns by the exporter's definition, and its rows. */
  private static final class Table<T> {
    private final String name;
    private final Map<Column<T>, Type> columns = new LinkedHashMap<>();
    private final List<List<Value>> rows = new ArrayList<>();

    Table(String name, List<Column<T>> columns) {
      this.name = SETTINGS.table(name).replace("`", "");
      columns.forEach(column -> this.columns.put(column, type(column.type().sqlType())));
    }

    SimpleTable table() {
      SimpleTable table = new SimpleTable(name);
      columns.forEach((column, type) -> table.addSimpleColumn(column.name(), type));
      return table;
    }

    void add(T row) {
      List<Value> values = new ArrayList<>(columns.size());
      columns.forEach((column, type) -> values.add(value(column, type, row)));
      rows.add(values);
    }

    private static <T> Value value(Column<T> column, Type type, T row) {
      Object value = column.value().apply(row);
      return value == null ? Value.createNullValue(type) : value(column.type(), value);
    }

    private static Value value(ColumnType type, Object value) {
      return switch (type) {
        case STRING -> Value.createStringValue((String) value);
        case INT64 -> Value.createInt64Value((Long) value);
        case FLOAT64 -> Value.createDoubleValue((Double) value);
        case BIGNUMERIC -> Value.createBigNumericValue(new BigDecimal((String) value));
        case DATE -> Value.createDateValue(LocalDate.parse((String) value));
        case TIMESTAMP -> Value.createTimestampValueFromUnixMicros((Long) value);
        // No question reads it, and the evaluator takes four megabytes of rows.
        case JSON -> Value.createJsonValue("{}");
      };
    }
  }
}

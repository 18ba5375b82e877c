package ai.pediscreen.telemetry.bigquery;

import ai.pediscreen.telemetry.export.ExportException;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.ViewDefinition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes what is not there: the dataset, its tables, columns that tables lack, the reading view.
 * What is there is never dropped, and no column is changed.
 */
final class Dataset {

  private final BigQuerySettings settings;
  private final BigQuery client;

  Dataset(BigQuerySettings settings, BigQuery client) {
    this.settings = settings;
    this.client = client;
  }

  /**
   * Makes what lacks. Idempotent, also when several programs do so at once.
   *
   * @return where the dataset is, such as {@code EU}
   * @throws ExportException if it cannot
   */
  @Nullable String prepare() {
    try {
      String location = dataset();
      table(EventTable.NAME, EventTable.definition(), true);
      table(AggregateTable.NAME, AggregateTable.definition(), false);
      table(DriftTable.NAME, DriftTable.definition(), false);
      view();
      return location;
    } catch (BigQueryException e) {
      throw Failures.of(
          "the tables in %s.%s cannot be prepared"
              .formatted(settings.project(), settings.dataset()),
          e);
    }
  }

  private @Nullable String dataset() {
    com.google.cloud.bigquery.Dataset known = client.getDataset(settings.dataset());
    if (known == null) {
      DatasetInfo.Builder info = DatasetInfo.newBuilder(settings.project(), settings.dataset());
      if (settings.location() != null) {
        info.setLocation(settings.location());
      }
      createUnlessThere(() -> client.create(info.build()));
      known = client.getDataset(settings.dataset());
    }
    return known == null ? settings.location() : known.getLocation();
  }

  private void table(String name, StandardTableDefinition wanted, boolean filterRequired) {
    Table known = client.getTable(id(name));
    if (known == null) {
      TableInfo.Builder info = TableInfo.newBuilder(id(name), wanted);
      if (filterRequired) {
        info.setRequirePartitionFilter(true);
      }
      createUnlessThere(() -> client.create(info.build()));
      return;
    }
    StandardTableDefinition definition = known.getDefinition();
    List<Field> lacking = lacking(name, fields(definition.getSchema()), fields(wanted.getSchema()));
    if (!lacking.isEmpty()) {
      List<Field> all = new ArrayList<>(fields(definition.getSchema()));
      all.addAll(lacking);
      known.toBuilder()
          .setDefinition(definition.toBuilder().setSchema(Schema.of(all)).build())
          .build()
          .update();
    }
  }

  private void view() {
    String query = EventTable.viewQuery(settings);
    ViewDefinition wanted = ViewDefinition.newBuilder(query).setUseLegacySql(false).build();
    Table known = client.getTable(id(EventTable.VIEW));
    if (known == null) {
      createUnlessThere(() -> client.create(TableInfo.of(id(EventTable.VIEW), wanted)));
    } else if (known.getDefinition() instanceof ViewDefinition view
        && !query.equals(view.getQuery())) {
      known.toBuilder().setDefinition(wanted).build().update();
    }
  }

  /** Columns that a table lacks, as NULLABLE: rows that are there have no value for them. */
  private List<Field> lacking(String table, List<Field> known, List<Field> wanted) {
    List<Field> lacking = new ArrayList<>();
    for (Field field : wanted) {
      Field same =
          known.stream()
              .filter(one -> one.getName().equalsIgnoreCase(field.getName()))
              .findFirst()
              .orElse(null);
      if (same == null) {
        lacking.add(field.toBuilder().setMode(Field.Mode.NULLABLE).build());
      } else if (!same.getType().getStandardType().equals(field.getType().getStandardType())) {
        throw new ExportException(
            ExportException.Reason.REFUSED,
            ("column %s of table %s.%s has type %s but must have type %s;"
                    + " the exporter does not change it")
                .formatted(
                    field.getName(),
                    settings.dataset(),
                    table,
                    same.getType().getStandardType(),
                    field.getType().getStandardType()),
            null);
      }
    }
    return lacking;
  }

  private static List<Field> fields(@Nullable Schema schema) {
    FieldList fields = schema == null ? FieldList.of() : schema.getFields();
    return List.copyOf(fields);
  }

  private TableId id(String table) {
    return TableId.of(settings.project(), settings.dataset(), table);
  }

  /** Another program may have been faster. */
  private static void createUnlessThere(Runnable creation) {
    try {
      creation.run();
    } catch (BigQueryException e) {
      if (e.getCode() != 409) {
        throw e;
      }
    }
  }
}

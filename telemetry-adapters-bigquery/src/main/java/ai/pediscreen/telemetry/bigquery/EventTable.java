package ai.pediscreen.telemetry.bigquery;

import static ai.pediscreen.telemetry.bigquery.Column.nullable;
import static ai.pediscreen.telemetry.bigquery.Column.required;

import ai.pediscreen.telemetry.event.Model;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import com.google.cloud.bigquery.Clustering;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TimePartitioning;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Table {@code events}, one row for each event that left, and view {@code events_once}, which is
 * what questions read: it shows a row once that a lost stream made us send twice.
 */
final class EventTable {

  static final String NAME = "events";
  static final String VIEW = "events_once";

  /** Digits after the point that BIGNUMERIC keeps. */
  private static final int BIGNUMERIC_SCALE = 38;

  /**
   * An event and what is known of it only when it leaves.
   *
   * @param event the event
   * @param payload the event as JSON
   * @param exportedAt when it left
   */
  record Row(TelemetryEvent event, String payload, Instant exportedAt) {}

  /**
   * In the order of their numbers in a protobuf row. Stored batches are made of these numbers, so
   * columns are only ever added at the end, and nullable.
   */
  static final List<Column<Row>> COLUMNS =
      List.of(
          nullable("org_id", ColumnType.STRING, row -> row.event().orgId()),
          required("event_id", ColumnType.STRING, row -> row.event().eventId()),
          required("timestamp", ColumnType.TIMESTAMP, row -> micros(row.event().timestamp())),
          nullable("app", ColumnType.STRING, row -> row.event().app()),
          nullable("user_id", ColumnType.STRING, row -> row.event().userId()),
          nullable("case_id", ColumnType.STRING, row -> row.event().caseId()),
          nullable("model_id", ColumnType.STRING, row -> row.event().modelId()),
          nullable("adapter_id", ColumnType.STRING, row -> adapterId(row.event().model())),
          nullable("provider", ColumnType.STRING, row -> provider(row.event().model())),
          nullable("latency_ms", ColumnType.INT64, row -> row.event().response().latencyMillis()),
          nullable("status_code", ColumnType.INT64, row -> statusCode(row.event())),
          nullable("fallback_to", ColumnType.STRING, row -> row.event().response().fallbackTo()),
          nullable("error_code", ColumnType.STRING, row -> row.event().response().errorCode()),
          nullable(
              "cost_estimate_usd", ColumnType.BIGNUMERIC, row -> decimal(row.event().costUsd())),
          nullable("region", ColumnType.STRING, row -> row.event().region()),
          nullable("agent", ColumnType.STRING, row -> row.event().agent()),
          nullable("trace_id", ColumnType.STRING, row -> row.event().traceId()),
          nullable("payload", ColumnType.JSON, Row::payload),
          nullable("exported_at", ColumnType.TIMESTAMP, row -> micros(row.exportedAt())));

  private EventTable() {}

  static StandardTableDefinition definition() {
    return StandardTableDefinition.newBuilder()
        .setSchema(Column.schema(COLUMNS))
        .setTimePartitioning(
            TimePartitioning.newBuilder(TimePartitioning.Type.DAY).setField("timestamp").build())
        .setClustering(Clustering.newBuilder().setFields(List.of("org_id", "model_id")).build())
        .build();
  }

  /**
   * The query of the reading view. Copies of an event have the same timestamp, so it may stand
   * among the keys, and then a condition on the timestamp reaches the partitions.
   */
  static String viewQuery(BigQuerySettings settings) {
    return """
        SELECT *
        FROM `%s.%s.%s`
        WHERE TRUE
        QUALIFY ROW_NUMBER() OVER (
          PARTITION BY org_id, event_id, timestamp ORDER BY exported_at) = 1
        """
        .formatted(settings.project(), settings.dataset(), NAME);
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private static @Nullable String adapterId(@Nullable Model model) {
    return model == null ? null : model.adapterId();
  }

  private static @Nullable String provider(@Nullable Model model) {
    return model == null ? null : model.provider();
  }

  private static @Nullable Long statusCode(TelemetryEvent event) {
    Integer statusCode = event.response().statusCode();
    return statusCode == null ? null : statusCode.longValue();
  }

  private static @Nullable String decimal(@Nullable BigDecimal value) {
    if (value == null) {
      return null;
    }
    BigDecimal kept =
        value.scale() > BIGNUMERIC_SCALE
            ? value.setScale(BIGNUMERIC_SCALE, RoundingMode.HALF_UP)
            : value;
    return kept.toPlainString();
  }
}

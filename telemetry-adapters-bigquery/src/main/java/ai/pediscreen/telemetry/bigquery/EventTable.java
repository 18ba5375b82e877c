package ai.pediscreen.telemetry.bigquery;

import static ai.pediscreen.telemetry.bigquery.Column.nullable;
import static ai.pediscreen.telemetry.bigquery.Column.required;

import ai.pediscreen.telemetry.export.EventReference;
import com.google.cloud.bigquery.Clustering;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Table {@code events}, one row for each event that left, and view {@code events_once}, which is
 * what questions read: it shows a row once that was sent twice after a lost stream.
 */
final class EventTable {

  static final String NAME = "events";
  static final String VIEW = "events_once";

  private static final int ORG_ID = 1;
  private static final int EVENT_ID = 2;
  private static final int TIMESTAMP = 3;

  /** Digits after the point that BIGNUMERIC keeps. */
  private static final int BIGNUMERIC_SCALE = 38;

  /**
   * An event and what is known of it only when it leaves.
   *
   * @param reference which event
   * @param document what it says
   * @param exportedAt when it left
   */
  record Row(EventReference reference, EventDocument document, Instant exportedAt) {}

  /**
   * In the order of their numbers in a protobuf row. Stored batches are made of these numbers, so
   * columns are only ever added at the end, and nullable.
   */
  static final List<Column<Row>> COLUMNS =
      TokenColumns.<Row>after(
          List.of(
              nullable("org_id", ColumnType.STRING, row -> row.reference().orgId()),
              required("event_id", ColumnType.STRING, row -> row.reference().eventId()),
              required(
                  "timestamp", ColumnType.TIMESTAMP, row -> micros(row.reference().timestamp())),
              nullable("app", ColumnType.STRING, row -> row.document().event().text("app")),
              nullable("user_id", ColumnType.STRING, row -> row.document().event().text("user_id")),
              nullable("case_id", ColumnType.STRING, row -> row.document().event().text("case_id")),
              nullable(
                  "model_id", ColumnType.STRING, row -> row.document().model().text("model_id")),
              nullable(
                  "adapter_id",
                  ColumnType.STRING,
                  row -> row.document().model().text("adapter_id")),
              nullable(
                  "provider", ColumnType.STRING, row -> row.document().model().text("provider")),
              nullable(
                  "latency_ms",
                  ColumnType.INT64,
                  row -> row.document().response().whole("latency_ms")),
              nullable(
                  "status_code",
                  ColumnType.INT64,
                  row -> row.document().response().whole("status_code")),
              nullable(
                  "fallback_to",
                  ColumnType.STRING,
                  row -> row.document().response().text("fallback_to")),
              nullable(
                  "error_code",
                  ColumnType.STRING,
                  row -> row.document().response().text("error_code")),
              nullable(
                  "cost_estimate_usd",
                  ColumnType.BIGNUMERIC,
                  row -> decimal(row.document().event().decimal("cost_estimate_usd"))),
              nullable("region", ColumnType.STRING, row -> row.document().event().text("region")),
              nullable("agent", ColumnType.STRING, row -> row.document().event().text("agent")),
              nullable(
                  "trace_id", ColumnType.STRING, row -> row.document().event().text("trace_id")),
              nullable("payload", ColumnType.JSON, row -> row.document().payload()),
              nullable("exported_at", ColumnType.TIMESTAMP, row -> micros(row.exportedAt()))),
          row -> row.document().tokens());

  private EventTable() {}

  /**
   * The event of a row in protobuf.
   *
   * @throws InvalidProtocolBufferException if it is no row of this table
   */
  static EventReference reference(ByteString row) throws InvalidProtocolBufferException {
    UnknownFieldSet fields = UnknownFieldSet.parseFrom(row);
    List<ByteString> orgId = fields.getField(ORG_ID).getLengthDelimitedList();
    List<ByteString> eventId = fields.getField(EVENT_ID).getLengthDelimitedList();
    List<Long> timestamp = fields.getField(TIMESTAMP).getVarintList();
    if (eventId.isEmpty() || timestamp.isEmpty()) {
      throw new InvalidProtocolBufferException("a row must have an event_id and a timestamp");
    }
    return new EventReference(
        orgId.isEmpty() ? null : orgId.get(0).toStringUtf8(),
        eventId.get(0).toStringUtf8(),
        Instant.EPOCH.plus(timestamp.get(0), ChronoUnit.MICROS));
  }

  static StandardTableDefinition definition() {
    return Column.partitioned(COLUMNS, "timestamp")
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

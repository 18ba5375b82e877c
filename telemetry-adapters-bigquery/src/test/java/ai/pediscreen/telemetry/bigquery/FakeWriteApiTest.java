package ai.pediscreen.telemetry.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.api.gax.grpc.GrpcCallContext;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.BidiStream;
import com.google.cloud.bigquery.storage.v1.AppendRowsRequest;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteClient;
import com.google.cloud.bigquery.storage.v1.ProtoSchema;
import com.google.cloud.bigquery.storage.v1.WriteStream;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.Int64Value;
import com.google.rpc.Code;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fake's Storage Write API refuses what the service refuses. */
final class FakeWriteApiTest {

  private static final String TABLE =
      "projects/p-1/datasets/" + BigQuerySettings.DEFAULT_DATASET + "/tables/events";
  private static final RowFormat<EventTable.Row> FORMAT = new RowFormat<>(EventTable.COLUMNS);
  private static final FakeBigQuery FAKE = FakeBigQuery.start("p-1");
  private static final Connections CONNECTIONS = new Connections(FAKE.settings());
  private static final BigQueryWriteClient CLIENT = CONNECTIONS.write();

  private String stream = "";

  @BeforeAll
  static void makeTables() {
    new Dataset(FAKE.settings(), CONNECTIONS.rest()).prepare();
  }

  @AfterAll
  static void close() {
    CONNECTIONS.close();
    FAKE.close();
  }

  @BeforeEach
  void openStream() {
    stream = open(TABLE, WriteStream.Type.COMMITTED);
  }

  @Test
  void streams_areOpenedForExistingTables_andCommitted() {
    assertThat(stream).startsWith(TABLE + "/streams/");
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> open(TABLE + "x", WriteStream.Type.COMMITTED))
        .withMessageContaining("NOT_FOUND");
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> open(TABLE, WriteStream.Type.PENDING))
        .withMessageContaining("INVALID_ARGUMENT");
  }

  @Test
  void rows_areAppendedOnlyAtTheEndOfTheStream() {
    assertThat(send(0, row("a"), row("b")).getAppendResult().getOffset().getValue()).isZero();
    assertThat(send(2, row("c")).hasError()).isFalse();
    assertError(send(0, row("a"), row("b")), Code.ALREADY_EXISTS);
    assertError(send(2, row("d")), Code.ALREADY_EXISTS);
    assertError(send(4, row("d")), Code.OUT_OF_RANGE);
    assertThat(FAKE.rows("events")).extracting(row -> row.get("event_id")).endsWith("a", "b", "c");
  }

  @Test
  void unknownStream_isNotFound() {
    stream = TABLE + "/streams/none";
    assertBroken(request -> request, "NOT_FOUND", row("a"));
  }

  @Test
  void request_mustNameItsStreamInTheHeader() {
    BidiStream<AppendRowsRequest, AppendRowsResponse> call =
        CLIENT.appendRowsCallable().call(GrpcCallContext.createDefault());
    call.send(request(0, row("a")).build());
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> call.iterator().next())
        .withMessageContaining("routing header");
  }

  @Test
  void connection_isForOneStream() {
    String other = open(TABLE, WriteStream.Type.COMMITTED);
    try (AppendConnection connection = connection()) {
      assertThat(connection.send(request(0, row("a")).build(), () -> {}).hasError()).isFalse();
      AppendRowsResponse answer =
          connection.send(request(0, row("b")).setWriteStream(other).build(), () -> {});
      assertError(answer, Code.INVALID_ARGUMENT);
    }
  }

  @Test
  void firstRequest_mustHaveTheSchema() {
    assertBroken(
        request -> {
          request.getProtoRowsBuilder().clearWriterSchema();
          return request;
        },
        "schema",
        row("a"));
  }

  @Test
  void request_mustHaveRows_andAtMostTenMegabytes() {
    assertBroken(request -> request, "no rows");
    assertBroken(request -> request, "10 MB", row("a".repeat(10_000_001)));
    assertThat(send(0, row("a".repeat(9_000_000))).hasError()).isFalse();
  }

  @Test
  void schema_mustFitTheTable() {
    assertThat(withField("nosuch", FieldDescriptorProto.Type.TYPE_STRING).getError().getMessage())
        .contains("extra fields: nosuch");
    assertError(
        withField("latency_ms", FieldDescriptorProto.Type.TYPE_STRING), Code.INVALID_ARGUMENT);
    assertError(withField("event_id", FieldDescriptorProto.Type.TYPE_INT64), Code.INVALID_ARGUMENT);
  }

  @Test
  void rowThatDoesNotFit_isNamed_andNothingOfItsRequestIsWritten() {
    int before = FAKE.rows("events").size();
    long far = micros(Instant.parse("2150-01-01T00:00:00Z"));
    AppendRowsResponse answer =
        send(
            0,
            row("good"),
            ByteString.copyFromUtf8("no message"),
            row(Map.of(3, micros(Instant.now()))),
            row(Map.of(2, "e", 3, far)),
            row(Map.of(2, "e", 3, micros(Instant.now()), 18, "{broken")),
            row(Map.of(2, "e", 3, micros(Instant.now()), 18, "{\"x\":1.00000000000000000001}")),
            row(Map.of(2, "e", 3, micros(Instant.now()), 14, "0." + "1".repeat(39))),
            row(Map.of(2, "e", 3, micros(Instant.now()), 99, "unknown field")));
    assertError(answer, Code.INVALID_ARGUMENT);
    assertThat(answer.getRowErrorsList())
        .extracting(error -> error.getIndex())
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
    assertThat(answer.getRowErrors(1).getMessage()).contains("event_id");
    assertThat(answer.getRowErrors(2).getMessage()).contains("timestamp");
    assertThat(answer.getRowErrors(4).getMessage()).contains("loss of precision");
    assertThat(FAKE.rows("events")).hasSize(before);
  }

  private static String open(String table, WriteStream.Type type) {
    return CLIENT
        .createWriteStream(table, WriteStream.newBuilder().setType(type).build())
        .getName();
  }

  private AppendConnection connection() {
    return new AppendConnection(CLIENT, stream, Duration.ofSeconds(20));
  }

  private AppendRowsResponse send(long offset, ByteString... rows) {
    try (AppendConnection connection = connection()) {
      return connection.send(request(offset, rows).build(), () -> {});
    }
  }

  private void assertBroken(
      UnaryOperator<AppendRowsRequest.Builder> change, String message, ByteString... rows) {
    try (AppendConnection connection = connection()) {
      AppendRowsResponse answer = connection.send(change.apply(request(0, rows)).build(), () -> {});
      assertThat(answer.hasError()).isTrue();
      assertThat(connection.failure()).hasMessageContaining(message);
    }
  }

  private AppendRowsResponse withField(String name, FieldDescriptorProto.Type type) {
    AppendRowsRequest.Builder request = request(0, row("a"));
    request
        .getProtoRowsBuilder()
        .setWriterSchema(
            ProtoSchema.newBuilder()
                .setProtoDescriptor(
                    DescriptorProto.newBuilder()
                        .setName("Row")
                        .addField(
                            FieldDescriptorProto.newBuilder()
                                .setName(name)
                                .setNumber(1)
                                .setType(type)
                                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL))));
    try (AppendConnection connection = connection()) {
      return connection.send(request.build(), () -> {});
    }
  }

  private AppendRowsRequest.Builder request(long offset, ByteString... rows) {
    AppendRowsRequest.Builder request =
        AppendRowsRequest.newBuilder().setWriteStream(stream).setOffset(Int64Value.of(offset));
    request
        .getProtoRowsBuilder()
        .setWriterSchema(ProtoSchema.newBuilder().setProtoDescriptor(FORMAT.descriptor()));
    request.getProtoRowsBuilder().getRowsBuilder().addAllSerializedRows(List.of(rows));
    return request;
  }

  private static ByteString row(String eventId) {
    return row(Map.of(2, eventId, 3, micros(Instant.now())));
  }

  private static ByteString row(Map<Integer, Object> fields) {
    ByteString.Output bytes = ByteString.newOutput();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      for (Map.Entry<Integer, Object> field : fields.entrySet()) {
        if (field.getValue() instanceof Long number) {
          out.writeInt64(field.getKey(), number);
        } else {
          out.writeString(field.getKey(), field.getValue().toString());
        }
      }
      out.flush();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteString();
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private static void assertError(AppendRowsResponse answer, Code code) {
    assertThat(answer.hasError()).isTrue();
    assertThat(answer.getError().getCode()).isEqualTo(code.getNumber());
  }
}

package ai.pediscreen.telemetry.bigquery;

import ai.pediscreen.telemetry.export.AppendReceipt;
import ai.pediscreen.telemetry.export.DeadLetter;
import ai.pediscreen.telemetry.export.EncodedRows;
import ai.pediscreen.telemetry.export.ExportBatch;
import ai.pediscreen.telemetry.export.ExportException;
import com.google.api.gax.rpc.ApiException;
import com.google.cloud.bigquery.storage.v1.AppendRowsRequest;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteClient;
import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.cloud.bigquery.storage.v1.ProtoSchema;
import com.google.cloud.bigquery.storage.v1.RowError;
import com.google.cloud.bigquery.storage.v1.StorageError;
import com.google.cloud.bigquery.storage.v1.TableName;
import com.google.cloud.bigquery.storage.v1.WriteStream;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Int64Value;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Table {@code events} as the Storage Write API takes rows: in a stream whose offsets we give, and
 * of which each row can be read as soon as it is acknowledged (type COMMITTED). Used by one thread.
 */
final class WriteStreams implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TRACE = "pedi-telemetry";

  private final BigQuerySettings settings;
  private final Supplier<BigQueryWriteClient> client;
  private final RowFormat<EventTable.Row> format;
  private final ProtoSchema schema;

  private @Nullable AppendConnection connection;
  private @Nullable String connectedTo;

  WriteStreams(
      BigQuerySettings settings,
      Supplier<BigQueryWriteClient> client,
      RowFormat<EventTable.Row> format) {
    this.settings = settings;
    this.client = client;
    this.format = format;
    this.schema = ProtoSchema.newBuilder().setProtoDescriptor(format.descriptor()).build();
  }

  /** Opens a stream and returns its name. */
  String open() {
    TableName table = TableName.of(settings.project(), settings.dataset(), EventTable.NAME);
    try {
      return client
          .get()
          .createWriteStream(
              table, WriteStream.newBuilder().setType(WriteStream.Type.COMMITTED).build())
          .getName();
    } catch (ApiException e) {
      throw Failures.of("cannot open a stream to " + table, status(e), e);
    }
  }

  /**
   * Sends a stored batch to its place.
   *
   * @param meanwhile runs while the answer is awaited
   */
  AppendReceipt append(ExportBatch batch, Runnable meanwhile) {
    ProtoRows rows = rows(batch.rows());
    String stream = batch.position().stream();
    AppendConnection open = connection;
    boolean first = open == null || !stream.equals(connectedTo);
    if (open == null || first) {
      open = connect(stream);
    }
    AppendRowsRequest.Builder request =
        AppendRowsRequest.newBuilder()
            .setWriteStream(stream)
            .setOffset(Int64Value.of(batch.position().offset()))
            .setTraceId(TRACE);
    request.getProtoRowsBuilder().setRows(rows);
    if (first) {
      request.getProtoRowsBuilder().setWriterSchema(schema);
    }
    AppendRowsResponse answer;
    try {
      answer = open.send(request.build(), meanwhile);
    } catch (RuntimeException | Error e) {
      // The answer that is still to come belongs to no other batch.
      close();
      throw e;
    }
    if (!answer.hasError()) {
      return new AppendReceipt.Appended();
    }
    Throwable cause = open.failure();
    // It may have ended with the answer; a new one costs a round trip, and failures are rare.
    close();
    return receipt(batch, rows, answer, cause);
  }

  /** Ends the connection; what was sent on it may have arrived. */
  @Override
  public void close() {
    AppendConnection last = connection;
    connection = null;
    if (last != null) {
      last.close();
    }
  }

  private AppendConnection connect(String stream) {
    close();
    AppendConnection opened = new AppendConnection(client.get(), stream, PATIENCE);
    connection = opened;
    connectedTo = stream;
    return opened;
  }

  private AppendReceipt receipt(
      ExportBatch batch, ProtoRows rows, AppendRowsResponse answer, @Nullable Throwable cause) {
    if (answer.getRowErrorsCount() > 0) {
      return refused(rows, answer.getRowErrorsList());
    }
    Status status = answer.getError();
    switch (storageError(status)) {
      case OFFSET_ALREADY_EXISTS -> {
        // Only a stored batch comes here, and its place was given to no other.
        return new AppendReceipt.Appended();
      }
      case STREAM_NOT_FOUND,
          STREAM_FINALIZED,
          STREAM_ALREADY_COMMITTED,
          INVALID_STREAM_STATE,
          INVALID_STREAM_TYPE,
          OFFSET_OUT_OF_RANGE,
          TABLE_NOT_FOUND -> {
        return new AppendReceipt.StreamLost();
      }
      default ->
          throw Failures.of(
              "rows for " + batch.position().stream() + " were not appended", status, cause);
    }
  }

  private AppendReceipt refused(ProtoRows rows, List<RowError> errors) {
    Map<Integer, RowError> faults = new HashMap<>();
    errors.forEach(error -> faults.putIfAbsent((int) error.getIndex(), error));
    List<DeadLetter> refused = new ArrayList<>();
    ProtoRows.Builder rest = ProtoRows.newBuilder();
    for (int i = 0; i < rows.getSerializedRowsCount(); i++) {
      ByteString row = rows.getSerializedRows(i);
      RowError fault = faults.get(i);
      if (fault == null) {
        rest.addSerializedRows(row);
      } else {
        refused.add(deadLetter(row, fault));
      }
    }
    return new AppendReceipt.RowsRefused(
        refused,
        rest.getSerializedRowsCount() == 0
            ? null
            : new EncodedRows(rest.getSerializedRowsCount(), rest.build().toByteArray()));
  }

  private DeadLetter deadLetter(ByteString row, RowError fault) {
    try {
      // The message may quote a value, so of it only the column is kept.
      return new DeadLetter(
          EventTable.reference(row),
          "refused by BigQuery (" + fault.getCode() + ")",
          format.columnNamedIn(fault.getMessage()));
    } catch (InvalidProtocolBufferException e) {
      throw damaged(e);
    }
  }

  private static ProtoRows rows(EncodedRows rows) {
    try {
      return ProtoRows.parseFrom(rows.bytes());
    } catch (InvalidProtocolBufferException e) {
      throw damaged(e);
    }
  }

  private static ExportException damaged(InvalidProtocolBufferException cause) {
    return new ExportException(
        ExportException.Reason.REFUSED, "the stored batch is damaged and cannot be sent", cause);
  }

  /** What the service says beyond the status; where it says nothing, what the status means here. */
  private static StorageError.StorageErrorCode storageError(Status status) {
    for (Any detail : status.getDetailsList()) {
      if (detail.is(StorageError.class)) {
        try {
          return detail.unpack(StorageError.class).getCode();
        } catch (InvalidProtocolBufferException e) {
          // Then the status alone has to do.
          break;
        }
      }
    }
    return switch (Failures.code(status)) {
      case ALREADY_EXISTS -> StorageError.StorageErrorCode.OFFSET_ALREADY_EXISTS;
      case OUT_OF_RANGE -> StorageError.StorageErrorCode.OFFSET_OUT_OF_RANGE;
      case NOT_FOUND -> StorageError.StorageErrorCode.STREAM_NOT_FOUND;
      default -> StorageError.StorageErrorCode.STORAGE_ERROR_CODE_UNSPECIFIED;
    };
  }

  private static Status status(ApiException e) {
    Status status = StatusProto.fromThrowable(e);
    return status == null
        ? Status.newBuilder()
            .setCode(Code.UNKNOWN.getNumber())
            .setMessage(String.valueOf(e.getMessage()))
            .build()
        : status;
  }
}

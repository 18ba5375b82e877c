package ai.pediscreen.telemetry.bigquery;

import com.google.cloud.bigquery.storage.v1.AppendRowsRequest;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteGrpc;
import com.google.cloud.bigquery.storage.v1.CreateWriteStreamRequest;
import com.google.cloud.bigquery.storage.v1.RowError;
import com.google.cloud.bigquery.storage.v1.StorageError;
import com.google.cloud.bigquery.storage.v1.WriteStream;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Int64Value;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** BigQueryWrite as {@link FakeBigQuery} speaks it. */
final class FakeWriteApi extends BigQueryWriteGrpc.BigQueryWriteImplBase {

  private static final int MAX_REQUEST_BYTES = 10_000_000;
  private static final Metadata.Key<String> ROUTING =
      Metadata.Key.of("x-goog-request-params", Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<String> ROUTING_OF_CALL = Context.key("routing");

  private final FakeBigQuery fake;

  FakeWriteApi(FakeBigQuery fake) {
    this.fake = fake;
  }

  /** Hands the routing header to the calls. */
  static ServerInterceptor routing() {
    return new ServerInterceptor() {
      @Override
      public <R, A> ServerCall.Listener<R> interceptCall(
          ServerCall<R, A> call, Metadata headers, ServerCallHandler<R, A> next) {
        String routing = headers.get(ROUTING);
        return Contexts.interceptCall(
            Context.current().withValue(ROUTING_OF_CALL, routing == null ? "" : routing),
            call,
            headers,
            next);
      }
    };
  }

  @Override
  public void createWriteStream(
      CreateWriteStreamRequest request, StreamObserver<WriteStream> answer) {
    Status refusal = fake.refusalOfStreams();
    if (refusal == null && fake.table(request.getParent()) == null) {
      refusal = status(Code.NOT_FOUND, "Requested entity was not found: " + request.getParent());
    }
    if (refusal == null && request.getWriteStream().getType() != WriteStream.Type.COMMITTED) {
      refusal = status(Code.INVALID_ARGUMENT, "the fake knows COMMITTED streams alone");
    }
    if (refusal != null) {
      answer.onError(StatusProto.toStatusRuntimeException(refusal));
      return;
    }
    answer.onNext(
        WriteStream.newBuilder()
            .setName(fake.openStream(request.getParent()))
            .setType(WriteStream.Type.COMMITTED)
            .build());
    answer.onCompleted();
  }

  @Override
  public StreamObserver<AppendRowsRequest> appendRows(StreamObserver<AppendRowsResponse> answers) {
    return new Connection(ROUTING_OF_CALL.get(), answers);
  }

  private static Status status(Code code, String message) {
    return Status.newBuilder().setCode(code.getNumber()).setMessage(message).build();
  }

  private static Status status(Code code, String message, StorageError.StorageErrorCode error) {
    return status(code, message).toBuilder()
        .addDetails(Any.pack(StorageError.newBuilder().setCode(error).build()))
        .build();
  }

  /** One call of AppendRows. */
  private final class Connection implements StreamObserver<AppendRowsRequest> {

    private final String routing;
    private final StreamObserver<AppendRowsResponse> answers;
    private @Nullable String stream;
    private @Nullable Descriptor descriptor;
    private boolean ended;

    Connection(String routing, StreamObserver<AppendRowsResponse> answers) {
      this.routing = routing;
      this.answers = answers;
    }

    @Override
    public void onNext(AppendRowsRequest request) {
      if (ended) {
        return;
      }
      FakeBigQuery.Fault fault = fake.nextFault(request.getOffset().getValue());
      if (fault.status() != null && !fault.afterWriting()) {
        end(fault.status());
        return;
      }
      Status fatal = connectionFault(request);
      if (fatal != null) {
        end(fatal);
        return;
      }
      AppendRowsResponse answer = append(request);
      if (fault.status() != null) {
        end(fault.status());
      } else if (!fault.silent()) {
        answers.onNext(answer);
      }
    }

    @Override
    public void onError(Throwable thrown) {
      ended = true;
    }

    @Override
    public void onCompleted() {
      if (!ended) {
        ended = true;
        answers.onCompleted();
      }
    }

    private void end(Status status) {
      ended = true;
      answers.onError(StatusProto.toStatusRuntimeException(status));
    }

    /** What ends the whole connection. */
    private @Nullable Status connectionFault(AppendRowsRequest request) {
      if (request.getSerializedSize() > MAX_REQUEST_BYTES) {
        return status(Code.INVALID_ARGUMENT, "AppendRows request is over 10 MB");
      }
      if (stream == null) {
        if (!routing.equals("write_stream=" + request.getWriteStream())) {
          return status(Code.INVALID_ARGUMENT, "the routing header does not name the stream");
        }
        if (!request.getProtoRows().hasWriterSchema()) {
          return status(Code.INVALID_ARGUMENT, "the first request must have the writer's schema");
        }
        stream = request.getWriteStream();
        try {
          descriptor = descriptor(request);
        } catch (Descriptors.DescriptorValidationException e) {
          return status(Code.INVALID_ARGUMENT, "Invalid proto schema: " + e.getMessage());
        }
      } else if (!request.getWriteStream().isEmpty() && !request.getWriteStream().equals(stream)) {
        return status(Code.INVALID_ARGUMENT, "a connection is for one stream");
      }
      if (!request.hasProtoRows()
          || request.getProtoRows().getRows().getSerializedRowsCount() == 0) {
        return status(Code.INVALID_ARGUMENT, "no rows");
      }
      if (!fake.isOpen(stream)) {
        return status(
            Code.NOT_FOUND,
            "Requested entity was not found: " + stream,
            StorageError.StorageErrorCode.STREAM_NOT_FOUND);
      }
      return null;
    }

    private AppendRowsResponse append(AppendRowsRequest request) {
      String name = String.valueOf(stream);
      synchronized (fake) {
        FakeTable table = fake.tableOf(name);
        Status schemaFault = schemaFault(table);
        if (schemaFault != null) {
          return error(schemaFault, List.of());
        }
        long offset = request.getOffset().getValue();
        long end = fake.end(name);
        if (request.hasOffset() && offset < end) {
          return error(
              status(
                  Code.ALREADY_EXISTS,
                  "The offset is within stream, expected offset " + end + ", received " + offset,
                  StorageError.StorageErrorCode.OFFSET_ALREADY_EXISTS),
              List.of());
        }
        if (request.hasOffset() && offset > end) {
          return error(
              status(
                  Code.OUT_OF_RANGE,
                  "The offset is beyond stream, expected offset " + end + ", received " + offset,
                  StorageError.StorageErrorCode.OFFSET_OUT_OF_RANGE),
              List.of());
        }
        return write(name, table, request, end);
      }
    }

    private AppendRowsResponse write(
        String name, FakeTable table, AppendRowsRequest request, long end) {
      List<Map<String, Object>> rows = new ArrayList<>();
      List<RowError> faults = new ArrayList<>();
      int index = 0;
      for (ByteString bytes : request.getProtoRows().getRows().getSerializedRowsList()) {
        Map<String, Object> row = row(bytes);
        String fault =
            row == null ? "the row is no message of the schema" : fake.rowFault(table, row);
        if (fault != null) {
          faults.add(
              RowError.newBuilder()
                  .setIndex(index)
                  .setCode(RowError.RowErrorCode.FIELDS_ERROR)
                  .setMessage(fault)
                  .build());
        } else if (row != null) {
          rows.add(row);
        }
        index++;
      }
      if (!faults.isEmpty()) {
        return error(status(Code.INVALID_ARGUMENT, "Errors found while processing rows"), faults);
      }
      fake.write(name, table, rows);
      return AppendRowsResponse.newBuilder()
          .setAppendResult(
              AppendRowsResponse.AppendResult.newBuilder().setOffset(Int64Value.of(end)))
          .setWriteStream(name)
          .build();
    }

    private @Nullable Status schemaFault(FakeTable table) {
      for (FieldDescriptor field : fields()) {
        String fault = table.schemaFault(field);
        if (fault != null) {
          return fault.contains("extra fields")
              ? status(
                  Code.INVALID_ARGUMENT,
                  fault,
                  StorageError.StorageErrorCode.SCHEMA_MISMATCH_EXTRA_FIELDS)
              : status(Code.INVALID_ARGUMENT, fault);
        }
      }
      return null;
    }

    private List<FieldDescriptor> fields() {
      return descriptor == null ? List.of() : descriptor.getFields();
    }

    private @Nullable Map<String, Object> row(ByteString bytes) {
      try {
        DynamicMessage message =
            DynamicMessage.newBuilder(descriptor).mergeFrom(bytes).buildPartial();
        if (!message.getUnknownFields().asMap().isEmpty()) {
          return null;
        }
        Map<String, Object> row = new LinkedHashMap<>();
        message.getAllFields().forEach((field, value) -> row.put(field.getName(), value));
        return row;
      } catch (InvalidProtocolBufferException e) {
        return null;
      }
    }

    private static AppendRowsResponse error(Status status, List<RowError> rows) {
      return AppendRowsResponse.newBuilder().setError(status).addAllRowErrors(rows).build();
    }

    private static Descriptor descriptor(AppendRowsRequest request)
        throws Descriptors.DescriptorValidationException {
      FileDescriptorProto file =
          FileDescriptorProto.newBuilder()
              .setName("rows.proto")
              .addMessageType(request.getProtoRows().getWriterSchema().getProtoDescriptor())
              .build();
      return Descriptors.FileDescriptor.buildFrom(file, new Descriptors.FileDescriptor[0])
          .getMessageTypes()
          .get(0);
    }
  }
}

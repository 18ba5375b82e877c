package ai.pediscreen.telemetry.server.otlp.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import com.google.rpc.Status;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.UncheckedIOException;

/** Writes answers in the form of the request. */
public final class OtlpAnswers {

  private static final JsonMapper JSON = new JsonMapper();

  private OtlpAnswers() {}

  /** All records were taken. */
  public static byte[] success(OtlpEncoding encoding) {
    // A message without fields has no bytes.
    return encoding == OtlpEncoding.PROTOBUF
        ? new byte[0]
        : bytes(JsonNodeFactory.instance.objectNode());
  }

  /**
   * Some records were not taken, and are not to be sent again.
   *
   * @param rejected how many; of metrics, how many data points
   * @param message why
   */
  public static byte[] partialSuccess(
      OtlpSignal signal, OtlpEncoding encoding, long rejected, String message) {
    if (encoding == OtlpEncoding.PROTOBUF) {
      return response(signal, rejected, message).toByteArray();
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer
        .putObject("partialSuccess")
        // A whole number of 64 bits is a text in the JSON of protobuf.
        .put(rejectedName(signal), Long.toString(rejected))
        .put("errorMessage", message);
    return bytes(answer);
  }

  /** The request as a whole was not taken: a {@code google.rpc.Status}. */
  public static byte[] failure(OtlpEncoding encoding, int httpStatus, String message) {
    int code = code(httpStatus);
    return encoding == OtlpEncoding.PROTOBUF
        ? Status.newBuilder().setCode(code).setMessage(message).build().toByteArray()
        : bytes(JsonNodeFactory.instance.objectNode().put("code", code).put("message", message));
  }

  private static Message response(OtlpSignal signal, long rejected, String message) {
    return switch (signal) {
      case TRACES -> {
        ExportTraceServiceResponse.Builder response = ExportTraceServiceResponse.newBuilder();
        response.getPartialSuccessBuilder().setRejectedSpans(rejected).setErrorMessage(message);
        yield response.build();
      }
      case LOGS -> {
        ExportLogsServiceResponse.Builder response = ExportLogsServiceResponse.newBuilder();
        response
            .getPartialSuccessBuilder()
            .setRejectedLogRecords(rejected)
            .setErrorMessage(message);
        yield response.build();
      }
      case METRICS -> {
        ExportMetricsServiceResponse.Builder response = ExportMetricsServiceResponse.newBuilder();
        response
            .getPartialSuccessBuilder()
            .setRejectedDataPoints(rejected)
            .setErrorMessage(message);
        yield response.build();
      }
    };
  }

  private static String rejectedName(OtlpSignal signal) {
    return switch (signal) {
      case TRACES -> "rejectedSpans";
      case LOGS -> "rejectedLogRecords";
      case METRICS -> "rejectedDataPoints";
    };
  }

  /** What gRPC calls it. */
  private static int code(int httpStatus) {
    return switch (httpStatus) {
      case 401 -> 16;
      case 403 -> 7;
      case 404 -> 5;
      case 429 -> 8;
      case 500 -> 13;
      case 503 -> 14;
      default -> 3;
    };
  }

  private static byte[] bytes(ObjectNode answer) {
    try {
      return JSON.writeValueAsBytes(answer);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree of plain nodes can always be written", e);
    }
  }
}

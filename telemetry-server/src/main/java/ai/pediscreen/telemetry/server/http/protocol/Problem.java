package ai.pediscreen.telemetry.server.http.protocol;

import ai.pediscreen.telemetry.event.FieldFault;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.HttpStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The reason of a failed request, as the caller gets it (RFC 9457).
 *
 * <p>No part of it ever holds a value that the caller sent: events are about children.
 *
 * @param status HTTP status
 * @param errorCode name for programs
 * @param message sentence for people
 * @param errors faults of single fields; empty unless an event was refused
 * @param headers headers that belong to the status, such as {@code Allow}
 */
public record Problem(
    int status,
    String errorCode,
    String message,
    List<FieldFault> errors,
    Map<String, String> headers) {

  public static final String CONTENT_TYPE = "application/problem+json";

  private static final String RETRY_AFTER = "Retry-After";

  public Problem {
    errors = List.copyOf(errors);
    headers = Map.copyOf(headers);
  }

  public static Problem of(int status, String errorCode, String message) {
    return new Problem(status, errorCode, message, List.of(), Map.of());
  }

  public static Problem badParameter(String message) {
    return of(400, "INVALID_PARAMETER", message);
  }

  public static Problem invalidJson(String message) {
    return of(400, "INVALID_JSON", message);
  }

  public static Problem refusedEvent(String errorCode, List<FieldFault> errors) {
    return new Problem(422, errorCode, "the event was refused, see errors", errors, Map.of());
  }

  /** Fields of a request that is no event. */
  public static Problem invalidFields(List<FieldFault> errors) {
    return new Problem(
        422, "INVALID_FIELD", "the request was refused, see errors", errors, Map.of());
  }

  /**
   * The store is unavailable or slow.
   *
   * @param retrySeconds when to ask again
   */
  public static Problem storeUnavailable(int retrySeconds) {
    return new Problem(
        503,
        "STORE_UNAVAILABLE",
        "the store cannot be reached or is overloaded; retrying is safe, an event counts once",
        List.of(),
        Map.of(RETRY_AFTER, Integer.toString(retrySeconds)));
  }

  /**
   * The audit log is blocked.
   *
   * @param retrySeconds when to ask again
   */
  public static Problem auditBlocked(int retrySeconds) {
    return new Problem(
        503,
        "STORE_UNAVAILABLE",
        "this request must be recorded in the audit log, which is blocked; see the server's log",
        List.of(),
        Map.of(RETRY_AFTER, Integer.toString(retrySeconds)));
  }

  public static Problem jobsUnavailable() {
    return new Problem(
        503,
        "JOBS_UNAVAILABLE",
        "the job queue cannot be reached; retrying is safe, and no day is lost",
        List.of(),
        Map.of(RETRY_AFTER, "2"));
  }

  /** The server is overloaded, and one more request would endanger the rest. */
  public static Problem busy(String message) {
    return busy(message, 1);
  }

  /**
   * The same.
   *
   * @param retrySeconds when to ask again
   */
  public static Problem busy(String message, int retrySeconds) {
    return new Problem(
        503, "BUSY", message, List.of(), Map.of(RETRY_AFTER, Integer.toString(retrySeconds)));
  }

  /**
   * The sender is over its own rate limit.
   *
   * @param retrySeconds when it is below again
   */
  public static Problem tooMany(String message, int retrySeconds) {
    return new Problem(
        429,
        "TOO_MANY_REQUESTS",
        message,
        List.of(),
        Map.of(RETRY_AFTER, Integer.toString(retrySeconds)));
  }

  public ProblemException exception() {
    return new ProblemException(this);
  }

  public byte[] toJson(String traceId, Instant now) {
    ObjectNode json = AnswerJson.object();
    json.put("type", "about:blank");
    json.put("title", HttpStatus.forStatus(status).getMessage());
    json.put("status", status);
    json.put("detail", message);
    // The occurrence, not the path: a path that is not ours may hold anything.
    json.put("instance", "urn:request:" + URLEncoder.encode(traceId, StandardCharsets.UTF_8));
    json.put("error_code", errorCode);
    json.put("message", message);
    json.put("trace_id", traceId);
    json.put("timestamp", AnswerJson.timestamp(now));
    if (!errors.isEmpty()) {
      ArrayNode list = json.putArray("errors");
      for (FieldFault fault : errors) {
        list.addObject().put("field", fault.field()).put("message", fault.message());
      }
    }
    return AnswerJson.bytes(json);
  }
}

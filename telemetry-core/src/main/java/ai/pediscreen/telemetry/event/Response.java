package ai.pediscreen.telemetry.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the model answered.
 *
 * @param latencyMillis time to the answer in whole milliseconds, 0 to 86 400 000 (a day); null if
 *     not measured
 * @param statusCode HTTP status of the answer, 0 to 999; null if there was none
 * @param fallbackTo what answered in the model's place, at most 256 characters; null if nothing did
 * @param errorCode the caller's name for what went wrong, at most 128 characters
 * @param additional fields that the contract does not name, kept as they came; none may have the
 *     name of one that it does
 */
public record Response(
    @Nullable Long latencyMillis,
    @Nullable Integer statusCode,
    @Nullable String fallbackTo,
    @Nullable String errorCode,
    Map<String, @Nullable Object> additional) {

  /** The longest latency: a day. */
  public static final long MAX_LATENCY_MILLIS = 86_400_000;

  static final int MAX_STATUS_CODE = 999;
  static final int MAX_FALLBACK_LENGTH = 256;
  static final int MAX_ERROR_CODE_LENGTH = 128;

  /** A response of which nothing is known. It counts as an error, for want of a status. */
  public static final Response UNKNOWN = new Response(null, null, null, null, Map.of());

  public Response {
    if (latencyMillis != null) {
      Rules.require(
          "response.latency_ms", Rules.between(latencyMillis, 0, MAX_LATENCY_MILLIS, "a number"));
    }
    if (statusCode != null) {
      Rules.require(
          "response.status_code", Rules.between(statusCode, 0, MAX_STATUS_CODE, "an integer"));
    }
    Rules.require("response.fallback_to", Rules.text(fallbackTo, MAX_FALLBACK_LENGTH));
    Rules.require("response.error_code", Rules.text(errorCode, MAX_ERROR_CODE_LENGTH));
    additional = CheckedObject.of("response", additional, 1, Fields.OF_RESPONSE);
  }
}

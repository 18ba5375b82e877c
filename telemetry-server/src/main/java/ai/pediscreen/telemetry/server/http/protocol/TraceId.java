package ai.pediscreen.telemetry.server.http.protocol;

import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.http.RequestHandler;
import io.javalin.http.Context;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a request in answers and logs: its {@code x-request-id} if that is printable ASCII of
 * at most 128 characters and does not look like an identifier of a person, or the trace id of its
 * W3C {@code traceparent}, or a new random one of 32 hexadecimal digits.
 */
public final class TraceId {

  public static final String HEADER = "x-request-id";

  private static final int MAX_LENGTH = 128;
  private static final HexFormat HEX = HexFormat.of();

  /** Of a request that has its trace id. */
  public static final String ATTRIBUTE = "trace_id";

  /** A later version may add fields at the end; version ff and an id of zeros are not valid. */
  private static final Pattern TRACEPARENT =
      Pattern.compile(
          "(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");

  private TraceId() {}

  /** Puts the trace id, which {@link RequestHandler} found, into the answer. */
  public static void tell(Context ctx) {
    ctx.header(HEADER, of(ctx));
  }

  /** What {@link RequestHandler} found. */
  public static String of(Context ctx) {
    return Objects.requireNonNull(ctx.<String>attribute(ATTRIBUTE), "no trace id was assigned");
  }

  public static String of(HeaderLookup headers) {
    String requestId = headers.value(HEADER);
    if (requestId != null && isAcceptable(requestId)) {
      return requestId;
    }
    String traceparent = headers.value("traceparent");
    if (traceparent != null) {
      Matcher matcher = TRACEPARENT.matcher(traceparent);
      if (matcher.matches() && (!"00".equals(matcher.group(1)) || matcher.group(3) == null)) {
        return matcher.group(2);
      }
    }
    return random();
  }

  private static boolean isAcceptable(String requestId) {
    return !requestId.isBlank()
        && requestId.length() <= MAX_LENGTH
        && requestId.chars().allMatch(c -> c >= ' ' && c <= '~')
        && PhiGuard.find(requestId).isEmpty();
  }

  private static String random() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextLong());
  }

  /** The value of a request's header, or null. */
  @FunctionalInterface
  public interface HeaderLookup {
    @Nullable String value(String name);
  }
}

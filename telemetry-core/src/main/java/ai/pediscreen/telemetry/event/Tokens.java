package ai.pediscreen.telemetry.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a call, or of several together. Cached tokens are a part of the input and reasoning
 * is a part of the output, so neither is added again. Immutable.
 *
 * @param input all that the model read; 0 or more, as are all the others
 * @param cacheRead of it, read from a cache
 * @param cacheWrite of it, written to a cache
 * @param output all that the model wrote
 * @param reasoning of it, reasoning
 */
public record Tokens(long input, long cacheRead, long cacheWrite, long output, long reasoning) {

  /** No tokens, and those of an event that does not say. */
  public static final Tokens NONE = new Tokens(0, 0, 0, 0, 0);

  /** More than any call has; what is larger is not read. */
  public static final long MAX = 1_000_000_000;

  public Tokens {
    if (Math.min(Math.min(Math.min(input, cacheRead), Math.min(cacheWrite, output)), reasoning)
        < 0) {
      throw new IllegalArgumentException(
          "tokens must be 0 or more but are %d, %d, %d, %d, %d"
              .formatted(input, cacheRead, cacheWrite, output, reasoning));
    }
  }

  /**
   * The tokens that an event names: {@code request.input_tokens} or {@code prompt_tokens}, {@code
   * request.cache_read_input_tokens}, {@code request.cache_creation_input_tokens}, {@code
   * response.output_tokens} or {@code completion_tokens}, {@code response.reasoning_output_tokens}.
   * What is no whole number of 0 to {@value #MAX} counts as absent, and absent as 0.
   *
   * @param request decoded JSON; null for none
   * @param response decoded JSON
   */
  public static Tokens of(
      @Nullable Map<String, ? extends @Nullable Object> request,
      Map<String, ? extends @Nullable Object> response) {
    long output = count(response, "output_tokens", "completion_tokens");
    long reasoning = count(response, "reasoning_output_tokens");
    if (request == null) {
      return output == 0 && reasoning == 0 ? NONE : new Tokens(0, 0, 0, output, reasoning);
    }
    return new Tokens(
        count(request, "input_tokens", "prompt_tokens"),
        count(request, "cache_read_input_tokens"),
        count(request, "cache_creation_input_tokens"),
        output,
        reasoning);
  }

  /** These and others together. */
  public Tokens plus(Tokens other) {
    return new Tokens(
        input + other.input,
        cacheRead + other.cacheRead,
        cacheWrite + other.cacheWrite,
        output + other.output,
        reasoning + other.reasoning);
  }

  /** These without others; 0 where that would be less. */
  public Tokens minus(Tokens other) {
    return new Tokens(
        Math.max(0, input - other.input),
        Math.max(0, cacheRead - other.cacheRead),
        Math.max(0, cacheWrite - other.cacheWrite),
        Math.max(0, output - other.output),
        Math.max(0, reasoning - other.reasoning));
  }

  /** Whether there are none. */
  public boolean isNone() {
    return equals(NONE);
  }

  private static long count(Map<String, ? extends @Nullable Object> object, String... names) {
    for (String name : names) {
      Object value = object.get(name);
      long count = value instanceof Number number ? Json.whole(number) : -1;
      if (count >= 0 && count <= MAX) {
        return count;
      }
    }
    return 0;
  }
}

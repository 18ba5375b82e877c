package ai.pediscreen.telemetry.server.http.ingest;

import ai.pediscreen.telemetry.server.http.protocol.Problem;
import ai.pediscreen.telemetry.server.http.protocol.ProblemException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds where each event of a batch begins and ends, without reading it: so whatever is wrong
 * inside one event costs that event alone. It knows of JSON only strings, their escapes, and how
 * deep brackets are open; it does not recurse, and reads each byte once.
 *
 * <p>Where an element ends depends only on its own bytes. An element that is closed in itself,
 * however wrong otherwise, leaves its neighbours as they are; one that is not, say for a missing
 * quote, may leave the end of the array in doubt, and then the whole is refused.
 */
public final class EventDocuments {

  /** How many events a request may carry. */
  static final int MAX_EVENTS = 10_000;

  private EventDocuments() {}

  /**
   * One event's bytes, without the white space around them; empty where a comma follows a comma.
   *
   * @param from first byte
   * @param to end, not included
   */
  public record Span(int from, int to) {

    public int length() {
      return to - from;
    }
  }

  /**
   * The body without the white space around it, and without a byte order mark.
   *
   * @param length how many bytes of the array count
   */
  public static Span trimmed(byte[] body, int length) {
    boolean mark =
        length >= 3 && body[0] == (byte) 0xEF && body[1] == (byte) 0xBB && body[2] == (byte) 0xBF;
    return trimmed(body, mark ? 3 : 0, length);
  }

  /** Whether a trimmed body is an array. */
  public static boolean isArray(byte[] body, Span whole) {
    return whole.length() > 0 && body[whole.from] == '[';
  }

  /**
   * The elements of an array.
   *
   * @param whole the trimmed body, which begins with a bracket
   * @throws ProblemException 400 if the array does not end, or something follows it; 413 if it has
   *     over {@link #MAX_EVENTS} elements
   */
  public static List<Span> ofArray(byte[] body, Span whole) {
    List<Span> elements = new ArrayList<>();
    int depth = 0;
    boolean inString = false;
    int start = whole.from + 1;
    for (int i = start; i < whole.to; i++) {
      byte b = body[i];
      if (inString) {
        if (b == '\\') {
          i++;
        } else if (b == '"') {
          inString = false;
        }
      } else if (b == '"') {
        inString = true;
      } else if (b == '{' || b == '[') {
        depth++;
      } else if (depth > 0 && (b == '}' || b == ']')) {
        depth--;
      } else if (depth == 0 && (b == ',' || b == ']')) {
        Span element = trimmed(body, start, i);
        boolean last = b == ']';
        if (!last || element.length() > 0 || !elements.isEmpty()) {
          add(elements, element);
        }
        if (last) {
          requireEnd(i + 1, whole);
          return elements;
        }
        start = i + 1;
      }
    }
    throw Problem.invalidJson("the array of events does not end").exception();
  }

  /**
   * The lines of a body; blank ones are left out.
   *
   * @throws ProblemException 413 if there are over {@link #MAX_EVENTS}
   */
  public static List<Span> ofLines(byte[] body, Span whole) {
    List<Span> lines = new ArrayList<>();
    int start = whole.from;
    for (int i = start; i <= whole.to; i++) {
      if (i == whole.to || body[i] == '\n') {
        Span line = trimmed(body, start, i);
        if (line.length() > 0) {
          add(lines, line);
        }
        start = i + 1;
      }
    }
    return lines;
  }

  private static void add(List<Span> spans, Span span) {
    if (spans.size() == MAX_EVENTS) {
      throw Problem.of(
              413, "TOO_MANY_EVENTS", "a request may carry at most " + MAX_EVENTS + " events")
          .exception();
    }
    spans.add(span);
  }

  private static void requireEnd(int i, Span whole) {
    if (i < whole.to) {
      throw Problem.invalidJson("something follows the array of events").exception();
    }
  }

  private static Span trimmed(byte[] body, int from, int to) {
    int first = from;
    int end = to;
    while (first < end && isWhiteSpace(body[first])) {
      first++;
    }
    while (end > first && isWhiteSpace(body[end - 1])) {
      end--;
    }
    return new Span(first, end);
  }

  private static boolean isWhiteSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }
}

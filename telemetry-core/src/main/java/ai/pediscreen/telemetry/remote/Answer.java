package ai.pediscreen.telemetry.remote;

import ai.pediscreen.telemetry.event.Receipt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A server's answer to a batch: which events it refused, and why. */
final class Answer {

  private static final String NO_REASON = "refused by the server";

  private Answer() {}

  /**
   * The receipts of a batch. Of events that were not refused the server says only how many were
   * there before, so they are duplicates if all were.
   *
   * @throws IllegalArgumentException if the answer is none of a telemetry server
   */
  static List<Receipt> receipts(String body, int events) {
    Map<?, ?> answer = object(body);
    Map<Integer, String> refused = refused(answer, events);
    if (refused.size() != whole(answer.get("rejected"))) {
      throw unreadable();
    }
    boolean allKnown = whole(answer.get("duplicates")) == events - refused.size();
    List<Receipt> receipts = new ArrayList<>(events);
    for (int i = 0; i < events; i++) {
      String reason = refused.get(i);
      if (reason != null) {
        receipts.add(Receipt.refused(reason));
      } else {
        receipts.add(allKnown ? Receipt.duplicate() : Receipt.accepted());
      }
    }
    return receipts;
  }

  private static Map<?, ?> object(String body) {
    if (JsonReader.read(body) instanceof Map<?, ?> object) {
      return object;
    }
    throw unreadable();
  }

  private static Map<Integer, String> refused(Map<?, ?> answer, int events) {
    Map<Integer, String> refused = new HashMap<>();
    if (answer.get("rejected_indexes") instanceof String ranges) {
      addRanges(refused, ranges, events);
    }
    Map<Integer, String> reasons = new HashMap<>();
    if (answer.get("errors") instanceof List<?> errors) {
      for (Object one : errors) {
        if (one instanceof Map<?, ?> error) {
          reasons.merge(index(error.get("index"), events), reason(error), (a, b) -> a + "; " + b);
        }
      }
    }
    refused.putAll(reasons);
    return refused;
  }

  private static void addRanges(Map<Integer, String> refused, String ranges, int events) {
    try {
      for (String range : ranges.isEmpty() ? new String[0] : ranges.split(",", -1)) {
        int dash = range.indexOf('-');
        int from = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
        int to = Integer.parseInt(range.substring(dash + 1));
        if (from < 0 || from > to || to >= events) {
          throw unreadable();
        }
        for (int i = from; i <= to; i++) {
          refused.put(i, NO_REASON);
        }
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("rejected_indexes are no ranges of numbers", e);
    }
  }

  private static String reason(Map<?, ?> error) {
    Object field = error.get("field");
    Object message = error.get("message");
    if (!(message instanceof String text)) {
      return NO_REASON;
    }
    return field instanceof String name ? name + " " + text : text;
  }

  private static int index(@Nullable Object value, int events) {
    long index = whole(value);
    if (index < 0 || index >= events) {
      throw unreadable();
    }
    return (int) index;
  }

  private static long whole(@Nullable Object value) {
    return value instanceof Number number ? number.longValue() : -1;
  }

  private static IllegalArgumentException unreadable() {
    return new IllegalArgumentException("fields are missing or do not fit the batch");
  }
}

package ai.pediscreen.telemetry.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names of an event's fields, and what looks like one that was misspelt or misplaced. */
final class Fields {

  static final Set<String> OF_EVENT =
      Set.of(
          "event_id",
          "timestamp",
          "org_id",
          "app",
          "user_id",
          "case_id",
          "model",
          "request",
          "response",
          "cost_estimate_usd",
          "region",
          "agent",
          "trace_id");

  static final Set<String> OF_MODEL = Set.of("model_id", "adapter_id", "provider");

  static final Set<String> OF_RESPONSE =
      Set.of("latency_ms", "status_code", "fallback_to", "error_code");

  /** Shorter names are too near to too many words. */
  private static final int SHORTEST = 5;

  private Fields() {}

  /**
   * Refuses additional fields with a blank name, with nearly that of a field which the event lacks,
   * and with that of a field which stands elsewhere. Names no key that the sender chose.
   *
   * @throws InvalidEventException with a fault for each of them
   */
  static void requireWellNamed(TelemetryEvent event) {
    if (hasAdditional(event)) {
      List<FieldFault> faults = new ArrayList<>();
      findBlank(faults, EventReader.EVENT, event.additional());
      if (event.model() != null) {
        findBlank(faults, "model", event.model().additional());
      }
      findBlank(faults, "response", event.response().additional());
      findMisspelt(faults, event);
      if (!faults.isEmpty()) {
        throw new InvalidEventException(faults);
      }
    }
  }

  private static boolean hasAdditional(TelemetryEvent event) {
    return !event.additional().isEmpty()
        || !event.response().additional().isEmpty()
        || (event.model() != null && !event.model().additional().isEmpty());
  }

  private static void findBlank(
      List<FieldFault> faults, String part, Map<String, @Nullable Object> additional) {
    if (additional.keySet().stream().anyMatch(String::isBlank)) {
      faults.add(new FieldFault(part, "must not hold a field with a blank name"));
    }
  }

  private static void findMisspelt(List<FieldFault> faults, TelemetryEvent event) {
    Map<String, @Nullable Object> all = event.toMap();
    all.values().removeIf(value -> value instanceof Map<?, ?> part && part.isEmpty());
    find(faults, "", event.additional(), OF_EVENT, all);
    find(faults, "model.", event.additional(), OF_MODEL, Map.of());
    find(faults, "response.", event.additional(), OF_RESPONSE, Map.of());
    if (event.model() != null) {
      find(faults, "model.", event.model().additional(), OF_MODEL, part(all, "model"));
    }
    find(faults, "response.", event.response().additional(), OF_RESPONSE, part(all, "response"));
  }

  private static Map<?, ?> part(Map<String, @Nullable Object> all, String name) {
    return all.get(name) instanceof Map<?, ?> part ? part : Map.of();
  }

  private static void find(
      List<FieldFault> faults,
      String prefix,
      Map<String, @Nullable Object> additional,
      Set<String> fields,
      Map<?, ?> present) {
    for (String name : additional.keySet()) {
      for (String field : fields) {
        if (!present.containsKey(field) && isNearly(plain(name), plain(field))) {
          faults.add(
              new FieldFault(
                  prefix + field, "is absent, but a field with a similar name is present"));
        }
      }
    }
  }

  /** Without what tells snake_case from camelCase. */
  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  /** Whether one letter was left out, put in, mistaken, or changed places with the next. */
  private static boolean isNearly(String name, String field) {
    if (name.equals(field)) {
      return true;
    }
    int difference = name.length() - field.length();
    if (field.length() < SHORTEST || Math.abs(difference) > 1) {
      return false;
    }
    int at = 0;
    while (at < Math.min(name.length(), field.length()) && name.charAt(at) == field.charAt(at)) {
      at++;
    }
    return switch (difference) {
      case 1 -> name.substring(at + 1).equals(field.substring(at));
      case -1 -> name.substring(at).equals(field.substring(at + 1));
      default ->
          name.substring(at + 1).equals(field.substring(at + 1)) || isSwapped(name, field, at);
    };
  }

  private static boolean isSwapped(String name, String field, int at) {
    return at + 1 < name.length()
        && name.charAt(at) == field.charAt(at + 1)
        && name.charAt(at + 1) == field.charAt(at)
        && name.substring(at + 2).equals(field.substring(at + 2));
  }
}

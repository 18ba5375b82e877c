package ai.pediscreen.telemetry.privacy;

import ai.pediscreen.telemetry.event.Model;
import ai.pediscreen.telemetry.event.Response;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.privacy.PhiKeys.Meaning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One walk through one event. Parts in which nothing is found are kept as they are and not copied.
 */
final class EventWalk {

  private static final String EVENT_ID = "event_id";
  private static final String ORG_ID = "org_id";

  private static final Set<String> MARKERS =
      Arrays.stream(PhiRule.values()).map(PhiRule::marker).collect(Collectors.toUnmodifiableSet());

  private static final int MAX_TEXT_LENGTH = 512;
  private static final int MAX_PATH_DEPTH = 6;

  private final boolean looks;
  private final @Nullable Pseudonyms pseudonyms;
  private String[] keys = new String[8];
  private int depth;
  private List<PhiFinding> findings = List.of();

  /** Where the walk is: the contract's name for the field. */
  private String field = "";

  /** Whether long texts are free text here. */
  private boolean inCall;

  /**
   * @param looks whether to look for anything but ids that have pseudonyms
   */
  EventWalk(boolean looks, @Nullable Pseudonyms pseudonyms) {
    this.looks = looks;
    this.pseudonyms = pseudonyms;
  }

  /** Whether a path is part of what an event is known by. */
  static boolean isIdentity(String path) {
    return path.equals(EVENT_ID) || path.equals(ORG_ID);
  }

  /** All that was found, in the order of the walk. */
  List<PhiFinding> findings() {
    return findings;
  }

  TelemetryEvent guarded(TelemetryEvent event) {
    text(EVENT_ID, event.eventId());
    text(ORG_ID, event.orgId());
    String app = text("app", event.app());
    String userId = id("user_id", event.userId(), Meaning.USER_ID);
    String caseId = id("case_id", event.caseId(), Meaning.CASE_ID);
    Model model = model(event.model());
    Map<String, @Nullable Object> request = event.request();
    if (request != null) {
      request = object("request", request, true);
    }
    Response response = response(event.response());
    String region = text("region", event.region());
    String agent = text("agent", event.agent());
    String traceId = text("trace_id", event.traceId());
    Map<String, @Nullable Object> additional = object("", event.additional(), false);
    boolean same =
        same(app, event.app())
            && same(userId, event.userId())
            && same(caseId, event.caseId())
            && same(model, event.model())
            && same(request, event.request())
            && same(response, event.response())
            && same(region, event.region())
            && same(agent, event.agent())
            && same(traceId, event.traceId())
            && same(additional, event.additional());
    return same
        ? event
        : new TelemetryEvent(
            event.eventId(),
            event.timestamp(),
            event.orgId(),
            app,
            userId,
            caseId,
            model,
            request,
            response,
            event.costUsd(),
            region,
            agent,
            traceId,
            additional);
  }

  private @Nullable Model model(@Nullable Model model) {
    if (model == null) {
      return null;
    }
    String modelId = text("model.model_id", model.modelId());
    String adapterId = text("model.adapter_id", model.adapterId());
    String provider = text("model.provider", model.provider());
    Map<String, @Nullable Object> additional = object("model", model.additional(), false);
    boolean same =
        same(modelId, model.modelId())
            && same(adapterId, model.adapterId())
            && same(provider, model.provider())
            && same(additional, model.additional());
    return same ? model : new Model(modelId, adapterId, provider, additional);
  }

  private Response response(Response response) {
    String fallbackTo = text("response.fallback_to", response.fallbackTo());
    String errorCode = text("response.error_code", response.errorCode());
    Map<String, @Nullable Object> additional = object("response", response.additional(), true);
    boolean same =
        same(fallbackTo, response.fallbackTo())
            && same(errorCode, response.errorCode())
            && same(additional, response.additional());
    return same
        ? response
        : new Response(
            response.latencyMillis(), response.statusCode(), fallbackTo, errorCode, additional);
  }

  /** A field of the contract. */
  private @Nullable String text(String name, @Nullable String text) {
    PhiRule rule = text == null || !looks ? null : PhiText.find(text);
    if (rule == null) {
      return text;
    }
    field = name;
    return found(rule);
  }

  private @Nullable String id(String name, @Nullable String id, Meaning meaning) {
    String pseudonym = id == null ? null : pseudonym(meaning, id);
    return pseudonym == null ? text(name, id) : pseudonym;
  }

  private Map<String, @Nullable Object> object(
      String name, Map<String, @Nullable Object> object, boolean ofCall) {
    if (object.isEmpty()) {
      return object;
    }
    field = name;
    inCall = ofCall;
    return entries(object, null, false);
  }

  /**
   * @param under what the keys above say that every value is; null for nothing
   * @param ofPerson whether a key above names a person
   */
  private @Nullable Object value(
      @Nullable Object value, @Nullable PhiRule under, boolean ofPerson) {
    if (value instanceof String text) {
      PhiRule rule = rule(text, under);
      return rule == null ? text : found(rule);
    }
    if (value instanceof Number number) {
      return under != null && takes(under, number) ? found(under) : number;
    }
    if (value instanceof Map<?, ?> object) {
      return nested(object, under, ofPerson);
    }
    if (value instanceof List<?> array) {
      return elements(array, under, ofPerson);
    }
    return value;
  }

  @SuppressWarnings("unchecked") // the keys of a JSON object are strings
  private Map<String, @Nullable Object> nested(
      Map<?, ?> object, @Nullable PhiRule under, boolean ofPerson) {
    return entries((Map<String, @Nullable Object>) object, under, ofPerson);
  }

  private Map<String, @Nullable Object> entries(
      Map<String, @Nullable Object> object, @Nullable PhiRule under, boolean ofPerson) {
    Map<String, @Nullable Object> changed = null;
    Map<String, String> names = null;
    for (Map.Entry<String, @Nullable Object> entry : object.entrySet()) {
      String key = entry.getKey();
      Object value = entry.getValue();
      enter(key);
      boolean plain = PhiKeys.isPlain(key);
      String guardedKey = plain ? key : key(key);
      Object guarded = plain ? value(value, under, ofPerson) : entry(key, value, under, ofPerson);
      depth--;
      if (!same(guarded, value)) {
        changed = changed == null ? new LinkedHashMap<>(object) : changed;
        changed.put(key, guarded);
      }
      if (!same(guardedKey, key)) {
        names = names == null ? new HashMap<>() : names;
        names.put(key, guardedKey);
      }
    }
    Map<String, @Nullable Object> kept = changed == null ? object : changed;
    return names == null ? kept : renamed(kept, names);
  }

  /** The same values under other keys, with numbers behind those that were there before. */
  private static Map<String, @Nullable Object> renamed(
      Map<String, @Nullable Object> object, Map<String, String> names) {
    Map<String, @Nullable Object> renamed = new LinkedHashMap<>();
    int sameName = 1;
    for (Map.Entry<String, @Nullable Object> entry : object.entrySet()) {
      String name = names.getOrDefault(entry.getKey(), entry.getKey());
      String unused = name;
      while (renamed.containsKey(unused)) {
        sameName++;
        unused = name + "#" + sameName;
      }
      renamed.put(unused, entry.getValue());
    }
    return renamed;
  }

  private @Nullable Object entry(
      String key, @Nullable Object value, @Nullable PhiRule under, boolean ofPerson) {
    if (value == null || value instanceof Boolean) {
      return value;
    }
    Meaning meaning = PhiKeys.meaning(key, ofPerson);
    if (meaning == null) {
      return value(value, under, ofPerson);
    }
    if (value instanceof String || value instanceof Number) {
      String pseudonym = pseudonym(meaning, value.toString());
      if (pseudonym != null) {
        return pseudonym;
      }
    }
    if (meaning == Meaning.PERSON && looks && value instanceof String text && isFullName(text)) {
      return found(PhiRule.NAME);
    }
    PhiRule rule = looks ? meaning.rule() : null;
    return value(value, rule == null ? under : rule, ofPerson || meaning == Meaning.PERSON);
  }

  private List<?> elements(List<?> array, @Nullable PhiRule under, boolean ofPerson) {
    List<@Nullable Object> changed = null;
    for (int i = 0; i < array.size(); i++) {
      Object element = array.get(i);
      Object guarded = value(element, under, ofPerson);
      if (!same(guarded, element)) {
        changed = changed == null ? new ArrayList<>(array) : changed;
        changed.set(i, guarded);
      }
    }
    return changed == null ? array : changed;
  }

  private void enter(String key) {
    if (depth == keys.length) {
      keys = Arrays.copyOf(keys, 2 * depth);
    }
    keys[depth] = key;
    depth++;
  }

  private String key(String key) {
    PhiRule rule = rule(key, null);
    return rule == null ? key : found(rule);
  }

  private @Nullable PhiRule rule(String text, @Nullable PhiRule under) {
    if (!looks || text.isEmpty()) {
      return null;
    }
    if (under != null && takes(under, text)) {
      return MARKERS.contains(text) ? null : under;
    }
    if (inCall
        && text.length() > MAX_TEXT_LENGTH
        && text.codePointCount(0, text.length()) > MAX_TEXT_LENGTH) {
      return PhiRule.FREE_TEXT;
    }
    return PhiText.find(text);
  }

  private static boolean takes(PhiRule rule, String text) {
    return switch (rule) {
      case PHONE -> digits(text) >= 7;
      case SSN -> digits(text) >= 4;
      default -> !text.isBlank();
    };
  }

  private static boolean takes(PhiRule rule, Number number) {
    return switch (rule) {
      case PHONE, SSN -> takes(rule, number.toString());
      case MRN, BIRTH_DATE, ADDRESS -> true;
      case EMAIL, NAME, FREE_TEXT -> false;
    };
  }

  private static int digits(String text) {
    return (int) text.chars().filter(Character::isDigit).count();
  }

  /** Two to five words that all begin with a capital, and no digits. */
  private static boolean isFullName(String text) {
    String[] words = text.strip().split(" +", 6);
    if (words.length < 2 || words.length > 5) {
      return false;
    }
    for (String word : words) {
      if (!Character.isUpperCase(word.codePointAt(0)) || digits(word) > 0) {
        return false;
      }
    }
    return true;
  }

  private @Nullable String pseudonym(Meaning meaning, String id) {
    if (pseudonyms == null || id.isBlank()) {
      return null;
    }
    return switch (meaning) {
      case USER_ID -> pseudonyms.user(id);
      case CASE_ID -> pseudonyms.caseOf(id);
      default -> null;
    };
  }

  private String found(PhiRule rule) {
    if (findings.isEmpty()) {
      findings = new ArrayList<>();
    }
    findings.add(new PhiFinding(rule, path()));
    return rule.marker();
  }

  private String path() {
    if (depth == 0) {
      return field;
    }
    StringBuilder path = new StringBuilder(64).append(field);
    for (int i = 0; i < depth && i < MAX_PATH_DEPTH; i++) {
      path.append(path.isEmpty() ? "" : ".").append(PhiKeys.shown(keys[i]));
    }
    return path.toString();
  }

  /** The very same: what was not changed was not copied. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean same(@Nullable Object a, @Nullable Object b) {
    return a == b;
  }
}

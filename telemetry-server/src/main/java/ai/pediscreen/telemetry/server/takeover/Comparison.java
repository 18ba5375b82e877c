package ai.pediscreen.telemetry.server.takeover;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares answers of the replaced service with those of this one, field by field. A difference is
 * explained by what is different on purpose, or by events that only one of the two windows or
 * stores has; one that is not explained is a difference.
 *
 * <p>Used by one thread.
 */
public final class Comparison {

  /** How two figures compare. */
  public enum Result {
    EQUAL,
    EXPLAINED,
    DIFFERENT
  }

  /**
   * One figure of both.
   *
   * @param field such as {@code overview total_requests}
   * @param old of the replaced service
   * @param now of this one
   * @param reason why they may differ; null if they are equal or if nothing explains it
   */
  public record Finding(
      String field, String old, String now, Result result, @Nullable String reason) {}

  private static final List<String> COUNTS =
      List.of("total_requests", "success_count", "error_count", "fallback_count");

  private final FigureFindings figures;

  /**
   * Nothing is compared yet.
   *
   * @param edge events at the beginning of this server's window, which is cut down to the minute or
   *     hour; the old one has none of them
   * @param refused events that the import has refused
   * @param meanwhile events that came while the two were asked
   */
  public Comparison(long edge, long refused, long meanwhile) {
    this.figures = new FigureFindings(edge, refused, meanwhile);
  }

  /** What was found so far, in the order in which it was compared. */
  public List<Finding> findings() {
    return figures.all();
  }

  /** Compares the answers to {@code action=overview}. */
  public void overview(JsonNode old, JsonNode now, long blankFallbacks) {
    for (String count : COUNTS) {
      boolean blank = count.equals("fallback_count") && blankFallbacks > 0;
      figures.count(
          "overview " + count, old.path(count), now.path(count), blank ? blankFallbacks : 0);
    }
    figures.rounded(
        "overview avg_latency_ms", old.path("avg_latency_ms"), now.path("avg_latency_ms"));
    figures.cost("overview total_cost_usd", old.path("total_cost_usd"), now.path("total_cost_usd"));
    models(old, now);
    figures.put(
        "overview active_connection",
        old.path("active_connection"),
        now.path("active_connection"),
        figures.onlyOne());
    figures.put(
        "overview last_used",
        old.path("last_used"),
        now.path("last_used"),
        "the newest timestamp here, the row read last there");
    timeseries(old.path("timeseries"), now.path("timeseries"));
  }

  private void models(JsonNode old, JsonNode now) {
    boolean blankModel = old.path("top_model").path("model_id").asText("").isBlank();
    figures.put(
        "overview number_of_models",
        old.path("number_of_models"),
        now.path("number_of_models"),
        figures.onlyOne() == null ? "a blank model is one there and none here" : figures.onlyOne());
    boolean tie =
        old.path("top_model").path("calls").asLong()
            == now.path("top_model").path("calls").asLong();
    figures.put(
        "overview top_model",
        old.path("top_model").path("model_id"),
        now.path("top_model").path("model_id"),
        blankModel
            ? "of events with a model here, and of all there"
            : tie ? "both have as many calls" : figures.onlyOne());
  }

  private void timeseries(JsonNode old, JsonNode now) {
    Map<String, JsonNode> days = by(now, "date");
    String first = old.isEmpty() ? "" : old.get(0).path("date").asText();
    for (JsonNode day : old) {
      String date = day.path("date").asText();
      JsonNode same = days.remove(date);
      for (String field : List.of("calls", "errors", "fallbacks")) {
        String name = "overview timeseries " + date + " " + field;
        figures.count(name, day.path(field), same == null ? null : same.path(field), 0);
      }
      String name = "overview timeseries " + date + " cost";
      figures.cost(name, day.path("cost"), same == null ? null : same.path("cost"));
    }
    for (Map.Entry<String, JsonNode> day : days.entrySet()) {
      boolean today = day.getKey().compareTo(first) > 0;
      figures.found(
          "overview timeseries " + day.getKey(),
          "none",
          day.getValue().path("calls").asText(),
          today ? Result.EXPLAINED : Result.DIFFERENT,
          today ? "today is included here" : null);
    }
  }

  /** Compares the answers to {@code action=models}, of which both may name the first alone. */
  public void models(JsonNode old, JsonNode now, boolean complete) {
    Map<String, JsonNode> here = by(now.path("models"), "model_id");
    for (JsonNode model : old.path("models")) {
      String id = model.path("model_id").isNull() ? "null" : model.path("model_id").asText();
      JsonNode same = here.get(id);
      if (same == null) {
        String reason =
            id.isBlank()
                ? "a blank model is none here"
                : complete ? figures.onlyOne() : "not among the first";
        figures.put("models " + id, model.path("calls"), null, reason);
        continue;
      }
      figures.count("models " + id + " calls", model.path("calls"), same.path("calls"), 0);
      figures.rounded(
          "models " + id + " avg_latency_ms",
          model.path("avg_latency_ms"),
          same.path("avg_latency_ms"));
      figures.percent(
          "models " + id + " error_rate", model.path("error_rate"), same.path("error_rate"));
      figures.count(
          "models " + id + " fallback_count",
          model.path("fallback_count"),
          same.path("fallback_count"),
          0);
    }
  }

  /**
   * Compares lists of events, newest first. Those that share the oldest timestamp are left out: it
   * is chance which of them a list of bounded length has.
   *
   * @param fields what both say of an event by the same name
   */
  public void list(String action, JsonNode old, JsonNode now, List<String> fields) {
    JsonNode there = old.path(action);
    JsonNode here = now.path(action);
    String oldest = there.isEmpty() ? "" : time(there.get(there.size() - 1));
    Map<String, Integer> balance = new TreeMap<>();
    int compared = 0;
    for (JsonNode event : there) {
      boolean blank =
          action.equals("fallbacks") && event.path("fallback_reason").asText().isBlank();
      if (blank) {
        // No fallback here.
        continue;
      }
      if (!time(event).equals(oldest) || there.size() < 100) {
        balance.merge(row(event, fields), 1, Integer::sum);
        compared++;
      }
    }
    int shown = 0;
    for (JsonNode event : here) {
      if (time(event).compareTo(oldest) > 0 || there.size() < 100) {
        balance.merge(row(event, fields), -1, Integer::sum);
        shown++;
      }
    }
    long apart = balance.values().stream().mapToInt(Math::abs).sum();
    figures.found(
        action + " newest rows",
        String.valueOf(compared),
        String.valueOf(shown),
        apart == 0
            ? Result.EQUAL
            : apart <= figures.mayDiffer() ? Result.EXPLAINED : Result.DIFFERENT,
        apart == 0
            ? null
            : apart <= figures.mayDiffer()
                ? figures.onlyOne()
                : apart + " rows are in one list alone, such as " + firstApart(balance));
  }

  /** Compares how often each fallback was taken, in the answers to {@code action=fallbacks}. */
  public void reasons(JsonNode old, JsonNode now) {
    boolean cut = old.path("fallbacks").size() >= 100;
    for (Map.Entry<String, JsonNode> reason : old.path("reason_summary").properties()) {
      String field = "fallbacks reason_summary " + reason.getKey();
      JsonNode same = now.path("reason_summary").get(reason.getKey());
      if (cut) {
        figures.put(field, reason.getValue(), same, "of 100 rows there, of the whole window here");
      } else if (same == null && reason.getKey().equals("unknown")) {
        figures.put(field, reason.getValue(), null, "blank fallbacks are none here");
      } else {
        figures.count(field, reason.getValue(), same, 0);
      }
    }
  }

  private static String firstApart(Map<String, Integer> balance) {
    return balance.entrySet().stream()
        .filter(entry -> entry.getValue() != 0)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }

  private static String time(JsonNode event) {
    return event.path("timestamp").asText();
  }

  private static String row(JsonNode event, List<String> fields) {
    Map<String, String> row = new LinkedHashMap<>();
    for (String field : fields) {
      String value = event.path(field).isNull() ? "" : event.path(field).asText();
      row.put(field, value);
    }
    return row.toString();
  }

  private static Map<String, JsonNode> by(JsonNode rows, String field) {
    Map<String, JsonNode> byField = new LinkedHashMap<>();
    for (Iterator<JsonNode> row = rows.elements(); row.hasNext(); ) {
      JsonNode one = row.next();
      byField.put(one.path(field).isNull() ? "null" : one.path(field).asText(), one);
    }
    return byField;
  }
}

package ai.pediscreen.telemetry.bigquery;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the UPDATE of {@link BigQueryErasure} on a {@link FakeTable}, and no other statement. */
final class FakeErasure {

  private static final Pattern STATEMENT =
      Pattern.compile(
          "UPDATE `[^.]+\\.([^.]+)\\.([^.]+)`\\s+SET event_id = CONCAT\\('erased:',.*\\),\\s+"
              + "([a-z_ =NUL,\\s]+)\\s+WHERE timestamp >= TIMESTAMP '0001-01-01 00:00:00\\+00'"
              + "\\s+AND ([a-z_]+) IN UNNEST\\(@values\\)( AND org_id = @org_id)?"
              + " AND NOT STARTS_WITH\\(event_id, 'erased:'\\)\\s+AND .*",
          Pattern.DOTALL);

  private final Matcher statement;
  private final Map<String, List<String>> parameters = new HashMap<>();

  FakeErasure(JsonObject query) throws FakeRestApi.Refusal {
    String sql = query.get("query").getAsString();
    if (!sql.contains("WHERE timestamp >= ")) {
      throw new FakeRestApi.Refusal(
          400,
          "invalidQuery",
          "Cannot query over table without a filter over column(s) 'timestamp' that can be used for"
              + " partition elimination");
    }
    statement = STATEMENT.matcher(sql);
    if (!statement.matches()) {
      throw new FakeRestApi.Refusal(400, "invalidQuery", "the fake knows no such statement");
    }
    for (JsonElement one : query.getAsJsonArray("queryParameters")) {
      JsonObject parameter = one.getAsJsonObject();
      parameters.put(parameter.get("name").getAsString(), values(parameter));
    }
  }

  String dataset() {
    return statement.group(1);
  }

  String table() {
    return statement.group(2);
  }

  /** Changes the rows and returns how many. */
  long run(FakeTable table) {
    long rows = 0;
    for (Map<String, Object> row : table.rows()) {
      if (matches(row)) {
        row.put("event_id", "erased:" + text(row, "event_id").hashCode());
        for (String assignment : statement.group(3).split(",", -1)) {
          row.remove(assignment.replace("= NULL", "").strip());
        }
        rows++;
      }
    }
    return rows;
  }

  private boolean matches(Map<String, Object> row) {
    String org = text(row, "org_id");
    return parameter("values").contains(text(row, statement.group(4)))
        && (statement.group(5) == null || parameter("org_id").contains(org))
        && !text(row, "event_id").startsWith("erased:")
        && !parameter("held_orgs").contains(org)
        && !parameter("held_cases").contains(org + "\n" + text(row, "case_id"));
  }

  private List<String> parameter(String name) {
    return parameters.getOrDefault(name, List.of());
  }

  private static String text(Map<String, Object> row, String column) {
    Object value = row.get(column);
    return value == null ? "" : value.toString();
  }

  private static List<String> values(JsonObject parameter) {
    JsonObject value = parameter.getAsJsonObject("parameterValue");
    if (value.has("value")) {
      return List.of(value.get("value").getAsString());
    }
    List<String> values = new ArrayList<>();
    if (value.has("arrayValues")) {
      value
          .getAsJsonArray("arrayValues")
          .forEach(one -> values.add(one.getAsJsonObject().get("value").getAsString()));
    }
    return values;
  }
}

package ai.pediscreen.telemetry.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A place where two JSON documents differ. Numbers are equal when their values are: {@code 25} and
 * {@code 25.0}.
 *
 * @param pointer where, with slashes: {@code /timeseries/0/calls}
 * @param before what the first document has there; missing if nothing
 * @param after what the second document has there; missing if nothing
 */
record JsonDifference(String pointer, JsonNode before, JsonNode after) {

  static List<JsonDifference> between(JsonNode before, JsonNode after) {
    List<JsonDifference> differences = new ArrayList<>();
    compare("", before, after, differences);
    return differences;
  }

  private static void compare(
      String pointer, JsonNode before, JsonNode after, List<JsonDifference> differences) {
    if (before.isObject() && after.isObject()) {
      TreeSet<String> names = new TreeSet<>();
      before.fieldNames().forEachRemaining(names::add);
      after.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        compare(pointer + "/" + name, member(before, name), member(after, name), differences);
      }
    } else if (before.isArray() && after.isArray()) {
      for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
        compare(pointer + "/" + i, before.path(i), after.path(i), differences);
      }
    } else if (!equal(before, after)) {
      differences.add(new JsonDifference(pointer, before, after));
    }
  }

  private static JsonNode member(JsonNode object, String name) {
    JsonNode member = object.get(name);
    return member == null ? MissingNode.getInstance() : member;
  }

  private static boolean equal(JsonNode before, JsonNode after) {
    return (before.isNumber() && after.isNumber())
        ? before.decimalValue().compareTo(after.decimalValue()) == 0
        : before.equals(after);
  }
}

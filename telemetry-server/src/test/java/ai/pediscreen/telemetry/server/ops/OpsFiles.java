package ai.pediscreen.telemetry.server.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files in {@code ops/}, as far as tests look at them. */
public final class OpsFiles {

  static final Path PROMETHEUS = Path.of("..", "ops", "prometheus").toAbsolutePath().normalize();

  private static final Path BOARD =
      Path.of("..", "ops", "grafana", "pediscreen-telemetry.json").toAbsolutePath().normalize();

  /** {@code record: x} or {@code alert: x}. */
  private static final Pattern NAME =
      Pattern.compile("^ +- (?:record|alert): (\\S+)$", Pattern.MULTILINE);

  /** {@code expr:} with the rest of the line, or with the lines that are indented deeper. */
  private static final Pattern EXPRESSION =
      Pattern.compile("^( +)expr: (?:\\|\\n((?:\\1 +.*\\n|\\n)+)|(.+))$?", Pattern.MULTILINE);

  private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{\\s*(\\w+)\\s*}}");
  private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((\\w+), (\\w+)\\)");

  private OpsFiles() {}

  public static List<String> ruleNames() {
    return all(NAME, read(PROMETHEUS.resolve("rules.yml")), 1);
  }

  public static List<String> ruleExpressions() {
    List<String> expressions = new ArrayList<>();
    Matcher matcher = EXPRESSION.matcher(read(PROMETHEUS.resolve("rules.yml")));
    while (matcher.find()) {
      expressions.add(matcher.group(2) == null ? matcher.group(3) : matcher.group(2));
    }
    return expressions;
  }

  /** Every expression of the board, its variables in the place of values. */
  public static List<String> boardExpressions() {
    List<String> expressions = new ArrayList<>();
    for (JsonNode target : targets()) {
      expressions.add(target.path("expr").textValue());
    }
    for (JsonNode variable : board().at("/templating/list")) {
      Matcher matcher = LABEL_VALUES.matcher(variable.at("/query/query").asText());
      if (matcher.matches()) {
        expressions.add("count by (%s) (%s)".formatted(matcher.group(2), matcher.group(1)));
      }
    }
    return expressions;
  }

  /** The labels that legends name. */
  public static List<String> legendLabels() {
    List<String> labels = new ArrayList<>();
    targets()
        .forEach(
            target -> labels.addAll(all(LEGEND_LABEL, target.path("legendFormat").asText(), 1)));
    return labels;
  }

  private static JsonNode board() {
    try {
      return new ObjectMapper().readTree(read(BOARD));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<JsonNode> targets() {
    List<JsonNode> targets = new ArrayList<>();
    board().path("panels").forEach(panel -> panel.path("targets").forEach(targets::add));
    return targets;
  }

  private static List<String> all(Pattern pattern, String text, int group) {
    return pattern.matcher(text).results().map(result -> result.group(group)).toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

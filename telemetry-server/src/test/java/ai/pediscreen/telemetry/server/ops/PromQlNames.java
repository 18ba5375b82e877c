package ai.pediscreen.telemetry.server.ops;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of metrics and labels in an expression of PromQL. No parser: promtool checks the
 * grammar, and whatever word is neither a function, nor a keyword, nor a label is a metric.
 *
 * @param metrics names of metrics and of recorded rules
 * @param labels names of labels, in braces or after by, without, on and the like
 */
public record PromQlNames(Set<String> metrics, Set<String> labels) {

  private static final Set<String> KEYWORDS =
      Set.of(
          "and",
          "or",
          "unless",
          "by",
          "without",
          "on",
          "ignoring",
          "group_left",
          "group_right",
          "offset",
          "bool",
          "inf",
          "nan");
  private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern COMMENT = Pattern.compile("#[^\\n]*");
  private static final Pattern BRACES = Pattern.compile("\\{([^}]*)}");
  private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
  private static final Pattern MATCHER = Pattern.compile("([a-zA-Z_]\\w*)\\s*(?:=~|!~|!=|=)");
  private static final Pattern WORD = Pattern.compile("(?<![\\w$.])([a-zA-Z_:][\\w:]*)(\\s*\\()?");

  public static PromQlNames of(String expression) {
    Set<String> metrics = new TreeSet<>();
    Set<String> labels = new TreeSet<>();
    String rest = COMMENT.matcher(expression).replaceAll("");
    rest = STRING.matcher(rest).replaceAll("\"\"");
    Matcher braces = BRACES.matcher(rest);
    while (braces.find()) {
      Matcher matcher = MATCHER.matcher(braces.group(1));
      while (matcher.find()) {
        labels.add(matcher.group(1));
      }
    }
    rest = RANGE.matcher(BRACES.matcher(rest).replaceAll(" ")).replaceAll(" ");
    Matcher grouping = GROUPING.matcher(rest);
    while (grouping.find()) {
      for (String label : grouping.group(1).split(",", -1)) {
        if (!label.isBlank()) {
          labels.add(label.strip());
        }
      }
    }
    rest = GROUPING.matcher(rest).replaceAll(" ");
    Matcher word = WORD.matcher(rest);
    while (word.find()) {
      if (word.group(2) == null && !KEYWORDS.contains(word.group(1))) {
        metrics.add(word.group(1));
      }
    }
    return new PromQlNames(metrics, labels);
  }
}

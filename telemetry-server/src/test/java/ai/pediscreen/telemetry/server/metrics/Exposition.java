package ai.pediscreen.telemetry.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer of {@code /metrics}, read strictly.
 *
 * @param samples value by name and labels in their order, as {@code name{a="b"}}
 * @param labels names of labels by name of metric
 */
public record Exposition(Map<String, Double> samples, Map<String, TreeSet<String>> labels) {

  private static final Pattern SAMPLE =
      Pattern.compile(
          "(?<name>[a-z_:][a-zA-Z0-9_:]*)(?:\\{(?<labels>.*)})? (?<value>[-+.0-9a-zA-Z]+)");
  private static final Pattern LABEL =
      Pattern.compile("(?<name>[a-z_][a-z0-9_]*)=\"(?:[^\"\\\\\\n]|\\\\[\\\\n\"])*\"(?:,|$)");

  public static Exposition of(String text) {
    Map<String, Double> samples = new LinkedHashMap<>();
    Map<String, TreeSet<String>> labels = new TreeMap<>();
    assertThat(text).endsWith("\n");
    for (String line : text.split("\n", -1)) {
      if (line.isEmpty() || line.startsWith("# HELP ") || line.startsWith("# TYPE ")) {
        continue;
      }
      Matcher sample = SAMPLE.matcher(line);
      assertThat(sample.matches()).as(line).isTrue();
      String name = sample.group("name");
      TreeSet<String> names = labels.computeIfAbsent(name, key -> new TreeSet<>());
      String all = sample.group("labels");
      if (all != null) {
        Matcher label = LABEL.matcher(all);
        int read = 0;
        while (label.lookingAt()) {
          names.add(label.group("name"));
          read = label.end();
          label.region(read, all.length());
        }
        assertThat(read).as(line).isEqualTo(all.length());
      }
      String key = all == null ? name : name + "{" + all + "}";
      assertThat(samples).as("told twice").doesNotContainKey(key);
      samples.put(key, value(sample.group("value")));
    }
    return new Exposition(samples, labels);
  }

  private static double value(String text) {
    return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }
}

package ai.pediscreen.telemetry.server.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of docs/otlp.md is what the mapping reads. */
class OtlpDocumentTest {

  private static final Pattern ROW = Pattern.compile("\\| `([a-z_.]+)` \\| (.+) \\|");
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  @Test
  void documentedAttributes_areThoseRead_inTheSameOrder() throws Exception {
    Map<String, List<String>> documented = new LinkedHashMap<>();
    String document = Files.readString(Path.of("..", "docs", "otlp.md"), UTF_8);
    String section = document.substring(document.indexOf("## What is read"));
    for (String line : section.lines().toList()) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        documented.put(
            row.group(1), NAME.matcher(row.group(2)).results().map(name -> name.group(1)).toList());
        assertThat(line.contains(", of the resource"))
            .as(line)
            .isEqualTo(field(row.group(1)).isOfResource());
      }
    }

    Map<String, List<String>> read = new LinkedHashMap<>();
    for (CallField field : CallField.values()) {
      read.put(field.path(), field.attributes());
    }
    assertThat(documented).isEqualTo(read);
  }

  private static CallField field(String path) {
    for (CallField field : CallField.values()) {
      if (field.path().equals(path)) {
        return field;
      }
    }
    throw new AssertionError("no such field: " + path);
  }
}

package ai.pediscreen.telemetry.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of decisions is that of the files. */
class DecisionsDocumentTest {

  private static final Path DOCS = Path.of("..", "docs");
  private static final Pattern HEAD =
      Pattern.compile("# (\\d+)\\. (.+)\\n\\n(\\d{4}-\\d{2}-\\d{2})\\n\\n(?s:.+)");

  @Test
  void everyDecision_isNumberedAndDated_andListed() throws Exception {
    List<String> rows = new ArrayList<>();
    for (Path file : files()) {
      Matcher head = HEAD.matcher(Files.readString(file, UTF_8));
      assertThat(head.matches()).as("head of " + file).isTrue();
      assertThat(file.getFileName().toString()).startsWith("%04d-".formatted(rows.size() + 1));
      rows.add(
          "| %s | %s | [%s](decisions/%s) |"
              .formatted(head.group(1), head.group(3), head.group(2), file.getFileName()));
    }

    List<String> listed =
        Files.readAllLines(DOCS.resolve("decisions.md"), UTF_8).stream()
            .filter(line -> line.contains("](decisions/"))
            .filter(line -> line.startsWith("| "))
            .toList();
    assertThat(listed).isEqualTo(rows).hasSizeGreaterThan(100);
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(DOCS.resolve("decisions"))) {
      return files.sorted().toList();
    }
  }
}

package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/dependencies.md} is made of the SBOM that the build writes. {@code
 * -Dtelemetry.dependencies=write} writes it anew.
 */
class DependenciesDocumentIT {

  private static final Path BOM =
      Path.of("target", "classes", "META-INF", "sbom", "telemetry-server.cdx.json");
  private static final Path DOCUMENT = Path.of("..", "docs", "dependencies.md");
  private static final String FIRST_ROW = "| --- | --- | --- |\n";

  /** Nothing whose terms reach the programs that use a library without a choice. */
  private static final List<String> REFUSED = List.of("GPL-2.0-only", "GPL-3.0", "AGPL", "SSPL");

  @Test
  void theDocument_listsWhatTheJarContains() throws IOException {
    String written = Files.readString(DOCUMENT);
    int end = written.indexOf(FIRST_ROW) + FIRST_ROW.length();
    String wanted = written.substring(0, end) + String.join("", rows());
    if ("write".equals(System.getProperty("telemetry.dependencies"))) {
      Files.writeString(DOCUMENT, wanted);
    }
    assertThat(Files.readString(DOCUMENT)).isEqualTo(wanted);
  }

  @Test
  void everyDependency_hasALicenceThatAllowsDistribution() throws IOException {
    for (String row : rows()) {
      assertThat(row).doesNotContain("|  |");
      assertThat(REFUSED).noneMatch(row::contains);
    }
  }

  @BeforeEach
  void requireSbom() {
    assumeTrue(Files.exists(BOM), "no SBOM: its plugin does nothing where Maven is offline");
  }

  private static List<String> rows() throws IOException {
    TreeMap<String, String> rows = new TreeMap<>();
    for (JsonNode part : new ObjectMapper().readTree(BOM.toFile()).path("components")) {
      String name = part.path("group").asText() + ":" + part.path("name").asText();
      if (!name.startsWith("ai.pediscreen.telemetry:") && !isOfOtherSystems(name)) {
        rows.put(
            name,
            "| %s | %s | %s |\n".formatted(name, part.path("version").asText(), licences(part)));
      }
    }
    assertThat(rows).isNotEmpty();
    return List.copyOf(rows.values());
  }

  /** A build on such a system adds them. */
  private static boolean isOfOtherSystems(String name) {
    return name.contains("-darwin-") || name.contains("-windows-");
  }

  private static String licences(JsonNode part) {
    List<String> names = new ArrayList<>();
    for (JsonNode one : part.path("licenses")) {
      JsonNode licence = one.path("license");
      names.add(
          one.has("expression")
              ? one.path("expression").asText()
              : licence.path("id").asText(licence.path("name").asText()));
    }
    return String.join(" or ", names);
  }
}

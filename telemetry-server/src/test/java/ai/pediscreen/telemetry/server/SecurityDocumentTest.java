package ai.pediscreen.telemetry.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each promise of SECURITY.md names a test, and that test is there. That it passed, {@link
 * SecurityPromises} holds once all tests ran.
 */
class SecurityDocumentTest {

  private static final Path ROOT = Path.of("..");

  /** A test class, and perhaps a method of it. */
  static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT|Contract))(?:\\.(\\w+))?`");

  @Test
  void everyPromise_namesAnExistingTest() throws Exception {
    String document = Files.readString(ROOT.resolve("SECURITY.md"), UTF_8);
    List<String> rows = document.lines().filter(line -> line.startsWith("| ")).skip(2).toList();
    assertThat(rows).hasSizeGreaterThan(10);
    for (String row : rows) {
      assertThat(NAMED.matcher(row).find()).as(row).isTrue();
    }
    assertThat(missingTests(document)).isEmpty();
  }

  @Test
  void everyTestNamedInTheReview_exists() throws Exception {
    String review = Files.readString(ROOT.resolve("docs/security-review.md"), UTF_8);
    assertThat(NAMED.matcher(review).results().count()).isGreaterThan(20);
    assertThat(missingTests(review)).isEmpty();
  }

  private static List<String> missingTests(String document) throws IOException {
    Map<String, Path> tests = testSources();
    List<String> missing = new ArrayList<>();
    Matcher named = NAMED.matcher(document);
    while (named.find()) {
      Path source = tests.get(named.group(1) + ".java");
      String method = named.group(2);
      boolean there =
          source != null
              && (method == null
                  || Files.readString(source, UTF_8).contains("void " + method + "("));
      if (!there) {
        missing.add(named.group());
      }
    }
    return missing;
  }

  private static Map<String, Path> testSources() {
    try (Stream<Path> modules = Files.list(ROOT)) {
      return modules
          .map(module -> module.resolve("src/test/java"))
          .filter(Files::isDirectory)
          .flatMap(SecurityDocumentTest::below)
          .collect(
              Collectors.toMap(path -> path.getFileName().toString(), path -> path, (a, b) -> a));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> below(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

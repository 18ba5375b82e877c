package ai.pediscreen.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.drift.PopulationStabilityIndex;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compiles and runs the documents' Java, and compares what it prints with what they say. */
class ReadmeTest {

  @ParameterizedTest
  @CsvSource({
    "README.md, embedding",
    "README.md, drift",
    "docs/embedding.md, record",
    "docs/embedding.md, reference"
  })
  void codeInTheReadme_printsWhatItSays(String page, String name, @TempDir Path directory)
      throws Exception {
    String section =
        between(
            Files.readString(Path.of("..", page), UTF_8),
            "<!-- snippet:" + name + " -->",
            "<!-- /snippet:" + name + " -->");
    String code = between(section, "```java\n", "```");
    String output = between(section, "```text\n", "```");

    Path source = Files.writeString(directory.resolve("Snippet.java"), program(code), UTF_8);
    compile(source, directory);

    assertThat(run(directory)).isEqualToNormalizingNewlines(output);
  }

  private static String program(String code) {
    String imports = code.lines().filter(ReadmeTest::isImport).collect(Collectors.joining("\n"));
    return "%s%nclass Snippet { public static void main(String[] args) {%n%s%n} }%n"
        .formatted(imports, String.join("\n", statements(code)));
  }

  private static List<String> statements(String code) {
    return code.lines().filter(line -> !isImport(line) && !line.isBlank()).toList();
  }

  private static boolean isImport(String line) {
    return line.startsWith("import ");
  }

  private static void compile(Path source, Path directory) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    boolean compiled =
        compiler
            .getTask(
                messages,
                null,
                null,
                List.of(
                    "-proc:none", "-classpath", classes().toString(), "-d", directory.toString()),
                null,
                compiler
                    .getStandardFileManager(null, Locale.ROOT, UTF_8)
                    .getJavaFileObjects(source))
            .call();
    assertThat(compiled).as(messages.toString()).isTrue();
  }

  private static Path classes() {
    try {
      return Path.of(
          PopulationStabilityIndex.class
              .getProtectionDomain()
              .getCodeSource()
              .getLocation()
              .toURI());
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String run(Path directory) throws Exception {
    PrintStream before = System.out;
    Locale locale = Locale.getDefault();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader =
            new URLClassLoader(
                new URL[] {directory.toUri().toURL()}, ReadmeTest.class.getClassLoader());
        PrintStream capture = new PrintStream(printed, true, UTF_8)) {
      System.setOut(capture);
      Locale.setDefault(Locale.ROOT);
      var main = loader.loadClass("Snippet").getDeclaredMethod("main", String[].class);
      main.setAccessible(true);
      main.invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
      Locale.setDefault(locale);
    }
    return printed.toString(UTF_8);
  }

  private static String between(String text, String start, String end) {
    Matcher matcher =
        Pattern.compile(Pattern.quote(start) + "(.*?)" + Pattern.quote(end), Pattern.DOTALL)
            .matcher(text.replace("\r\n", "\n"));
    assertThat(matcher.find()).as("the page has %s", start).isTrue();
    return matcher.group(1);
  }
}

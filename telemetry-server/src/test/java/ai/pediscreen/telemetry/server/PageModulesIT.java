package ai.pediscreen.telemetry.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The unit tests of the page's modules, run where the modules run. A test file in {@code
 * src/test/resources/page} exports functions by what they say, each of which is given {@code
 * is(actual, expected)}, and may be async.
 */
class PageModulesIT {

  private static final int MOST_LINES = 250;

  /** Imports the modules from the server and the tests from a text, and answers what failed. */
  private static final String RUN =
      """
      const [source, done] = arguments;
      const is = (actual, expected) => {
        const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
        if (a !== b) {
          throw new Error(`is ${a}, not ${b}`);
        }
      };
      (async () => {
        const imports = [];
        const body = source.replaceAll(
          /^import (.+?) from '(.+?)';$/gm,
          (line, names, path) => {
            imports.push(path);
            const target = names.startsWith('*') ? names.replace('* as ', '') : names;
            return `const ${target} = modules[${imports.length - 1}];`;
          },
        );
        const modules = await Promise.all(imports.map((path) => import(path)));
        const tests = new Function('modules', body.replace('export default', 'return'))(modules);
        const failed = [];
        for (const [name, test] of Object.entries(tests)) {
          try {
            await test(is);
          } catch (failure) {
            failed.push(`${name}: ${failure.message}`);
          }
        }
        return [Object.keys(tests).length, failed];
      })().then(done, (failure) => done([0, [String(failure)]]));
      """;

  @TempDir private static Path profile;

  private static PostgresServer server;
  private static Browser browser;

  @BeforeAll
  static void start() {
    server = PostgresServer.start();
    browser = Browser.start(profile);
    // The tests are a text, which the page's own security policy would not let run.
    browser.command("Page.setBypassCSP", Map.of("enabled", true));
    browser.driver().get(server.uri() + "/");
  }

  @AfterAll
  static void stop() {
    browser.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state", "panels", "health", "words", "markers", "clock", "drift", "tones", "feed",
        "dialogs"
      })
  void modules_passTheirTests(String name) throws IOException {
    List<?> result =
        (List<?>)
            requireNonNull(
                browser.driver().executeAsyncScript(RUN, resource("/page/" + name + ".test.js")));

    assertThat((List<?>) result.get(1)).as("what failed").isEmpty();
    assertThat((Long) result.get(0)).isGreaterThan(3);
  }

  @Test
  void modules_areShort() throws IOException {
    try (Stream<Path> files =
        Files.list(Path.of("src/main/resources/ai/pediscreen/telemetry/server/dashboard"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".js")).toList()) {
        assertThat(Files.readAllLines(file).size()).as(file.toString()).isLessThan(MOST_LINES);
      }
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = requireNonNull(PageModulesIT.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

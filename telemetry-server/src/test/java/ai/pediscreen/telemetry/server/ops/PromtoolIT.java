package ai.pediscreen.telemetry.server.ops;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The files for Prometheus, judged by Prometheus's own tool. Where Debian is not there to take it
 * from, these tests are skipped and say so; {@link OpsFilesIT} runs everywhere.
 */
class PromtoolIT {

  private static Path promtool = Path.of("promtool");

  @TempDir private Path directory;

  @BeforeAll
  static void findPromtool() throws Exception {
    DebianPackage prometheus = new DebianPackage("prometheus", "promtool");
    Optional<Path> found = prometheus.find();
    if (found.isEmpty()) {
      System.out.println("The rules for Prometheus are NOT checked: " + prometheus.reason());
    }
    assumeTrue(found.isPresent(), prometheus::reason);
    promtool = found.get();
  }

  @Test
  void rules_areValid() throws Exception {
    assertThat(run("check", "rules", rules().toString())).contains("SUCCESS");
    assertThat(run("check", "config", OpsFiles.PROMETHEUS.resolve("prometheus.yml").toString()))
        .contains("SUCCESS");
  }

  @Test
  void alerts_fireAsTheirTestsSay() throws Exception {
    Path tests = OpsFiles.PROMETHEUS.resolve("rules_test.yml");
    assertThat(run("test", "rules", tests.toString())).contains("SUCCESS");
    String tested = Files.readString(tests);
    for (String name : OpsFiles.ruleNames()) {
      if (!name.contains(":")) {
        assertThat(tested)
            .as(name + " has a test that sees it ring")
            .contains("alertname: " + name);
      }
    }
  }

  @Test
  void everyBoardExpression_isValidPromQl() throws Exception {
    StringBuilder rules = new StringBuilder("groups:\n  - name: board\n    rules:\n");
    List<String> expressions = OpsFiles.boardExpressions();
    for (int i = 0; i < expressions.size(); i++) {
      rules
          .append("      - record: board:")
          .append(i)
          .append("\n        expr: '")
          .append(expressions.get(i).replace("$__rate_interval", "5m").replace("'", "''"))
          .append("'\n");
    }
    Path file = Files.writeString(directory.resolve("board.yml"), rules);
    assertThat(run("check", "rules", file.toString()))
        .contains("SUCCESS: " + expressions.size() + " rules");
  }

  @Test
  void promtool_findsABrokenRule() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("broken.yml"),
            Files.readString(rules()).replace("sum by (org_id)", "sum by org_id"));
    assertThat(exitCode("check", "rules", file.toString())).isNotZero();
  }

  private static Path rules() {
    return OpsFiles.PROMETHEUS.resolve("rules.yml");
  }

  private String run(String... arguments) throws IOException, InterruptedException {
    int exitCode = exitCode(arguments);
    String output = Files.readString(directory.resolve("output"), UTF_8);
    assertThat(exitCode).as(output).isZero();
    return output;
  }

  private int exitCode(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(promtool.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }
}

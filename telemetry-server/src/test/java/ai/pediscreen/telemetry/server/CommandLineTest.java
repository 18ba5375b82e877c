package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command line says to what it cannot do: one line, and where to read on. */
final class CommandLineTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          events --from soon --to 2026-02-01       | must be a day such as 2026-02-01
          aggregate --date 2026-02-30              | must be a day such as 2026-02-01
          export --from 2026-02-02 --to 2026-02-01 | --from must not be after --to
          export --to bigquery --from 2026-02-01   | must be a day such as 2026-02-01
          events --from 2026-02-01 --to 2026-02-01 --org-id o | --org-id
          keys                                     | say what to do with keys: create, list or revoke
          bigquery                                 | say what to do there: init
          serves                                   | serve
          worker --claim-after soon                | --claim-after
          """)
  void aMistake_isToldInALine_withoutTheWholeUsage(String line, String expected) {
    assertThat(run(line.split(" "))).isEqualTo(2);

    assertThat(err.toString().lines().toList()).hasSizeBetween(2, 3);
    assertThat(err.toString())
        .startsWith("telemetry-server: ")
        .contains(expected, "--help' says more")
        .doesNotContain("Usage:", "java.", "Exception");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void help_isACommandToo() {
    assertThat(run("help")).isZero();
    assertThat(out.toString()).contains("Usage: telemetry-server", "demo", "DATABASE_URL");
    assertThat(run("help", "events")).isZero();
    assertThat(out.toString()).contains("Last day, included", "--org=<org>", "--model=<model>");
  }

  private int run(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }
}

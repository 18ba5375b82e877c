package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.access.AccessKey;
import ai.pediscreen.telemetry.access.KeyScope;
import ai.pediscreen.telemetry.server.cli.access.KeyTable;
import ai.pediscreen.telemetry.server.config.Setting;
import ai.pediscreen.telemetry.server.config.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
          keys                                     | say what to do with keys: create, list, rotate or revoke
          bigquery                                 | say what to do there: init
          hold                                     | say what to do with holds: add, list or remove
          hold add --case c-4471                   | --org
          erase --case=                            | an id must not be blank
          serves                                   | serve
          worker --claim-after soon                | --claim-after
          aggregate                                | --date
          aggregate --date 2026-02-01 --from 2026-02-01 --to 2026-02-02 | mutually exclusive
          keys create --org o --scope everything   | 'telemetry-server keys create --help'
          keys create --org o --scope admin,read --events-per-second 0 | 'telemetry-server keys create --help'
          keys                                     | 'telemetry-server keys --help'
          compare --old http://localhost:1 --refused /tmp | --refused must name a file, and /tmp is a directory
          compare --old http://localhost:1 --key-file /nowhere | --key-file names a file that cannot be read
          """)
  void wrongCommandLine_isExplainedInALine_withoutTheWholeUsage(String line, String expected) {
    assertThat(run(line.split(" "))).isEqualTo(2);

    assertThat(err.toString().lines().toList()).hasSizeBetween(2, 3);
    assertThat(err.toString())
        .startsWith("telemetry-server: ")
        .contains(expected, "see 'telemetry-server")
        .doesNotContain("Usage:", "java.", "Exception", "Error");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void columnsOfKeys_fitTheirContent() {
    AccessKey longest =
        new AccessKey(
            "pst_0123456789abcdef",
            null,
            EnumSet.allOf(KeyScope.class),
            Instant.parse("2026-03-10T12:00:00Z"),
            null,
            Instant.parse("2026-03-11T12:00:00Z"),
            1_000_000_000,
            Instant.parse("2026-03-10T13:00:00Z"));
    AccessKey shortest =
        new AccessKey(
            "pst_1123456789abcdef",
            "org-a",
            EnumSet.of(KeyScope.READ),
            Instant.parse("2026-03-10T12:00:00Z"),
            null,
            null,
            null,
            null);

    List<String> lines = KeyTable.lines(List.of(longest, shortest));

    assertThat(lines).hasSize(3);
    int last = lines.get(0).indexOf("ORGANISATION");
    assertThat(lines.get(1).substring(last)).isEqualTo("(none)");
    assertThat(lines.get(2).substring(last)).isEqualTo("org-a");
    int status = lines.get(0).indexOf("STATUS");
    assertThat(lines.get(1).substring(status)).startsWith("revoked ");
    assertThat(lines.get(2).substring(status)).startsWith("valid ");
  }

  @Test
  void help_isACommand() {
    assertThat(run("help")).isZero();
    assertThat(out.toString()).contains("Usage: telemetry-server", "demo", "DATABASE_URL");
    assertThat(run("help", "events")).isZero();
    assertThat(out.toString()).contains("Last day, included", "--org=<org>", "--model=<model>");
  }

  @Test
  void helpOfServe_listsAllSettings() {
    assertThat(run("serve", "--help")).isZero();
    assertThat(out.toString())
        .contains(
            "  PORT (8000): port to listen on; 0 for any that is free\n",
            "  SENTRY_DSN (unset; secret): where errors are reported\n");
    List<String> listed =
        Pattern.compile("^  ([A-Z_]+) \\(", Pattern.MULTILINE)
            .matcher(out.toString())
            .results()
            .map(line -> line.group(1))
            .toList();
    assertThat(listed).isEqualTo(Settings.all().stream().map(Setting::name).toList());
  }

  @Test
  void everyCommand_isListed_withACompleteLine() {
    assertThat(Main.commandLine().getSubcommands().values())
        .allSatisfy(
            command ->
                assertThat(command.getCommandSpec().usageMessage().description()[0])
                    .doesNotEndWith(","));
  }

  @Test
  void prices_areChecked_withoutADatabase(@TempDir Path directory) throws IOException {
    assertThat(run("prices", "check", "../deploy/prices.json")).isZero();
    assertThat(out.toString()).contains("prices.json: 8 prices of 7 models");

    Path file = directory.resolve("prices.json");
    Files.writeString(file, "{\"prices\": [{\"model\": \"a*b\", \"from\": \"2026-01-01\"}]}");
    assertThat(run("prices", "check", file.toString())).isEqualTo(1);
    assertThat(out.toString())
        .contains("prices[0].model may", "prices[0].input", "prices[0].output");
    assertThat(run("prices", "check", "nowhere.json")).isEqualTo(1);
    assertThat(run("prices")).isEqualTo(2);
  }

  private int run(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }
}

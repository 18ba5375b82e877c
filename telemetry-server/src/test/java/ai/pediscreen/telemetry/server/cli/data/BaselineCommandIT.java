package ai.pediscreen.telemetry.server.cli.data;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code java -jar telemetry-server.jar baseline}, over the embedded database. */
class BaselineCommandIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir Path directory;

  @Test
  void baselines_areSetFromAFile_listedAndRemoved() throws Exception {
    Path values = directory.resolve("validation.txt");
    Files.write(
        values, List.of("low", "low", "0.5", "1e-3", "", "high", "low", "low", "13-24", "b", "c"));
    String[] which = {"--name", "validation", "--model", "m", "--feature", "/response/risk_level"};

    // It starts the database, which the others find running.
    try (ServerProcess server = ServerProcess.start(directory, ServerProcess.freePort())) {
      assertThat(run(0, with(which, "set", "--values", values.toString())))
          .contains("Baseline validation of m has 10 values.")
          .contains("Note: the feature is not in DRIFT_FEATURES of this server")
          .contains("Note: no day that was computed has calls of this model;");
      Path exported = directory.resolve("validation.json");
      assertThat(run(0, with(which, "export", "--out", exported.toString())))
          .contains("10 values are in ");
      assertThat(run(2, with(which, "export", "--out", exported.toString())))
          .contains("exists already");
      which[1] = "again";
      assertThat(run(0, with(which, "set", "--exported", exported.toString())))
          .contains("Baseline again of m has 10 values.");
      Path again = directory.resolve("again.json");
      run(0, with(which, "export", "--out", again.toString()));
      assertThat(Files.readString(again))
          .isEqualTo(Files.readString(exported).replace("validation", "again"));
      run(0, with(which, "remove"));
      which[1] = "validation";
      assertThat(run(0, "list")).contains("validation").contains("/response/risk_level");
      assertThat(run(2, with(which, "set", "--from", "2026-02-02", "--to", "2026-02-01")))
          .contains("give --from and a --to that is not before it, or --values, or --exported");
      assertThat(run(2, with(which, "set", "--from", "2026-02-01", "--to", "2026-02-02")))
          .contains("must have at least 10 values, but has 0");
      assertThat(run(2, with(which, "set", "--from", "0001-01-01", "--to", "9999-12-31")))
          .contains("--to must be from or later, by under 400 days")
          .doesNotContain("\tat ");
      which[5] = "risk_level";
      assertThat(run(2, with(which, "set", "--values", values.toString())))
          .contains("--feature must be a JSON pointer to a field of the event");
      assertThat(server.stop(LIMIT)).isEqualTo(143);
    }
    which[5] = "/response/risk_level";
    assertThat(run(0, with(which, "remove"))).contains("Baseline validation is removed.");
    assertThat(run(2, with(which, "remove"))).contains("there is no such baseline");
    assertThat(run(2)).contains("say what to do with baselines");
  }

  private static String[] with(String[] which, String command, String... more) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(which));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private String run(int exitCode, String... arguments) throws Exception {
    String[] all = new String[arguments.length + 1];
    all[0] = "baseline";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    try (ServerProcess process = ServerProcess.launch(directory, Map.of(), 0, all)) {
      int actual = process.exitCode(LIMIT);
      assertThat(actual).as(process.output()).isEqualTo(exitCode);
      return process.output();
    }
  }
}

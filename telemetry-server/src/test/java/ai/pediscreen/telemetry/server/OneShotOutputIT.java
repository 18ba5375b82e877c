package ai.pediscreen.telemetry.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command whose answer goes to standard output has it for itself: the log goes elsewhere. */
class OneShotOutputIT {

  @TempDir private Path directory;

  /** All at once, since each waits half a minute for a database that is not there. */
  @Test
  void log_isOnStandardError() throws Exception {
    Map<String, Process> processes = new LinkedHashMap<>();
    processes.put("dev", start("dev", "events", "--from", "2026-02-01", "--to", "2026-02-01"));
    processes.put("production", start("production", "aggregate", "--date", "2026-02-01"));
    processes.put("keys", start("keys", "keys", "list"));

    for (Map.Entry<String, Process> process : processes.entrySet()) {
      assertThat(process.getValue().waitFor()).isEqualTo(1);
      assertThat(Files.readString(directory.resolve(process.getKey() + ".out"), UTF_8)).isEmpty();
      assertThat(Files.readString(directory.resolve(process.getKey() + ".err"), UTF_8))
          .contains("waiting for the database", "telemetry-server: cannot connect to the database")
          .doesNotContain("see the log");
    }
  }

  private Process start(String environment, String... arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(ServerProcess.command(arguments)))
            .directory(directory.toFile())
            .redirectOutput(directory.resolve(environment + ".out").toFile())
            .redirectError(directory.resolve(environment + ".err").toFile());
    builder.environment().put("ENV", environment);
    builder.environment().put("DATABASE_URL", "postgresql://me@127.0.0.1:1/none");
    return builder.start();
  }
}

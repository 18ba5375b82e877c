package ai.pediscreen.telemetry.server.cli.data;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.Http;
import ai.pediscreen.telemetry.server.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code java -jar telemetry-server.jar aggregate}, over the embedded database. */
class AggregateCommandIT {

  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir Path directory;

  @Test
  @DisplayName("command line `aggregate --date D` or `--from D --to D`")
  void days_areComputed_andPrintedOneALine() throws Exception {
    LocalDate day = LocalDate.now(ZoneOffset.UTC).minusDays(3);
    try (ServerProcess server = ServerProcess.start(directory, ServerProcess.freePort())) {
      assertThat(
              Http.postJson(
                      server.uri("/events"),
                      """
                      {"event_id":"e","org_id":"o","timestamp":"%s","model":{"model_id":"m"},
                       "response":{"latency_ms":7,"status_code":200}}
                      """
                          .formatted(day))
                  .statusCode())
          .isEqualTo(202);

      assertThat(run(0, "--from", day.toString(), "--to", day.plusDays(1).toString()))
          .contains(day + ": 2 aggregates")
          .contains(day.plusDays(1) + ": 0 aggregates")
          .doesNotContain("\r[");
      assertThat(server.stop(LIMIT)).isEqualTo(143);
    }
    assertThat(run(0, "--date", day.toString())).contains(day + ": 2 aggregates");
    assertThat(run(2, "--date", day.plusDays(9).toString())).contains("is not over yet");
    assertThat(run(2)).contains("Missing required argument");
    assertThat(run(2, "--from", day.toString(), "--to", day.minusDays(1).toString()))
        .contains("--from must not be after --to");
  }

  private String run(int exitCode, String... arguments) throws Exception {
    String[] all = new String[arguments.length + 1];
    all[0] = "aggregate";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    try (ServerProcess process = ServerProcess.launch(directory, Map.of(), 0, all)) {
      int actual = process.exitCode(LIMIT);
      assertThat(actual).as(process.output()).isEqualTo(exitCode);
      return process.output();
    }
  }
}

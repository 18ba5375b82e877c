package ai.pediscreen.telemetry.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkerCommandTest {

  @ParameterizedTest
  @ValueSource(strings = {"0", "-5", "3601", "soon"})
  void invalidClaimAfter_isACommandLineError(String seconds) {
    StringWriter errors = new StringWriter();

    int status =
        Main.commandLine()
            .setErr(new PrintWriter(errors))
            .execute("worker", "--claim-after", seconds);

    assertThat(status).isEqualTo(2);
    assertThat(errors.toString()).contains("--claim-after").contains("--help");
  }
}

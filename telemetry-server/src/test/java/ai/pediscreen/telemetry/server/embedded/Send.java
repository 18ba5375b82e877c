package ai.pediscreen.telemetry.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;

/** Sends signals as a user would at a terminal. */
final class Send {
  private Send() {}

  static void signal(String name, long pid) throws IOException, InterruptedException {
    assertThat(
            new ProcessBuilder(List.of("sh", "-c", "kill -s " + name + " -- " + pid))
                .start()
                .waitFor())
        .as("kill -s %s %s", name, pid)
        .isZero();
  }
}

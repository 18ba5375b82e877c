package ai.pediscreen.telemetry.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process whose memory has run out ends, so that it is started again. */
class OutOfMemoryIT {

  @ParameterizedTest
  @ValueSource(strings = {"thread", "cause"})
  void process_endsWithTheExitStatusOfTheJvm(String where) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-cp",
                System.getProperty("java.class.path"),
                OutOfMemoryIT.class.getName(),
                where)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isEqualTo(3);
  }

  /** The process that runs out of memory. */
  public static void main(String[] arguments) throws InterruptedException {
    Logging.start("dev", "test", "1", null);
    Thread thread =
        new Thread(
            () -> {
              if (arguments[0].equals("thread")) {
                throw new OutOfMemoryError("of a thread");
              }
              Logging.endIfOutOfMemory(
                  new IllegalStateException(new OutOfMemoryError(List.of("within").get(0))));
            });
    thread.start();
    thread.join();
    Thread.sleep(TimeUnit.MINUTES.toMillis(1));
  }
}

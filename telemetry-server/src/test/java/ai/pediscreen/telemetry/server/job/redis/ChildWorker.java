package ai.pediscreen.telemetry.server.job.redis;

import ai.pediscreen.telemetry.server.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assertions;

/** A worker in a JVM of its own, which the test may kill or stop. */
final class ChildWorker implements AutoCloseable {

  private final Process process;
  private final Path output;

  private ChildWorker(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts it; its computations answer 99 once {@code goOn} exists. */
  static ChildWorker start(RedisUrl url, Path goOn) throws IOException {
    List<String> words =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            // It logs where a worker does, and not where tests do.
            "-Dlogback.configurationFile=logback.xml",
            ChildWorker.class.getName(),
            url.toString(),
            goOn.toString());
    Path output = Files.createTempFile(goOn.getParent(), "child", ".log");
    return new ChildWorker(
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile()).start(),
        output);
  }

  /** Waits until it has printed that. */
  void awaitText(String text) {
    Waiting.until(
        "the child says " + text,
        JobsFixture.LIMIT,
        () -> {
          try {
            return Files.readString(output).contains(text);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    if (kill.waitFor() != 0) {
      Assertions.fail("kill -" + name + " failed");
    }
  }

  /** {@code kill -9}. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  /** Works until it is killed, and says what it computes. */
  public static void main(String[] args) throws InterruptedException {
    Path goOn = Path.of(args[1]);
    RedisJobWorker worker =
        new RedisJobWorker(
            RedisUrl.parse(args[0]),
            day -> {
              System.out.println("COMPUTING " + day);
              while (!Files.exists(goOn)) {
                LockSupport.parkNanos(10_000_000);
              }
              System.out.println("COMPUTED " + day);
              return 99;
            },
            "child-" + ProcessHandle.current().pid(),
            JobsFixture.FAST);
    worker.start();
    new CountDownLatch(1).await();
  }
}

package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashIT {

  private static final int KILLS = Integer.getInteger("telemetry.test.kills", 5);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path directory;

  @Test
  @DisplayName("What was answered 2xx survives kill -9 of the server")
  void everyAcknowledgedEvent_isCountedOnce_whenTheServerIsKilled() throws Exception {
    int port = ServerProcess.freePort();
    Random random = seeded();
    ServerProcess server = ServerProcess.start(directory, port);
    try (Load load = new Load(server.uri("/events"), random.nextLong())) {
      for (int kill = 0; kill < KILLS; kill++) {
        awaitMore(load, random.nextInt(400));
        server.kill();
        server = ServerProcess.start(directory, port);
      }
      awaitMore(load, 100);
      load.stop();
      assertThat(server.stop(Duration.ofSeconds(10))).as("exit code after SIGTERM").isEqualTo(143);
      Recount.check(dataDirectory(), load.acknowledged());
    } finally {
      server.close();
    }
  }

  /**
   * Lets so many more events be acknowledged, and then an instant pass, so that kills fall
   * anywhere.
   */
  private static void awaitMore(Load load, int events) {
    int before = load.acknowledged().size();
    Waiting.until("the load goes on", LIMIT, () -> load.acknowledged().size() > before + events);
    LockSupport.parkNanos(events * 10_000L);
  }

  private static Random seeded() {
    long seed = System.nanoTime();
    System.out.println("CrashIT: seed " + seed);
    return new Random(seed);
  }

  private Path dataDirectory() {
    return directory.resolve("telemetry-data");
  }
}

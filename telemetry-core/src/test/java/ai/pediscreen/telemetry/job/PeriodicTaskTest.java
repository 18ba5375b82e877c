package ai.pediscreen.telemetry.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PeriodicTaskTest {

  private final LinkedBlockingQueue<Thread> runs = new LinkedBlockingQueue<>();

  @Test
  void failedRun_isFollowedByOthers_onADaemonThread() throws Exception {
    PeriodicTask task = new PeriodicTask("work", Duration.ofSeconds(1), this::fail);
    assertThat(runs.poll(30, TimeUnit.SECONDS)).isNotNull();
    Thread second = runs.poll(30, TimeUnit.SECONDS);
    assertThat(second).isNotNull();
    assertThat(second.isDaemon()).isTrue();
    task.close();
    second.join(30_000);
    assertThat(second.isAlive()).isFalse();
  }

  private void fail() {
    runs.add(Thread.currentThread());
    throw new AssertionError("as a library that is of another version");
  }
}

package ai.pediscreen.telemetry.server.job.redis;

import static ai.pediscreen.telemetry.server.job.redis.JobsFixture.DAY;
import static ai.pediscreen.telemetry.server.job.redis.JobsFixture.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.job.Job;
import ai.pediscreen.telemetry.server.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.StreamEntryID;

/** Workers that die or stand still in the middle of a job. */
final class LostWorkersIT {

  @TempDir private Path directory;
  private JobsFixture jobs;
  private Path goOn;

  @BeforeEach
  void start() throws Exception {
    jobs = new JobsFixture(directory);
    goOn = directory.resolve("go-on");
  }

  @AfterEach
  void stop() throws Exception {
    jobs.close();
  }

  @Test
  void killedWorker_losesItsMessage_toAnother() throws Exception {
    ChildWorker child = jobs.opened(ChildWorker.start(jobs.process.url(), goOn));
    String id = jobs.queue.submit(DAY).id();
    child.awaitText("COMPUTING " + DAY);
    child.kill();
    assertThat(jobs.state(id)).isEqualTo(Job.State.RUNNING);

    jobs.worker("heir", Days.of(7));

    assertThat(jobs.awaitState(id, Job.State.SUCCEEDED).aggregates()).isEqualTo(7);
    assertThat(jobs.hash(id)).containsEntry("attempts", "2");
    assertThat(jobs.inStream()).isZero();
    assertThat(jobs.pending()).isZero();
  }

  @Test
  void workerKilledBeforeItsJob_losesItsMessage_toAnother() {
    jobs.redis.xgroupCreate(RedisJobs.STREAM, RedisJobs.GROUP, new StreamEntryID(0, 0), true);
    String id = jobs.addDay(DAY);
    jobs.takeAndDie("dead");

    jobs.worker("heir", Days.of(7));

    assertThat(jobs.awaitState(id, Job.State.SUCCEEDED).aggregates()).isEqualTo(7);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void workerResumedAfterAnotherFinishedItsJob_changesNothing() throws Exception {
    ChildWorker child = jobs.opened(ChildWorker.start(jobs.process.url(), goOn));
    String id = jobs.queue.submit(DAY).id();
    child.awaitText("COMPUTING " + DAY);
    child.signal("STOP");
    RedisJobWorker heir = jobs.worker("heir", Days.of(7));
    jobs.awaitState(id, Job.State.SUCCEEDED);
    heir.close();

    Files.createFile(goOn);
    child.signal("CONT");
    child.awaitText("COMPUTED " + DAY);
    // The child goes on to the next message only after it has tried to write its late state.
    String next = jobs.queue.submit(DAY.plusDays(1)).id();
    assertThat(jobs.awaitState(next, Job.State.SUCCEEDED).aggregates()).isEqualTo(99);

    assertThat(jobs.queue.find(id)).contains(new Job(id, DAY, Job.State.SUCCEEDED, 7, null));
    assertThat(jobs.inStream()).isZero();
    assertThat(jobs.pending()).isZero();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void workerResumedWhileAnotherRunsItsJob_leavesItAlone() throws Exception {
    ChildWorker child = jobs.opened(ChildWorker.start(jobs.process.url(), goOn));
    String id = jobs.queue.submit(DAY).id();
    child.awaitText("COMPUTING " + DAY);
    child.signal("STOP");
    CountDownLatch finish = new CountDownLatch(1);
    Days heir = Days.waitingFor(finish);
    jobs.worker("heir", heir);
    Waiting.until("taken over", LIMIT, () -> heir.begun().contains(DAY));

    Files.createFile(goOn);
    child.signal("CONT");
    child.awaitText("was taken over");

    assertThat(jobs.state(id)).isEqualTo(Job.State.RUNNING);
    assertThat(jobs.pending()).isOne();
    finish.countDown();
    assertThat(jobs.awaitState(id, Job.State.SUCCEEDED).aggregates()).isOne();
  }

  @Test
  void messageThatKillsEachOfItsWorkers_isParked() {
    String id = jobs.queue.submit(DAY).id();
    jobs.redis.hset("telemetry:job:" + id, "attempts", "3");
    Days days = Days.of(1);

    jobs.worker("careful", days);

    assertThat(jobs.awaitState(id, Job.State.FAILED).error())
        .isEqualTo("none of its 3 attempts finished");
    assertThat(days.begun()).isEmpty();
    assertThat(jobs.parked()).hasSize(1);
  }
}

package ai.pediscreen.telemetry.server.job.redis;

import static ai.pediscreen.telemetry.server.job.redis.JobsFixture.DAY;
import static ai.pediscreen.telemetry.server.job.redis.JobsFixture.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.pediscreen.telemetry.job.Job;
import ai.pediscreen.telemetry.job.JobQueueUnavailableException;
import ai.pediscreen.telemetry.server.Waiting;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis away, back, or emptied, while workers are at it. */
final class LostRedisIT {

  @TempDir private Path directory;
  private JobsFixture jobs;

  @BeforeEach
  void start() throws Exception {
    jobs = new JobsFixture(directory);
  }

  @AfterEach
  void stop() throws Exception {
    jobs.close();
  }

  @Test
  void redisEmptiedWhileTheWorkerWaits_getsItsGroupBack() {
    Days days = Days.of(1);
    jobs.worker("one", days);
    jobs.awaitState(jobs.queue.submit(DAY).id(), Job.State.SUCCEEDED);

    for (int i = 0; i < 5; i++) {
      jobs.redis.flushAll();
      jobs.awaitState(jobs.addDay(DAY), Job.State.SUCCEEDED);
    }
    assertThat(days.begun()).hasSize(6);
  }

  @Test
  void redisEmptiedDuringAJob_getsItsResult_andTheWorkerContinues() {
    CountDownLatch goOn = new CountDownLatch(1);
    Days days = Days.waitingFor(goOn);
    String id = jobs.queue.submit(DAY).id();
    jobs.worker("one", days);
    Waiting.until("begun", LIMIT, () -> !days.begun().isEmpty());

    jobs.redis.flushAll();
    goOn.countDown();

    assertThat(jobs.awaitState(id, Job.State.SUCCEEDED).aggregates()).isOne();
    assertThat(jobs.redis.ttl("telemetry:job:" + id)).isPositive();
    jobs.awaitState(jobs.queue.submit(DAY).id(), Job.State.SUCCEEDED);
  }

  @Test
  void redisKilledAndRestartedEmpty_isFoundAgain() throws Exception {
    Days days = Days.of(1);
    jobs.worker("one", days);
    jobs.awaitState(jobs.queue.submit(DAY).id(), Job.State.SUCCEEDED);

    jobs.process.kill();
    assertThatExceptionOfType(JobQueueUnavailableException.class)
        .isThrownBy(() -> jobs.queue.submit(DAY))
        .withMessage("Redis at %s does not answer", jobs.process.url());
    assertThatExceptionOfType(JobQueueUnavailableException.class)
        .isThrownBy(() -> jobs.queue.find("1-1"));
    jobs.process.restart();

    jobs.awaitState(jobs.queue.submit(DAY).id(), Job.State.SUCCEEDED);
  }

  @Test
  void redisKilledDuringAJob_getsItsResult_onceItIsBack() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    Days days = Days.waitingFor(goOn);
    String id = jobs.queue.submit(DAY).id();
    jobs.worker("one", days);
    Waiting.until("begun", LIMIT, () -> !days.begun().isEmpty());

    jobs.process.kill();
    goOn.countDown();
    jobs.process.restart();

    assertThat(jobs.awaitState(id, Job.State.SUCCEEDED).aggregates()).isOne();
    assertThat(days.begun()).hasSize(1);
  }

  @Test
  void workerAndQueueStartedWithoutRedis_connectWhenItStarts() throws Exception {
    jobs.process.kill();
    jobs.worker("early", Days.of(1));
    RedisJobQueue early = jobs.opened(new RedisJobQueue(jobs.process.url()));
    assertThatExceptionOfType(JobQueueUnavailableException.class)
        .isThrownBy(() -> early.submit(DAY));

    jobs.process.restart();

    jobs.awaitState(early.submit(DAY).id(), Job.State.SUCCEEDED);
  }

  @Test
  void worker_closesInTime_whileRedisIsUnavailable() throws Exception {
    RedisJobWorker worker = jobs.worker("one", Days.of(1));
    jobs.process.kill();
    Thread closing = new Thread(worker::close);
    closing.start();

    Waiting.until("closed", LIMIT, () -> !closing.isAlive());
  }

  @Test
  void redisWithAPassword_refusesAWrongOne_withoutShowingIt() throws Exception {
    jobs.process.restartWith("--requirepass", "s3cret@/");
    RedisUrl url =
        RedisUrl.parse(
            jobs.process.url().toString().replace("redis://", "redis://default:s3cret%40%2F@"));
    RedisJobQueue queue = jobs.opened(new RedisJobQueue(url));
    Waiting.until("Redis answers", LIMIT, () -> queue.find("nobody").isEmpty());
    RedisJobWorker worker =
        jobs.opened(new RedisJobWorker(url, Days.of(1), "one", JobsFixture.FAST));
    worker.start();
    String id = queue.submit(DAY).id();

    Waiting.until("done", LIMIT, () -> queue.find(id).orElseThrow().state() == Job.State.SUCCEEDED);
    assertThatExceptionOfType(JobQueueUnavailableException.class)
        .isThrownBy(() -> jobs.queue.submit(DAY))
        .satisfies(e -> assertThat(e.toString() + e.getCause()).doesNotContain("s3cret"));
  }

  @Test
  void databasesOfOneRedis_areSeparate() {
    RedisUrl second = RedisUrl.parse(jobs.process.url().toString().replaceFirst("/0$", "/2"));
    RedisJobQueue queue = jobs.opened(new RedisJobQueue(second));

    String id = queue.submit(DAY).id();

    assertThat(queue.find(id)).isPresent();
    assertThat(jobs.queue.find(id)).isEmpty();
  }
}

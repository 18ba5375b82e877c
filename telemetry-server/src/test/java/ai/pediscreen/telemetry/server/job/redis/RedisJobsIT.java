package ai.pediscreen.telemetry.server.job.redis;

import static ai.pediscreen.telemetry.server.job.redis.JobsFixture.DAY;
import static ai.pediscreen.telemetry.server.job.redis.JobsFixture.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.daily.DayNotOverException;
import ai.pediscreen.telemetry.job.ExponentialBackoff;
import ai.pediscreen.telemetry.job.Job;
import ai.pediscreen.telemetry.server.Waiting;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.StreamEntryID;

/** Asking, doing, failing and parking, while nothing else goes wrong. */
final class RedisJobsIT {

  private static final long SEVEN_DAYS_SECONDS = 7 * 24 * 60 * 60;

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
  void submittedDay_isQueued_computed_andRemovedFromTheStream() {
    Job submitted = jobs.queue.submit(DAY);
    assertThat(submitted.state()).isEqualTo(Job.State.QUEUED);
    assertThat(jobs.queue.find(submitted.id())).contains(submitted);

    Days days = Days.of(12);
    jobs.worker("one", days);
    Job done = jobs.awaitState(submitted.id(), Job.State.SUCCEEDED);

    assertThat(done).isEqualTo(new Job(submitted.id(), DAY, Job.State.SUCCEEDED, 12, null));
    assertThat(days.begun()).containsExactly(DAY);
    assertThat(jobs.inStream()).isZero();
    assertThat(jobs.pending()).isZero();
  }

  @Test
  void stateOfAJob_isForgottenSevenDaysAfterItsLastChange() {
    String id = jobs.queue.submit(DAY).id();
    assertThat(jobs.redis.ttl("telemetry:job:" + id))
        .isBetween(SEVEN_DAYS_SECONDS - 60, SEVEN_DAYS_SECONDS);
    jobs.redis.expire("telemetry:job:" + id, 60);

    jobs.worker("one", Days.of(1));
    jobs.awaitState(id, Job.State.SUCCEEDED);

    assertThat(jobs.redis.ttl("telemetry:job:" + id))
        .isBetween(SEVEN_DAYS_SECONDS - 60, SEVEN_DAYS_SECONDS);
  }

  @Test
  void messageOfAnotherProgram_isFoundByItsStreamId_beforeAndAfterItRuns() {
    String id = jobs.addDay(DAY);
    assertThat(jobs.queue.find(id)).contains(new Job(id, DAY, Job.State.QUEUED, null, null));

    jobs.worker("one", Days.of(3));

    assertThat(jobs.awaitState(id, Job.State.SUCCEEDED).aggregates()).isEqualTo(3);
    assertThat(jobs.hash(id))
        .containsEntry("date", "2026-02-01")
        .containsEntry("aggregates_count", "3")
        .containsEntry("attempts", "1");
  }

  @Test
  void jobIdOfAnotherProgram_canBeSubmittedAgain_andRunsEachTime() {
    Days days = Days.of(1);
    jobs.worker("one", days);
    for (int i = 1; i <= 5; i++) {
      int expected = i;
      jobs.add(
          Map.of("task", "compute_daily_aggregates", "date", "2026-02-01", "job_id", "nightly"));
      Waiting.until("asked " + i, LIMIT, () -> days.begun().size() == expected);
      Waiting.until("done", LIMIT, () -> jobs.inStream() == 0);
    }
    assertThat(jobs.awaitState("nightly", Job.State.SUCCEEDED).aggregates()).isEqualTo(1);
    assertThat(jobs.parked()).isEmpty();
  }

  @Test
  void unknownJobs_areNotFound() {
    assertThat(jobs.queue.find("nobody")).isEmpty();
    assertThat(jobs.queue.find("1-1")).isEmpty();
    assertThat(jobs.queue.find("")).isEmpty();
    assertThat(jobs.queue.find("a b")).isEmpty();
    assertThat(jobs.queue.find("99999999999999999999999-9")).isEmpty();
  }

  @Test
  void invalidMessages_areParkedAtOnce_andBlockNothing() {
    jobs.add(Map.of("task", "drop_everything", "date", "2026-02-01"));
    jobs.add(Map.of("task", "compute_daily_aggregates", "date", "2026-02-30"));
    jobs.add(Map.of("task", "compute_daily_aggregates"));
    jobs.add(Map.of("x", "y".repeat(100_000)));
    jobs.add(Map.of("task", "compute_daily_aggregates", "date", "2026-02-01", "job_id", "a b"));
    String good = jobs.addDay(DAY);

    Days days = Days.of(1);
    jobs.worker("one", days);
    jobs.awaitState(good, Job.State.SUCCEEDED);

    assertThat(days.begun()).containsExactly(DAY);
    assertThat(jobs.queue.parked()).isEqualTo(5);
    assertThat(jobs.parked())
        .hasSize(5)
        .allSatisfy(p -> assertThat(p.get("error")).contains("must be"));
    assertThat(jobs.inStream()).isZero();
    assertThat(jobs.pending()).isZero();
  }

  @Test
  void messageOfAnUnknownTask_isFailed_withItsFault() {
    String id = jobs.add(Map.of("task", "drop_everything", "date", "2026-02-01"));
    jobs.worker("one", Days.of(1));

    assertThat(jobs.awaitState(id, Job.State.FAILED).error())
        .isEqualTo("the field task must be compute_daily_aggregates");
  }

  @Test
  void messageWithAnInvalidDate_isFound_beforeAndAfterItIsParked() {
    String id = jobs.add(Map.of("task", "compute_daily_aggregates", "date", "2026-02-30"));
    assertThat(jobs.queue.find(id)).contains(new Job(id, null, Job.State.QUEUED, null, null));

    jobs.worker("one", Days.of(1));

    assertThat(jobs.awaitState(id, Job.State.FAILED))
        .isEqualTo(
            new Job(
                id,
                null,
                Job.State.FAILED,
                null,
                "the field date must be a date such as 2026-02-01"));
  }

  @Test
  void jobThatCannotSucceed_isParkedAtOnce_andBlocksNoOther() {
    Days days = Days.failing(new DayNotOverException(DAY));
    String id = jobs.queue.submit(DAY).id();
    jobs.worker("one", days);

    assertThat(jobs.awaitState(id, Job.State.FAILED).error())
        .isEqualTo("the UTC day 2026-02-01 is not over yet");
    assertThat(days.begun()).containsExactly(DAY);
    assertThat(jobs.parked())
        .singleElement()
        .satisfies(parked -> assertThat(parked).containsEntry("attempts", "1"));
  }

  @Test
  void worker_writesHeartbeats_alsoAfterRedisWasEmptied() {
    assertThat(jobs.queue.hasWorker()).isFalse();
    jobs.worker("one", Days.of(1));
    Waiting.until("heard of", LIMIT, jobs.queue::hasWorker);
    assertThat(jobs.redis.ttl("telemetry:jobs:worker")).isBetween(60L, 120L);

    jobs.redis.flushAll();

    Waiting.until("heard of again", LIMIT, jobs.queue::hasWorker);
  }

  @Test
  void failingJob_isRetried_andSucceeds() {
    Days days = Days.failing(new IllegalStateException("no luck"));
    String id = jobs.queue.submit(DAY).id();
    jobs.worker("one", days);
    Waiting.until("tried once", LIMIT, () -> !days.begun().isEmpty());
    days.then(day -> 4);

    assertThat(jobs.awaitState(id, Job.State.SUCCEEDED).aggregates()).isEqualTo(4);
    assertThat(jobs.hash(id)).doesNotContainKey("error");
    assertThat(jobs.parked()).isEmpty();
  }

  @Test
  void alwaysFailingJob_isParked_withTheClassOfItsError_withoutItsMessage() {
    Days days =
        Days.failing(
            new IllegalStateException("Jane Doe", new SQLException("row (Jane Doe)", "57P01")));
    String id = jobs.queue.submit(DAY).id();
    jobs.worker("one", days);

    Job failed = jobs.awaitState(id, Job.State.FAILED);

    assertThat(failed.error())
        .isEqualTo(
            "it failed unexpectedly: IllegalStateException, caused by SQLException with SQL state"
                + " 57P01; see the log");
    assertThat(days.begun()).hasSize(3);
    assertThat(jobs.hash(id)).containsEntry("attempts", "3");
    assertThat(jobs.parked())
        .singleElement()
        .satisfies(
            parked ->
                assertThat(parked)
                    .containsEntry("job_id", id)
                    .containsEntry("date", "2026-02-01")
                    .containsEntry("attempts", "3")
                    .containsEntry("error", failed.error()));
    assertThat(jobs.redis.zcard(RedisJobs.LATER)).isZero();
    assertThat(jobs.inStream()).isZero();
  }

  @Test
  void computationThatEndsInAnError_isFailed_andTheWorkerContinues() {
    Days days = Days.of(0);
    days.then(
        day -> {
          throw new StackOverflowError();
        });
    String bad = jobs.queue.submit(DAY).id();
    jobs.worker("one", days);
    jobs.awaitState(bad, Job.State.FAILED);
    days.then(day -> 1);

    jobs.awaitState(jobs.queue.submit(DAY).id(), Job.State.SUCCEEDED);
  }

  @Test
  void failingJob_doesNotBlockOthers_whileItWaitsForItsRetry() {
    Days days = Days.of(0);
    days.then(
        day -> {
          if (day.equals(DAY)) {
            throw new IllegalStateException();
          }
          return 1;
        });
    RedisWorkerSettings slowRetries =
        new RedisWorkerSettings(
            JobsFixture.FAST.block(),
            JobsFixture.FAST.minIdle(),
            new ExponentialBackoff(LIMIT.multipliedBy(10), LIMIT.multipliedBy(10)),
            3,
            JobsFixture.FAST.reconnects(),
            JobsFixture.FAST.closeLimit());
    String bad = jobs.queue.submit(DAY).id();
    String good = jobs.queue.submit(DAY.plusDays(1)).id();
    jobs.worker("one", days, slowRetries);

    jobs.awaitState(good, Job.State.SUCCEEDED);

    assertThat(jobs.state(bad)).isEqualTo(Job.State.QUEUED);
    assertThat(jobs.redis.zcard(RedisJobs.LATER)).isOne();
  }

  @Test
  void twoWorkers_shareTheStream_andEachMessageRunsOnce() throws Exception {
    CountDownLatch bothWork = new CountDownLatch(2);
    Days one = Days.of(1);
    Days two = Days.of(1);
    for (Days days : List.of(one, two)) {
      days.then(
          day -> {
            bothWork.countDown();
            try {
              return bothWork.await(LIMIT.toSeconds(), TimeUnit.SECONDS) ? 1 : 0;
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
    }
    List<LocalDate> asked = Stream.iterate(DAY, d -> d.plusDays(1)).limit(60).toList();
    List<String> ids = asked.stream().map(day -> jobs.queue.submit(day).id()).toList();

    jobs.worker("one", one);
    jobs.worker("two", two);
    ids.forEach(id -> assertThat(jobs.awaitState(id, Job.State.SUCCEEDED).aggregates()).isOne());

    List<LocalDate> begun = new ArrayList<>(one.begun());
    begun.addAll(two.begun());
    assertThat(begun).containsExactlyInAnyOrderElementsOf(asked);
    assertThat(one.begun()).isNotEmpty();
    assertThat(two.begun()).isNotEmpty();
  }

  @Test
  void longComputation_renewsItsClaim_andIsNotTakenOver() {
    CountDownLatch goOn = new CountDownLatch(1);
    Days slow = Days.waitingFor(goOn);
    String id = jobs.queue.submit(DAY).id();
    jobs.worker("slow", slow);
    Waiting.until("begun", LIMIT, () -> !slow.begun().isEmpty());
    Days idle = Days.of(2);
    jobs.worker("idle", idle);

    long start = System.nanoTime();
    Waiting.until(
        "three claims' time has passed",
        LIMIT,
        () -> System.nanoTime() - start > 3 * JobsFixture.FAST.minIdle().toNanos());
    goOn.countDown();

    assertThat(jobs.awaitState(id, Job.State.SUCCEEDED).aggregates()).isOne();
    assertThat(idle.begun()).isEmpty();
  }

  @Test
  void closedWorker_finishesItsJob_takesNoMore_andLeavesTheGroup() {
    CountDownLatch goOn = new CountDownLatch(1);
    Days days = Days.waitingFor(goOn);
    String first = jobs.queue.submit(DAY).id();
    String second = jobs.queue.submit(DAY.plusDays(1)).id();
    RedisJobWorker worker = jobs.worker("one", days);
    Waiting.until("begun", LIMIT, () -> !days.begun().isEmpty());
    Thread closing = new Thread(worker::close);
    closing.start();
    Waiting.until("close waits", LIMIT, () -> closing.getState() == Thread.State.TIMED_WAITING);

    goOn.countDown();
    Waiting.until("closed", LIMIT, () -> !closing.isAlive());

    assertThat(jobs.state(first)).isEqualTo(Job.State.SUCCEEDED);
    assertThat(jobs.state(second)).isEqualTo(Job.State.QUEUED);
    assertThat(jobs.redis.xinfoConsumers(RedisJobs.STREAM, RedisJobs.GROUP)).isEmpty();
  }

  @Test
  void closedWorker_thatCannotFinishInTime_leavesItsJobToAnotherAtOnce() {
    CountDownLatch never = new CountDownLatch(1);
    Days stuck = Days.waitingFor(never);
    RedisWorkerSettings impatient =
        new RedisWorkerSettings(
            JobsFixture.FAST.block(),
            LIMIT.multipliedBy(10),
            JobsFixture.FAST.retries(),
            3,
            JobsFixture.FAST.reconnects(),
            Duration.ofMillis(100));
    String id = jobs.queue.submit(DAY).id();
    RedisJobWorker first = jobs.worker("stuck", stuck, impatient);
    Waiting.until("begun", LIMIT, () -> !stuck.begun().isEmpty());
    first.close();
    Days days = Days.of(5);
    jobs.worker("next", days, impatient);

    assertThat(jobs.awaitState(id, Job.State.SUCCEEDED).aggregates()).isEqualTo(5);
    never.countDown();
  }

  @Test
  void messageDeletedWhilePending_isForgotten() {
    CountDownLatch never = new CountDownLatch(1);
    Days days = Days.waitingFor(never);
    jobs.redis.xgroupCreate(RedisJobs.STREAM, RedisJobs.GROUP, new StreamEntryID(0, 0), true);
    String id = jobs.addDay(DAY);
    jobs.takeAndDie("dead");
    jobs.redis.xdel(RedisJobs.STREAM, new StreamEntryID(id));

    jobs.worker("one", days);

    Waiting.until("nothing is pending", LIMIT, () -> jobs.pending() == 0);
    assertThat(days.begun()).isEmpty();
  }
}

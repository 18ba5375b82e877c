package ai.pediscreen.telemetry.job;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.daily.DayNotOverException;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class InProcessJobQueueTest {

  private static final LocalDate DAY = LocalDate.of(2026, 2, 1);
  private static final List<Duration> NO_PAUSES = List.of(Duration.ZERO, Duration.ZERO);

  @Test
  void job_isQueued_thenRunning_thenSucceeded() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    DayComputation computation =
        day -> {
          begun.countDown();
          await(mayEnd);
          return 7;
        };
    try (InProcessJobQueue queue = new InProcessJobQueue(computation, NO_PAUSES)) {
      Job first = queue.submit(DAY);
      assertThat(first.state()).isEqualTo(Job.State.QUEUED);
      begun.await();
      assertThat(state(queue, first)).isEqualTo(Job.State.RUNNING);
      Job second = queue.submit(DAY);
      assertThat(second.id()).isNotEqualTo(first.id());
      assertThat(queue.submit(DAY)).isEqualTo(second);
      mayEnd.countDown();
      assertThat(awaitDone(queue, second))
          .isEqualTo(new Job(second.id(), DAY, Job.State.SUCCEEDED, 7, null));
      assertThat(state(queue, first)).isEqualTo(Job.State.SUCCEEDED);
      assertThat(queue.find("another")).isEmpty();
    }
  }

  @Test
  void failedJob_isRetried_andOthersRunMeanwhile() {
    AtomicInteger tries = new AtomicInteger();
    DayComputation computation =
        day -> {
          if (day.equals(DAY) && tries.incrementAndGet() < 3) {
            throw new StoreUnavailableException("the database is unavailable");
          }
          return 1;
        };
    try (InProcessJobQueue queue = new InProcessJobQueue(computation, NO_PAUSES)) {
      Job job = queue.submit(DAY);
      assertThat(awaitDone(queue, queue.submit(DAY.plusDays(1))).state())
          .isEqualTo(Job.State.SUCCEEDED);
      assertThat(awaitDone(queue, job).state()).isEqualTo(Job.State.SUCCEEDED);
      assertThat(tries).hasValue(3);
    }
  }

  @Test
  void alwaysFailingJob_isParkedWithItsError_andBlocksNoOther() {
    AtomicInteger tries = new AtomicInteger();
    DayComputation computation =
        day -> {
          tries.incrementAndGet();
          throw day.equals(DAY)
              ? new StoreUnavailableException("the database is unavailable")
              : new IllegalStateException("patient Ada");
        };
    try (InProcessJobQueue queue = new InProcessJobQueue(computation, NO_PAUSES)) {
      Job parked = awaitDone(queue, queue.submit(DAY));
      Job poison = awaitDone(queue, queue.submit(DAY.plusDays(1)));
      assertThat(parked.state()).isEqualTo(Job.State.FAILED);
      assertThat(parked.error()).isEqualTo("the database is unavailable; see the log");
      assertThat(poison.error())
          .isEqualTo("it failed unexpectedly: IllegalStateException; see the log");
      assertThat(tries).hasValue(6);
    }
  }

  @Test
  void jobThatCannotSucceed_isParkedAtOnce() {
    AtomicInteger tries = new AtomicInteger();
    DayComputation computation =
        day -> {
          tries.incrementAndGet();
          throw new DayNotOverException(day);
        };
    try (InProcessJobQueue queue = new InProcessJobQueue(computation, NO_PAUSES)) {
      Job job = awaitDone(queue, queue.submit(DAY));
      assertThat(job.state()).isEqualTo(Job.State.FAILED);
      assertThat(job.error()).isEqualTo("the UTC day 2026-02-01 is not over yet");
      assertThat(tries).hasValue(1);
    }
  }

  @Test
  void rememberedJobs_areBounded() {
    try (InProcessJobQueue queue = new InProcessJobQueue(day -> 0, NO_PAUSES)) {
      Job first = awaitDone(queue, queue.submit(DAY));
      Job last = first;
      for (int i = 0; i < InProcessJobQueue.REMEMBERED; i++) {
        last = awaitDone(queue, queue.submit(DAY));
      }
      assertThat(queue.find(first.id())).isEmpty();
      assertThat(queue.find(last.id())).isPresent();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Job.State state(JobQueue queue, Job job) {
    return queue.find(job.id()).orElseThrow().state();
  }

  private static Job awaitDone(JobQueue queue, Job job) {
    Job.State state = state(queue, job);
    while (state == Job.State.QUEUED || state == Job.State.RUNNING) {
      Thread.onSpinWait();
      state = state(queue, job);
    }
    return queue.find(job.id()).orElseThrow();
  }
}

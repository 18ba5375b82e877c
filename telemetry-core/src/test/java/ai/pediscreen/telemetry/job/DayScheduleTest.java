package ai.pediscreen.telemetry.job;

import static ai.pediscreen.telemetry.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.daily.DailyAggregation;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.memory.InMemoryTelemetry;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DayScheduleTest {

  private Instant now = Instant.parse("2026-03-10T12:00:00Z");
  private final InMemoryTelemetry telemetry = new InMemoryTelemetry(() -> now);
  private final RecordingQueue queue = new RecordingQueue();
  private final DaySchedule schedule = new DaySchedule(telemetry, queue);
  private final TimeZone zone = TimeZone.getDefault();

  @AfterEach
  void restoreZone() {
    TimeZone.setDefault(zone);
    schedule.close();
  }

  @Test
  void missedDays_areQueuedAtOnce_oldestFirst_andOnce() {
    record("2026-03-07", "2026-03-08", "2026-03-09", "2026-03-10");
    schedule.queueDue();
    assertThat(queue.asked)
        .containsExactly(day("2026-03-07"), day("2026-03-08"), day("2026-03-09"));
    schedule.queueDue();
    assertThat(queue.asked).hasSize(3);
  }

  @Test
  void yesterday_isQueued_fromTenPastMidnight() {
    record("2026-03-10");
    for (String early :
        List.of("2026-03-10T23:59:59Z", "2026-03-11T00:00:00Z", "2026-03-11T00:09:59.999Z")) {
      now = Instant.parse(early);
      schedule.queueDue();
      assertThat(queue.asked).as(early).isEmpty();
    }
    now = Instant.parse("2026-03-11T00:10:00Z");
    schedule.queueDue();
    assertThat(queue.asked).containsExactly(day("2026-03-10"));
  }

  @Test
  void clockThatJumpsBack_neitherMissesNorRepeatsADay() {
    record("2026-03-10");
    now = Instant.parse("2026-03-11T00:10:00Z");
    schedule.queueDue();
    queue.computeAll(telemetry);
    now = Instant.parse("2026-03-10T23:10:00Z");
    schedule.queueDue();
    record("2026-03-10");
    schedule.queueDue();
    assertThat(queue.asked).hasSize(1);
    now = Instant.parse("2026-03-11T00:10:00Z");
    schedule.queueDue();
    assertThat(queue.asked).hasSize(2);
    queue.computeAll(telemetry);
    schedule.queueDue();
    assertThat(queue.asked).hasSize(2);
  }

  @Test
  void timeZoneOfTheServer_hasNoEffect() {
    for (String id : List.of("Europe/Berlin", "America/St_Johns", "Pacific/Apia")) {
      TimeZone.setDefault(TimeZone.getTimeZone(id));
      queue.asked.clear();
      record("2026-03-29");
      now = Instant.parse("2026-03-30T00:09:00Z");
      schedule.queueDue();
      assertThat(queue.asked).as(id).isEmpty();
      now = Instant.parse("2026-03-30T00:10:00Z");
      schedule.queueDue();
      assertThat(queue.asked).as(id).containsExactly(day("2026-03-29"));
      queue.computeAll(telemetry);
      schedule.queueDue();
      now = Instant.parse("2026-03-29T12:00:00Z");
    }
  }

  @Test
  void failedDay_isQueuedAgainAfterAnHour() {
    record("2026-03-09");
    schedule.queueDue();
    queue.setAll(Job.State.FAILED);
    for (int minute = 1; minute < 60; minute++) {
      schedule.queueDue();
    }
    assertThat(queue.asked).hasSize(1);
    schedule.queueDue();
    assertThat(queue.asked).hasSize(2);
  }

  @Test
  void lostJob_isQueuedAgain() {
    record("2026-03-09");
    schedule.queueDue();
    queue.jobs.clear();
    schedule.queueDue();
    assertThat(queue.asked).hasSize(2);
  }

  @Test
  void waitingDaysWithoutAWorker_areReported() {
    queue.hasWorker = false;
    for (int minute = 0; minute < 5; minute++) {
      schedule.queueDue();
    }
    assertThat(schedule.lacksWorker()).as("nothing waits").isFalse();

    record("2026-03-09");
    schedule.queueDue();
    schedule.queueDue();
    assertThat(schedule.lacksWorker()).as("a worker may be about to start").isFalse();
    schedule.queueDue();
    assertThat(schedule.lacksWorker()).isTrue();

    queue.hasWorker = true;
    schedule.queueDue();
    assertThat(schedule.lacksWorker()).isFalse();
    queue.hasWorker = false;
    queue.computeAll(telemetry);
    for (int minute = 0; minute < 5; minute++) {
      schedule.queueDue();
    }
    assertThat(schedule.lacksWorker()).as("all is done").isFalse();
  }

  private void record(String... days) {
    for (String day : days) {
      telemetry.append(
          OrgPermission.all(),
          List.of(event("e-" + telemetryEvents++).at(day + "T10:00:00Z").model("m").build()));
    }
  }

  private int telemetryEvents;

  private static LocalDate day(String day) {
    return LocalDate.parse(day);
  }

  /** Keeps what is asked for and does nothing by itself. */
  private static final class RecordingQueue implements JobQueue {
    private final List<LocalDate> asked = new ArrayList<>();
    private final Map<String, Job> jobs = new HashMap<>();
    private boolean hasWorker = true;

    @Override
    public boolean hasWorker() {
      return hasWorker;
    }

    @Override
    public Job submit(LocalDate day) {
      asked.add(day);
      Job job = new Job("job-" + asked.size(), day, Job.State.QUEUED, null, null);
      jobs.put(job.id(), job);
      return job;
    }

    @Override
    public Optional<Job> find(String jobId) {
      return Optional.ofNullable(jobs.get(jobId));
    }

    @Override
    public long parked() {
      return jobs.values().stream().filter(job -> job.state() == Job.State.FAILED).count();
    }

    @Override
    public void close() {}

    void setAll(Job.State state) {
      jobs.replaceAll((id, job) -> new Job(id, job.day(), state, null, null));
    }

    void computeAll(InMemoryTelemetry telemetry) {
      asked.forEach(day -> new DailyAggregation(telemetry).compute(day));
      jobs.clear();
    }
  }
}

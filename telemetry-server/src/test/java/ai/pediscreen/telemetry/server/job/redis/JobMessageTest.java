package ai.pediscreen.telemetry.server.job.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JobMessageTest {

  private static final String TASK = "compute_daily_aggregates";

  @Test
  void message_withoutJobId_isKnownByItsOwnId() {
    JobMessage message = JobMessage.of("7-0", Map.of("task", TASK, "date", "2024-02-29"));

    assertThat(message)
        .isEqualTo(
            new JobMessage("7-0", "7-0", TASK, "2024-02-29", LocalDate.of(2024, 2, 29), null));
  }

  @Test
  void message_withJobId_isKnownByThat() {
    JobMessage message =
        JobMessage.of("7-0", Map.of("task", TASK, "date", "2026-02-01", "job_id", "mine:1"));

    assertThat(message.jobId()).isEqualTo("mine:1");
    assertThat(message.fault()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "2026-02-30", "2026-2-1", "01.02.2026", "+12026-02-01", "2026-02-01T00:00"})
  void messageWithAnInvalidDate_isImpossible(String date) {
    JobMessage message = JobMessage.of("7-0", Map.of("task", TASK, "date", date));

    assertThat(message.day()).isNull();
    assertThat(message.fault()).contains("date");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "line\nbreak", "é"})
  void messageWithAnInvalidJobId_isImpossible_andKnownByItsOwnId(String jobId) {
    JobMessage message =
        JobMessage.of("7-0", Map.of("task", TASK, "date", "2026-02-01", "job_id", jobId));

    assertThat(message.jobId()).isEqualTo("7-0");
    assertThat(message.day()).isNull();
    assertThat(message.fault()).contains("job_id");
  }

  @Test
  void messageWithAnotherTaskOrNone_isImpossible() {
    assertThat(JobMessage.of("7-0", Map.of("task", "rm", "date", "2026-02-01")).fault())
        .contains("task");
    assertThat(JobMessage.of("7-0", Map.of("hello", "world")).fault()).contains("task");
  }

  @Test
  void hugeFields_areTruncated() {
    JobMessage message =
        JobMessage.of("7-0", Map.of("task", "x".repeat(1_000_000), "date", "9".repeat(1_000_000)));

    assertThat(message.task()).hasSize(200);
    assertThat(message.date()).hasSize(200);
  }
}

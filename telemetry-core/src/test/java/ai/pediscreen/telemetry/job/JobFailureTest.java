package ai.pediscreen.telemetry.job;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.daily.DayNotOverException;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.sql.SQLException;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

final class JobFailureTest {

  private final SQLException terminated =
      new SQLException("row (Jane Doe) of /var/lib/db", "57P01");

  @Test
  void unavailableStore_isRetried_andKeepsItsMessage() {
    assertThat(JobFailure.of(new StoreUnavailableException("the database is away", terminated)))
        .isEqualTo(
            new JobFailure(
                "the database is away, caused by SQLException with SQL state 57P01; see the log",
                false));
  }

  @Test
  void otherFailure_isRetried_andReportedByItsClassOnly() {
    assertThat(JobFailure.of(new IllegalStateException("Jane Doe", terminated)))
        .isEqualTo(
            new JobFailure(
                "it failed unexpectedly: IllegalStateException, caused by SQLException with SQL"
                    + " state 57P01; see the log",
                false));
    assertThat(JobFailure.of(new StackOverflowError()).error())
        .isEqualTo("it failed unexpectedly: StackOverflowError; see the log");
  }

  @Test
  void failureThatCannotSucceed_isFinal() {
    assertThat(JobFailure.of(new DayNotOverException(LocalDate.of(2026, 2, 1))))
        .isEqualTo(new JobFailure("the UTC day 2026-02-01 is not over yet", true));
    assertThat(JobFailure.of(new IllegalArgumentException("Jane Doe")))
        .isEqualTo(
            new JobFailure("it failed unexpectedly: IllegalArgumentException; see the log", true));
  }

  @Test
  void longChainsOfCauses_areTruncated() {
    Throwable loop = new IllegalStateException();
    for (int depth = 0; depth < 100; depth++) {
      loop = new IllegalStateException(loop);
    }
    assertThat(JobFailure.of(loop).error()).hasSizeLessThan(300);
  }
}

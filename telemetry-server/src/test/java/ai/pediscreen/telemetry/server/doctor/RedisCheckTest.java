package ai.pediscreen.telemetry.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.job.redis.RedisReport;
import ai.pediscreen.telemetry.server.job.redis.RedisUrl;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RedisCheckTest {

  private static final RedisUrl URL = RedisUrl.parse("redis://ada:hunter2@redis.example/3");

  @Test
  void redisWithAWorker_isOk() {
    assertThat(lines("7.2.4", true, 2, 1, 0))
        .containsExactly(
            "ok    Redis        Redis 7.2.4 at redis://redis.example:6379/3",
            "ok    Workers      at work; requests in the stream: 2, to be tried again: 1",
            "ok    Parked jobs  none");
  }

  @Test
  void redisWithoutAWorker_andParkedJobs_areWarnings() {
    assertThat(lines(null, false, 2, 0, 3))
        .containsExactly(
            "warn  Redis        at redis://redis.example:6379/3, which does not report its version;"
                + " see that it is 6.2 or newer",
            "warn  Workers      none has reported for two minutes; requests in the stream: 2, to be"
                + " tried again: 0; start one: java -jar telemetry-server.jar worker",
            "warn  Parked jobs  3; read why (XRANGE telemetry:jobs:parked - +), fix the cause, then"
                + " DEL telemetry:jobs:parked");
  }

  @ParameterizedTest
  @CsvSource({
    "6.2.0, ok",
    "6.2, ok",
    "6.10.1, ok",
    "8.0.1-rc1, ok",
    "255.255.255, ok",
    "6.0.16, FAIL",
    "5.9.9, FAIL",
    "unstable, warn",
    "99999999999.1, warn",
  })
  void versionsBefore62_fail(String version, String level) {
    assertThat(lines(version, true, 0, 0, 0).get(0)).startsWith(level + " ");
  }

  private static List<String> lines(
      @Nullable String version, boolean hasWorker, long requests, long retries, long parked) {
    return new Findings(
            new RedisCheck(URL, new RedisReport(version, hasWorker, requests, retries, parked))
                .check())
        .lines();
  }
}

package ai.pediscreen.telemetry.server.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.job.InProcessJobQueue;
import ai.pediscreen.telemetry.server.Waiting;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class SentryTest {

  private static final Logger LOG = LoggerFactory.getLogger(SentryTest.class);
  private static final Logger LIBRARY = LoggerFactory.getLogger("org.example.Library");

  /** One report alone may wait five seconds for an answer, and a hundred of them minutes. */
  private static final Duration BOUND = Duration.ofSeconds(12);

  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Test
  @DisplayName("Sentry: environment=ENV, release=version, trace_id tag; no payloads")
  void error_isReportedWithItsTraceId_andNoContent() {
    try (FakeSentry sentry = new FakeSentry()) {
      try (Logging log = start(sentry.dsn())) {
        LOG.warn("a warning is no error");
        TraceContext.run(
            "req-7",
            () ->
                LOG.error(
                    "day {} failed",
                    "2026-03-09",
                    new StoreUnavailableException(
                        "the database is unavailable",
                        new IllegalArgumentException("name: Jane Doe, 2019-04-01"))));
        assertThat(log).isNotNull();
      }
      JsonNode event = sentry.events().get(0);
      assertThat(sentry.events()).hasSize(1);
      assertThat(event.fieldNames())
          .toIterable()
          .containsExactlyInAnyOrder(
              "event_id",
              "timestamp",
              "level",
              "platform",
              "environment",
              "release",
              "logger",
              "message",
              "tags",
              "exception",
              "contexts");
      assertThat(event.path("contexts")).isEmpty();
      assertThat(event.path("level").textValue()).isEqualTo("error");
      assertThat(event.path("environment").textValue()).isEqualTo("staging");
      assertThat(event.path("release").textValue()).isEqualTo("pedi-telemetry@1.2.3");
      assertThat(event.at("/tags/trace_id").textValue()).isEqualTo("req-7");
      assertThat(event.path("tags")).hasSize(1);
      assertThat(event.at("/message/message").textValue()).isEqualTo("day {} failed");
      assertThat(event.at("/message/formatted").textValue()).isEqualTo("day 2026-03-09 failed");

      JsonNode exceptions = event.at("/exception/values");
      assertThat(exceptions).hasSize(2);
      assertThat(exceptions.get(0).path("type").textValue()).isEqualTo("IllegalArgumentException");
      assertThat(exceptions.get(0).path("module").textValue()).isEqualTo("java.lang");
      assertThat(exceptions.get(0).has("value")).isFalse();
      assertThat(exceptions.get(1).path("value").textValue())
          .isEqualTo("the database is unavailable");
      JsonNode frames = exceptions.get(1).at("/stacktrace/frames");
      JsonNode innermost = frames.get(frames.size() - 1);
      assertThat(innermost.path("module").textValue()).isEqualTo(SentryTest.class.getName());
      assertThat(innermost.path("in_app").booleanValue()).isTrue();
      assertThat(innermost.path("lineno").intValue()).isPositive();
      assertThat(sentry.bodies())
          .allMatch(body -> !body.contains("Jane") && !body.contains("2019"));
    }
  }

  @Test
  void errorOfALibrary_isReportedWithoutItsMessage() {
    try (FakeSentry sentry = new FakeSentry()) {
      try (Logging log = start(sentry.dsn())) {
        LIBRARY.error("cannot read name=Jane", new IOException("closed"));
        assertThat(log).isNotNull();
      }
      assertThat(sentry.events().get(0).at("/message/formatted").textValue())
          .isEqualTo("an error that org.example.Library logged");
      assertThat(sentry.events().get(0).at("/exception/values/0/value").textValue())
          .isEqualTo("closed");
      assertThat(sentry.bodies()).noneMatch(body -> body.contains("Jane"));
    }
  }

  @Test
  void deadThread_andParkedJob_areReported() throws Exception {
    try (FakeSentry sentry = new FakeSentry();
        Logging log = start(sentry.dsn())) {
      Thread thread =
          new Thread(
              () -> {
                throw new IllegalStateException("nobody expected this");
              },
              "doomed");
      thread.start();
      thread.join();
      Waiting.until("the death is reported", LIMIT, () -> sentry.events().size() == 1);
      assertThat(sentry.events().get(0).at("/message/formatted").textValue())
          .isEqualTo("thread doomed died");

      InProcessJobQueue jobs =
          new InProcessJobQueue(
              day -> {
                throw new IllegalStateException("disk");
              },
              List.of());
      jobs.submit(LocalDate.of(2026, 3, 9));
      Waiting.until("the parked job is reported", LIMIT, () -> sentry.events().size() == 2);
      assertThat(sentry.events().get(1).at("/message/formatted").textValue())
          .contains("for 2026-03-09 is parked after attempt 1");
      assertThat(jobs.parked()).isEqualTo(1);
      jobs.close();
      assertThat(log).isNotNull();
    }
  }

  @Test
  void hangingSentry_doesNotBlockLogging_norShutdown() {
    try (FakeSentry sentry = new FakeSentry()) {
      Logging log = start(sentry.dsn());
      sentry.hang();
      assertThat(timeOfErrors()).isLessThan(BOUND);
      long start = System.nanoTime();
      log.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
    }
  }

  @Test
  void unavailableSentry_doesNotBlockLogging_norShutdown() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Logging log = start(SentryDsn.parse("http://key@127.0.0.1:" + port + "/42"));
    assertThat(timeOfErrors()).isLessThan(BOUND);
    long start = System.nanoTime();
    log.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3cr3t",
        "https://host/42",
        "https://s3cr3t@host",
        "https://s3cr3t@host/project",
        "ftp://s3cr3t@host/42",
        "https://s3cr3t@host/42?x=y",
        "https://s3cr3t@ho st/42"
      })
  void invalidDsn_isRefusedWithoutRepeatingIt(String text) {
    assertThatThrownBy(() -> SentryDsn.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("must look like https://KEY@HOST/PROJECT")
        .hasMessageNotContaining("s3cr3t");
  }

  @Test
  void dsn_isPrintedWithoutItsKey() {
    assertThat(SentryDsn.parse("https://s3cr3t@sentry.example/path/42"))
        .hasToString("sentry.example");
  }

  /** More errors than the queue of reports takes. */
  private static Duration timeOfErrors() {
    long start = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      LIBRARY.error("again");
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static Logging start(SentryDsn dsn) {
    return Logging.start("staging", "pedi-telemetry", "1.2.3", dsn);
  }
}

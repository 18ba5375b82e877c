package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.protocol.ProblemException;
import ai.pediscreen.telemetry.server.http.protocol.QueryParameters;
import ai.pediscreen.telemetry.server.http.query.UsageQuery;
import ai.pediscreen.telemetry.usage.TimeWindow;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Any query string: refused as the caller's mistake, or a window that may be asked for. */
class QuestionFuzzTest {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:30Z");

  @FuzzTest
  void query_isRefused_orHasAnAllowedWindow(byte[] bytes) {
    String query = new String(bytes, StandardCharsets.ISO_8859_1);
    try {
      QueryParameters parameters = new QueryParameters(query);
      assertAllowed(UsageQuery.ofTelemetry(parameters, Caller.ANYBODY, NOW));
    } catch (ProblemException e) {
      assertThat(e.problem().status()).isEqualTo(400);
    }
    try {
      QueryParameters parameters = new QueryParameters(query);
      assertAllowed(UsageQuery.ofDashboard(parameters, Caller.ANYBODY, NOW));
      parameters.date("from");
    } catch (ProblemException e) {
      assertThat(e.problem().status()).isEqualTo(400);
    }
  }

  private static void assertAllowed(UsageQuery question) {
    TimeWindow window = question.filter().window();
    assertThat(window.since()).isBeforeOrEqualTo(window.until());
    assertThat(window.until()).isBeforeOrEqualTo(NOW);
    assertThat(window.since()).isAfterOrEqualTo(NOW.minus(TimeWindow.MAX_LENGTH.multipliedBy(500)));
    assertThat(question.limitOr(20)).isBetween(1, UsageQuery.MAX_LIMIT);
    if (question.compared()) {
      try {
        window.before(NOW);
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).contains("days apart");
      }
    }
  }
}

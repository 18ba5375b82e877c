package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.server.logging.FakeSentry;
import ai.pediscreen.telemetry.server.logging.LogCapture;
import ai.pediscreen.telemetry.server.logging.Logging;
import ai.pediscreen.telemetry.usage.UsageQueries;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What of a request gets into the log and to Sentry: its id, and nothing that it held. */
final class RequestLogTest {

  private static final String CANARY = "c4n4ry";

  @Test
  @DisplayName("one request id through log, answer and Sentry")
  void failedRequest_hasOneTraceIdEverywhere_alsoAsynchronously() {
    EventStore brokenStore =
        events -> {
          throw new IllegalStateException("row (" + CANARY + ")");
        };
    UsageQueries brokenQueries =
        (UsageQueries)
            Proxy.newProxyInstance(
                UsageQueries.class.getClassLoader(),
                new Class<?>[] {UsageQueries.class},
                (proxy, method, arguments) -> {
                  throw new IllegalArgumentException("value " + CANARY);
                });
    try (FakeSentry sentry = new FakeSentry();
        LogCapture log = new LogCapture()) {
      try (Logging logging = Logging.start("dev", "pedi-telemetry", "1", sentry.dsn())) {
        assertThat(logging).isNotNull();
        try (InMemoryServer server = InMemoryServer.startOverStore(brokenStore)) {
          Answer failed =
              send(
                  server,
                  "POST",
                  "/events?k=" + CANARY,
                  HttpContract.event(CANARY).put("note", CANARY).toString(),
                  "x-request-id",
                  "req-post");
          assertThat(failed.status()).isEqualTo(500);
          assertThat(failed.json().path("trace_id").textValue()).isEqualTo("req-post");
        }
        try (InMemoryServer server = InMemoryServer.startOverQueries(brokenQueries)) {
          Answer failed =
              send(
                  server,
                  "GET",
                  "/telemetry?org_id=" + CANARY,
                  "",
                  "traceparent",
                  "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                  "apikey",
                  CANARY);
          assertThat(failed.status()).isEqualTo(500);
          assertThat(failed.header("x-request-id")).contains("0af7651916cd43dd8448eb211c80319c");
        }
      }
      assertThat(log.events())
          .extracting(event -> event.getMDCPropertyMap().get("trace_id"))
          .containsExactly("req-post", "0af7651916cd43dd8448eb211c80319c");
      assertThat(sentry.events())
          .extracting(event -> event.at("/tags/trace_id").textValue())
          .containsExactly("req-post", "0af7651916cd43dd8448eb211c80319c");
      assertThat(log.text())
          .doesNotContain(CANARY)
          .contains(
              "ERROR FailureLog [req-post]: a request failed\njava.lang.IllegalStateException");
      JsonNode exception = sentry.events().get(1).at("/exception/values/0");
      assertThat(exception.path("type").textValue()).isEqualTo("IllegalArgumentException");
      assertThat(sentry.bodies()).noneMatch(body -> body.contains(CANARY));
    }
  }

  @Test
  @DisplayName("no payload, no key, no query values in the log; control characters neutralised")
  void contentOfARequest_isNeverLogged() throws IOException {
    String evil = CANARY + "\n\r\t\u001b[2J\u2028";
    try (LogCapture log = new LogCapture();
        InMemoryServer server = InMemoryServer.start()) {
      for (String body :
          List.of(
              "{\"event_id\": " + CANARY,
              "{\"event_id\": \"" + CANARY + "\", \"timestamp\": \"" + CANARY + "\"}",
              "[{\"model\": {\"model_id\": \"" + CANARY + "\\n\\u001b\"}}, {\"" + CANARY + "\": 1",
              CANARY)) {
        send(server, "POST", "/events?" + CANARY + "=" + CANARY, body, "x-api-key", CANARY);
        send(server, "POST", "/jobs/daily-aggregates", body, "Authorization", "Bearer " + CANARY);
      }
      for (String path :
          List.of(
              "/telemetry?action=" + CANARY,
              "/telemetry?range=" + CANARY,
              "/telemetry?limit=" + CANARY + "%0A%1B",
              "/aggregates/daily?from=" + CANARY,
              "/jobs/" + CANARY + "%0A",
              "/" + CANARY)) {
        assertThat(send(server, "GET", path, "").status()).isGreaterThanOrEqualTo(400);
      }
      for (String raw :
          List.of(
              "GET /tele%zz" + CANARY + " HTTP/1.1\r\n",
              "GET /" + CANARY + " HTTP/9.9\r\n",
              CANARY + "\r\n",
              "GET /health HTTP/1.1\r\n" + CANARY + "\u0001: x\r\n",
              "GET /health HTTP/1.1\r\nx-request-id: " + evil.replace("\n", "\u000b") + "\r\n",
              "POST /events HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 6\r\n",
              "GET /health HTTP/1.1\r\nHost: " + CANARY + ":x\r\n",
              "GET /health HTTP/1.1\r\nHost: " + CANARY + "@[::\r\n",
              "GET /health HTTP/1.1\r\nHost: " + CANARY + " b/c?d\r\n",
              "GET http://" + CANARY + ":99999/ HTTP/1.1\r\n",
              "GET /health HTTP/1.1\r\nCookie: " + CANARY + "=\"\u0001; =;\r\n",
              "GET /health HTTP/1.1\r\nExpect: " + CANARY + "\r\n",
              "GET /health HTTP/1.1\r\nForwarded: for=" + CANARY + "\"\r\n",
              "GET /health HTTP/1.1\r\nTransfer-Encoding: " + CANARY + "\r\n",
              "POST /events HTTP/1.1\r\nContent-Length: " + CANARY + "\r\n")) {
        RawConnection.exchange(server.uri(), raw + "Host: x\r\nConnection: close\r\n\r\n" + CANARY);
      }
      assertThat(log.text()).doesNotContain(CANARY);
    }
  }

  @Test
  void asynchronousRequest_keepsItsTraceId() {
    Logger logger = LoggerFactory.getLogger(RequestLogTest.class);
    List<String> reasons =
        new AbstractList<>() {
          @Override
          public String get(int index) {
            throw new IndexOutOfBoundsException(index);
          }

          @Override
          public int size() {
            logger.warn("asked while the answer is made");
            return 0;
          }
        };
    try (LogCapture log = new LogCapture();
        InMemoryServer server = InMemoryServer.startWith(() -> reasons)) {
      assertThat(send(server, "GET", "/readyz", "", "x-request-id", "req-ready").status())
          .isEqualTo(200);
      assertThat(log.events())
          .isNotEmpty()
          .allMatch(event -> "req-ready".equals(event.getMDCPropertyMap().get("trace_id")));
    }
  }

  @Test
  void successfulRequest_isNotLogged() {
    try (LogCapture log = new LogCapture();
        InMemoryServer server = InMemoryServer.start()) {
      assertThat(send(server, "POST", "/events", HttpContract.event("e").toString()).status())
          .isEqualTo(202);
      assertThat(send(server, "GET", "/telemetry", "").status()).isEqualTo(200);
      assertThat(log.events()).isEmpty();
    }
  }

  private static Answer send(
      ServerUnderTest server, String method, String path, String body, String... headers) {
    return HttpContract.send(
        server.uri(),
        method,
        path,
        body.isEmpty()
            ? BodyPublishers.noBody()
            : BodyPublishers.ofByteArray(body.getBytes(StandardCharsets.UTF_8)),
        headers);
  }
}

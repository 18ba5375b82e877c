package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.Waiting;
import ai.pediscreen.telemetry.server.metrics.Exposition;
import ai.pediscreen.telemetry.server.metrics.MetricsListener;
import ai.pediscreen.telemetry.server.metrics.TelemetryMetrics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class MetricsRouteTest {

  @Test
  @DisplayName("`/metrics` (Prometheus)")
  void requests_areCountedByRouteMethodAndStatus_notByPath() throws IOException {
    try (InMemoryServer server = InMemoryServer.start()) {
      get(server.uri(), "/telemetry?range=1h");
      get(server.uri(), "/telemetry?range=never");
      get(server.uri(), "/jobs/some-id");
      get(server.uri(), "/jobs/another-id");
      get(server.uri(), "/nowhere/secret-1");
      get(server.uri(), "/readyz");
      send(server.uri(), "DELETE", "/telemetry", "");
      send(server.uri(), "BREW", "/events", "");
      send(server.uri(), "POST", "/events", HttpContract.event("e").toString());
      send(server.uri(), "POST", "/events", HttpContract.event("e").toString());
      send(server.uri(), "POST", "/events", "{\"event_id\":7}");
      send(server.uri(), "POST", "/events", "[{}, 7, {\"a\"]");
      send(server.uri(), "POST", "/events", "[{}, {\"event_id\":\"" + "x".repeat(262_144) + "\"}]");
      String broken = "GET /tele%zzmetry HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      assertThat(RawConnection.exchange(server.uri(), broken)).startsWith("HTTP/1.1 400");
      // A request is counted once its answer is sent, and this one had a connection of its own.
      Waiting.until(
          "the broken request is counted",
          Duration.ofSeconds(10),
          () ->
              Exposition.of(get(server.uri(), "/metrics").text())
                  .samples()
                  .containsKey(count("OTHER", "unmatched", 400)));

      Answer answer = get(server.uri(), "/metrics");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("content-type").orElseThrow().replace(" ", ""))
          .isEqualToIgnoringCase("text/plain;version=0.0.4;charset=utf-8");
      Map<String, Double> samples = Exposition.of(answer.text()).samples();
      assertThat(samples)
          .containsEntry(count("GET", "/telemetry", 200), 1.0)
          .containsEntry(count("GET", "/telemetry", 400), 1.0)
          .containsEntry(count("GET", "/jobs/{id}", 404), 2.0)
          .containsEntry(count("GET", "/readyz", 200), 1.0)
          .containsEntry(count("GET", "unmatched", 404), 1.0)
          .containsEntry(count("DELETE", "unmatched", 405), 1.0)
          .containsEntry(count("OTHER", "unmatched", 405), 1.0)
          .containsEntry(count("OTHER", "unmatched", 400), 1.0)
          .containsEntry(count("POST", "/events", 202), 2.0)
          .containsEntry("telemetry_events_accepted_total", 1.0)
          .containsEntry("telemetry_events_duplicate_total", 1.0)
          .containsEntry("telemetry_events_refused_total{reason=\"EVENT_TOO_LARGE\"}", 1.0);
      assertThat(samples.get("telemetry_events_refused_total{reason=\"INVALID_FIELD\"}"))
          .isGreaterThanOrEqualTo(2.0);
      assertThat(answer.text()).doesNotContain("secret").doesNotContain("some-id");
      Answer head = send(server.uri(), "HEAD", "/metrics", "");
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.text()).isEmpty();
    }
  }

  @Test
  @DisplayName("`/metrics` (Prometheus; not readable with a tenant's key)")
  void metrics_needAKey_whenKeysAreRequired() {
    try (InMemoryServer server = InMemoryServer.startWithKeys()) {
      Answer answer = get(server.uri(), "/metrics");
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.text()).doesNotContain("telemetry_events_accepted_total");
      // Counted once the answer has left.
      Waiting.until(
          "the request is counted",
          Duration.ofSeconds(10),
          () ->
              Exposition.of(server.scrape())
                      .samples()
                      .getOrDefault(count("GET", "/metrics", 401), 0.0)
                  == 1.0);
    }
  }

  @Test
  void ownPort_answersMetricsOnly() throws IOException {
    try (TelemetryMetrics metrics = new TelemetryMetrics();
        MetricsListener listener = new MetricsListener("127.0.0.1", 0, metrics)) {
      URI uri = URI.create("http://127.0.0.1:" + listener.port());
      Answer answer = get(uri, "/metrics");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("content-type")).contains(TelemetryMetrics.CONTENT_TYPE);
      assertThat(Exposition.of(answer.text()).samples()).containsKey("process_uptime_seconds");
      assertThat(answer.header("Server")).isEmpty();
      Answer head = send(uri, "HEAD", "/metrics", "");
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.text()).isEmpty();
      // Not described: this port has no other route.
      assertThat(raw(uri, "GET /telemetry")).startsWith("HTTP/1.1 404");
      assertThat(raw(uri, "GET /metrics/")).startsWith("HTTP/1.1 404");
      assertThat(raw(uri, "POST /metrics"))
          .startsWith("HTTP/1.1 405")
          .containsIgnoringCase("\r\nAllow: GET, HEAD\r\n");
    }
  }

  private static String count(String method, String route, int status) {
    return "http_server_requests_seconds_count{method=\"%s\",route=\"%s\",status=\"%d\"}"
        .formatted(method, route, status);
  }

  private static String raw(URI server, String request) throws IOException {
    return RawConnection.exchange(
        server, request + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  }

  private static Answer get(URI server, String path) {
    return send(server, "GET", path, "");
  }

  private static Answer send(URI server, String method, String path, String body) {
    return HttpContract.send(
        server,
        method,
        path,
        body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
  }
}

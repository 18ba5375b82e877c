package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoppedDatabaseIT {

  @TempDir private Path directory;

  @Test
  @DisplayName("503 with Retry-After when the store is unreachable, within 5 s, never a hang")
  void post_answers503_whileTheDatabaseIsStopped_andRecovers() throws Exception {
    Path data = directory.resolve("telemetry-data");
    try (ServerProcess server = ServerProcess.start(directory, ServerProcess.freePort())) {
      assertThat(post(server, "before").statusCode()).isEqualTo(202);
      Postmasters.signalAll(data, "STOP");
      try {
        for (String id : new String[] {"during-1", "during-2"}) {
          long start = System.nanoTime();
          HttpResponse<String> refused = post(server, id);
          Duration took = Duration.ofNanos(System.nanoTime() - start);
          assertThat(refused.statusCode()).isEqualTo(503);
          assertThat(refused.headers().firstValue("Retry-After")).isPresent();
          // The contract's own bound, not a measure of speed.
          assertThat(took).isLessThan(Duration.ofSeconds(5));
        }
        assertThat(Http.get(server.uri("/livez")).statusCode()).isEqualTo(200);
        HttpResponse<String> ready = Http.get(server.uri("/readyz"));
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).contains("the store did not answer");
        assertThat(Http.get(server.uri("/telemetry")).statusCode()).isEqualTo(503);
      } finally {
        Postmasters.signalAll(data, "CONT");
      }
      Waiting.until(
          "events are taken again",
          Duration.ofSeconds(30),
          () -> post(server, "after").statusCode() == 202);
      assertThat(Http.get(server.uri("/readyz")).statusCode()).isEqualTo(200);
      for (String id : new String[] {"during-1", "during-2"}) {
        assertThat(post(server, id).statusCode()).isEqualTo(202);
      }
      assertThat(
              Http.json(Http.get(server.uri("/telemetry?range=90d"))).get("total_requests").asInt())
          .isEqualTo(4);
    }
  }

  private static HttpResponse<String> post(ServerProcess server, String id) {
    return Http.postJson(
        server.uri("/events"),
        """
        {"event_id":"%s","timestamp":"%s","response":{"status_code":200}}\
        """
            .formatted(id, java.time.Instant.now().minusSeconds(60)));
  }
}

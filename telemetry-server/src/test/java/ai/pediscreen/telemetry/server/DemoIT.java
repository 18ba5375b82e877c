package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code demo} from the packaged jar, as the first command of the README runs it. */
class DemoIT {

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Pattern ADDRESS = Pattern.compile("Dashboard {2}(http://[0-9.:]+)");

  @TempDir private Path directory;

  @Test
  void demo_isFilledAndLive_besideATakenPort_andLeavesNothingBehind() throws Exception {
    int taken;
    try (ServerSocket holder = new ServerSocket()) {
      holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      taken = holder.getLocalPort();
      Path temporary = Files.createDirectory(directory.resolve("tmp"));
      Map<String, String> environment =
          Map.of(
              "PORT",
              Integer.toString(taken),
              // Never touched by a demonstration.
              "DATABASE_URL",
              "postgresql://nobody@127.0.0.1:1/none",
              "JAVA_TOOL_OPTIONS",
              "-Djava.io.tmpdir=" + temporary);
      try (ServerProcess demo = ServerProcess.launch(directory, environment, taken, "demo")) {
        // The history ends before that.
        Waiting.until("it starts", LIMIT, () -> demo.output().contains("PostgreSQL runs"));
        Instant begun = Instant.now();
        Waiting.until("the demo is ready", LIMIT, () -> ADDRESS.matcher(demo.output()).find());
        Matcher address = ADDRESS.matcher(demo.output());
        assertThat(address.find()).isTrue();
        URI uri = URI.create(address.group(1));
        assertThat(uri.getPort()).isGreaterThan(taken);
        assertThat(demo.output()).contains("curl " + uri + "/events");

        assertThat(Http.get(uri.resolve("/")).body()).contains("<title>PediScreen Telemetry");
        JsonNode overview = telemetry(uri, "overview", "30d");
        assertThat(overview.path("number_of_models").intValue()).isEqualTo(5);
        assertThat(overview.path("total_requests").intValue()).isGreaterThan(20_000);
        assertThat(overview.at("/alerts/psi_drift_detected").booleanValue()).isTrue();
        assertThat(overview.at("/drift/model_id").textValue()).isEqualTo("speech-milestones-3");
        assertThat(overview.at("/drift/severity").textValue()).isEqualTo("critical");
        assertThat(telemetry(uri, "errors", "7d").at("/error_summary/MODEL_UNAVAILABLE").intValue())
            .isGreaterThan(20);
        assertThat(telemetry(uri, "fallbacks", "7d").at("/reason_summary/rules-2024").intValue())
            .isGreaterThan(20);

        // At night there are few; the first is sent at once.
        Waiting.until(
            "new events come by themselves",
            LIMIT,
            () ->
                OffsetDateTime.parse(telemetry(uri, "overview", "1h").path("last_used").textValue())
                    .toInstant()
                    .isAfter(begun));
        String mine =
            "{\"event_id\":\"mine-1\",\"timestamp\":\"%s\",\"model\":{\"model_id\":\"my-model\"}}"
                .formatted(Instant.now());
        assertThat(Http.postJson(uri.resolve("/events"), mine).statusCode()).isEqualTo(202);
        assertThat(telemetry(uri, "overview", "1h").path("number_of_models").intValue())
            .isGreaterThanOrEqualTo(2);

        assertThat(demo.stop(Duration.ofSeconds(30))).isEqualTo(143);
        assertThat(names(temporary)).noneMatch(name -> name.startsWith("pediscreen"));
        assertThat(names(directory)).doesNotContain("telemetry-data");
      }
    }
  }

  private static JsonNode telemetry(URI uri, String action, String range) {
    return Http.json(Http.get(uri.resolve("/telemetry?action=" + action + "&range=" + range)));
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(path -> path.getFileName().toString()).toList();
    }
  }
}

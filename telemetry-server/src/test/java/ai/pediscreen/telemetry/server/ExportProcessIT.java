package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.bigquery.FakeBigQuery;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar against a fake BigQuery. */
class ExportProcessIT {

  private static final int KILLS = Integer.getInteger("telemetry.test.kills", 2);
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private final FakeBigQuery fake = FakeBigQuery.start("p-1");

  @TempDir private Path directory;

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void everyAcknowledgedEvent_isExportedOnce_whenTheServerIsKilled() {
    long seed = Long.getLong("telemetry.test.seed", System.nanoTime());
    System.out.println("ExportProcessIT: seed " + seed + " (-Dtelemetry.test.seed=…)");
    Random random = new Random(seed);
    Map<String, String> settings = new HashMap<>(settings());
    settings.put("ENABLE_BIGQUERY", "true");
    int port = ServerProcess.freePort();
    ServerProcess server = ServerProcess.start(directory, settings, port);
    try (Load load = new Load(server.uri("/events"), random.nextLong())) {
      for (int kill = 0; kill < KILLS; kill++) {
        awaitMore(random.nextInt(1_500));
        server.kill();
        server = ServerProcess.start(directory, settings, port);
      }
      awaitMore(100);
      load.stop();
      // What was in flight when a server was killed may have been stored without an answer.
      Waiting.until(
          "all that was acknowledged has left",
          LIMIT,
          () -> new TreeSet<>(ids()).containsAll(load.acknowledged()));
    } finally {
      server.close();
    }
    assertThat(ids()).doesNotHaveDuplicates();
  }

  @Test
  void daysThatWereStoredWithoutExport_areBackfilledOnce() throws Exception {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    try (ServerProcess server = ServerProcess.start(directory, ServerProcess.freePort())) {
      for (int i = 0; i < 6; i++) {
        assertThat(
                Http.postJson(
                        server.uri("/events"),
                        """
                        {"event_id":"e-%d","timestamp":"%s","model":{"model_id":"m"}}
                        """
                            .formatted(i, today.minusDays(i % 3)))
                    .statusCode())
            .isEqualTo(202);
      }
      assertThat(server.stop(LIMIT)).isEqualTo(143);
    }
    assertThat(run(1, Map.of(), "bigquery", "init")).contains("BIGQUERY_PROJECT must be set");
    assertThat(run(0, settings(), "bigquery", "init"))
        .contains("events_once", "in dataset p-1.pedi_telemetry");
    String from = today.minusDays(1).toString();
    String to = today.toString();
    assertThat(run(2, settings(), "export", "--from", from)).contains("--to=<day>");
    assertThat(run(0, settings(), "export", "--from", from, "--to", to))
        .contains(from + ": 2 events", to + ": 2 events", "4 events queued", "exported");
    assertThat(ids()).containsExactlyInAnyOrder("e-0", "e-1", "e-3", "e-4");
    String first = today.minusDays(2).toString();
    assertThat(run(0, settings(), "export", "--from", first, "--to", to))
        .contains(first + ": 2 events", to + ": 0 events");
    assertThat(ids()).containsExactlyInAnyOrder("e-0", "e-1", "e-2", "e-3", "e-4", "e-5");

    fake.refuseRest("403 accessDenied Permission bigquery.datasets.get denied");
    assertThat(run(1, settings(), "export", "--from", first, "--to", to))
        .contains("Permission bigquery.datasets.get denied")
        .doesNotContain("\tat ");
  }

  private Map<String, String> settings() {
    return Map.of(
        "BIGQUERY_PROJECT", fake.project(),
        "BIGQUERY_ENDPOINT", fake.endpoint().toString(),
        "BIGQUERY_WRITE_ENDPOINT", fake.writeEndpoint().toString());
  }

  private List<String> ids() {
    return fake.values("events", "event_id");
  }

  private void awaitMore(int events) {
    int before = fake.rows("events").size();
    Waiting.until("export works again", LIMIT, () -> fake.rows("events").size() > before + events);
  }

  private String run(int exitCode, Map<String, String> environment, String... arguments)
      throws Exception {
    try (ServerProcess process = ServerProcess.launch(directory, environment, 0, arguments)) {
      int actual = process.exitCode(LIMIT);
      assertThat(actual).as(process.output()).isEqualTo(exitCode);
      return process.output();
    }
  }
}

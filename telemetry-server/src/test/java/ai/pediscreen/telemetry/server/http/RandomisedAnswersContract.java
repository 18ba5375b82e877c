package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.usage.OracleComparison;
import ai.pediscreen.telemetry.usage.RandomEvents;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageOracle;
import ai.pediscreen.telemetry.usage.UsageRange;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** Thousands of random events through HTTP, and every answer beside one that reads them all. */
public abstract class RandomisedAnswersContract extends HttpContract {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String[] CONTENT_TYPE = {"Content-Type", "application/json"};

  @Test
  void everyAnswer_equalsTheOracles_forRandomEvents() {
    long seed = Long.getLong("telemetry.test.seed", ThreadLocalRandom.current().nextLong());
    RandomEvents random = new RandomEvents(seed, NOW);
    List<TelemetryEvent> appended = new ArrayList<>();
    for (List<TelemetryEvent> batch : random.batches(random.events(3_000))) {
      assertThat(post(json(batch), CONTENT_TYPE).status()).isEqualTo(202);
      appended.addAll(batch);
    }
    OracleComparison comparison =
        new OracleComparison(
            new HttpUsageQueries(path -> get(path).json()),
            new UsageOracle(appended),
            "telemetry.test.seed=" + seed,
            HttpUsageQueries::asError,
            HttpUsageQueries::asFallback);
    for (String org : Arrays.asList(null, "org-a", "Klinik Würzburg", "nobody")) {
      for (String model : Arrays.asList(null, "gpt-4o", "🙂-model")) {
        for (UsageRange range : UsageRange.values()) {
          comparison.assertSame(
              new UsageFilter(new OrgFilter(org), model, TimeWindow.last(range, NOW)), 1_000);
        }
      }
    }
    for (String until : List.of("2026-03-10T12:00:59.999999Z", "2026-03-10T13:00:00Z")) {
      server.clock().set(Instant.parse(until));
      comparison.assertSameForAllRanges(Instant.parse(until));
    }
  }

  private static String json(List<TelemetryEvent> events) {
    try {
      return JSON.writeValueAsString(events.stream().map(TelemetryEvent::toMap).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

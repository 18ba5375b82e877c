package ai.pediscreen.telemetry.event;

import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to make an event of a decoded JSON object, and of that what the record takes to
 * check once more the texts that {@link EventReader} has checked.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EventReadBenchmark {

  private final Map<String, Object> object =
      Map.of(
          "event_id", "0190f5c2-7a3e-7c41-9d52-3b8f6f1f2a10",
          "timestamp", "2026-03-10T12:00:00.123Z",
          "org_id", "clinic-7",
          "app", "pediscreen",
          "case_id", "0190f5c2-7a3e-7c41-9d52-3b8f6f1f2a11",
          "trace_id", "4bf92f3577b34da6a3ce929d0e0e4736",
          "model", Map.of("model_id", "medgemma-4b", "provider", "vertex", "adapter_id", "lora-3"),
          "request", Map.of("input_tokens", 1_011, "kind", "asq"),
          "response", Map.of("latency_ms", 120, "status_code", 200, "output_tokens", 211),
          "cost_estimate_usd", new BigDecimal("0.0012"));

  private final TelemetryEvent event = TelemetryEvent.read(object).event();

  @Benchmark
  public TelemetryEvent read() {
    return TelemetryEvent.read(object).event();
  }

  /** Objects are known to be checked, so of them nothing is done again here either. */
  @Benchmark
  public TelemetryEvent checkedAgain() {
    return event.withOrgId("clinic-7");
  }
}

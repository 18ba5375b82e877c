package ai.pediscreen.telemetry.postgres;

import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long it takes to fold what one second adds at 10⁹ events a day (11 574), in transactions of
 * 100 events, five models an organisation.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 15)
@Measurement(iterations = 25)
public class FoldBenchmark {

  private static final Instant NOW = Instant.parse("2026-03-10T12:34:56Z");
  private static final int EVENTS = 11_574;
  private static final int GROUP = 100;

  @Param({"20", "1000"})
  public int organisations;

  private final Random random = new Random(1);
  private PostgresTelemetry telemetry;
  private long appended;

  @Setup
  public void open() {
    telemetry = TestDatabase.create().openWithoutFolding(InstantSource.fixed(NOW));
  }

  @Setup(Level.Invocation)
  public void append() {
    List<TelemetryEvent> group = new ArrayList<>(GROUP);
    for (int i = 0; i < EVENTS; i++) {
      group.add(event());
      if (group.size() == GROUP || i == EVENTS - 1) {
        telemetry.events().append(OrgPermission.all(), group);
        group.clear();
      }
    }
  }

  @TearDown
  public void close() {
    telemetry.close();
  }

  @Benchmark
  public int fold() {
    return telemetry.fold();
  }

  private TelemetryEvent event() {
    boolean failed = random.nextInt(50) == 0;
    return EventBuilder.event("e-" + appended++)
        .at(NOW.minusMillis(random.nextInt(1_000)))
        .org("org-" + random.nextInt(organisations))
        .model("model-" + random.nextInt(5))
        .adapter("adapter-" + random.nextInt(3))
        .provider("vertex")
        .latency((long) Math.exp(6 + random.nextGaussian()))
        .status(failed ? 503 : 200)
        .cost("0.0012")
        .build();
  }
}

package ai.pediscreen.telemetry;

import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.privacy.PhiMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What {@link Telemetry#record} costs the thread that calls it, with 8 of them at once and a store
 * that takes everything: {@code taken} with a queue that has room or not as it comes, {@code
 * dropped} with one that is full for good.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@Threads(8)
public class RecordBenchmark {

  private final TelemetryEvent event =
      TelemetryEvent.builder("0190f5c2-7a3e-7c41-9d52-3b8f6f1f2a10", Instant.now())
          .org("clinic-7")
          .app("pediscreen")
          .model("medgemma-4b")
          .provider("vertex")
          .latency(Duration.ofMillis(120))
          .status(200)
          .tokens(1_011, 211)
          .costUsd("0.0012")
          .build();

  private Telemetry taking;
  private Telemetry full;
  private volatile boolean ended;

  @Setup
  public void start() {
    taking = Telemetry.builder().store(new Sink(false)).phi(PhiMode.OFF).queue(1 << 20).build();
    full = Telemetry.builder().store(new Sink(true)).phi(PhiMode.OFF).queue(1).build();
    while (full.record(event)) {
      Thread.onSpinWait();
    }
  }

  @TearDown
  public void end() {
    ended = true;
    taking.close();
    full.close(Duration.ZERO);
  }

  @Benchmark
  public boolean taken() {
    return taking.record(event);
  }

  @Benchmark
  public boolean dropped() {
    return full.record(event);
  }

  private final class Sink implements TelemetryStore, EventStore {

    private final boolean hanging;

    Sink(boolean hanging) {
      this.hanging = hanging;
    }

    @Override
    public List<Receipt> append(List<ScopedEvent> events) {
      while (hanging && !ended) {
        LockSupport.parkNanos(1_000_000);
      }
      return Collections.nCopies(events.size(), Receipt.accepted());
    }

    @Override
    public EventStore events() {
      return this;
    }
  }
}

package ai.pediscreen.telemetry.server.http.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.event.EventBuilder;
import ai.pediscreen.telemetry.event.OrgPermission;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.spi.GroupCommitter;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.memory.InMemoryTelemetry;
import ai.pediscreen.telemetry.server.http.protocol.BodyBudget;
import ai.pediscreen.telemetry.server.http.protocol.BusyException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchAppendTest {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
  private static final long COST = 1_000;

  private final InMemoryTelemetry store = new InMemoryTelemetry(InstantSource.fixed(NOW));
  private final GroupCommitter committer = new GroupCommitter(store, 1, 1_000);
  private final BodyBudget decoded = new BodyBudget(COST);

  @AfterEach
  void close() {
    committer.close();
  }

  @Test
  void memoryHeldByOthers_isAwaitedBriefly() throws Exception {
    BodyBudget.Lease others = decoded.lease();
    others.take(COST);
    CompletableFuture<Boolean> done = begin();

    assertThat(done).isNotDone();
    others.close();

    assertThat(done.get(30, TimeUnit.SECONDS)).as("the store has answered").isTrue();
    assertThat(decoded.lease().tryTake(COST)).isTrue();
  }

  @Test
  void memoryHeldForLong_isBusy() {
    decoded.lease().take(COST);

    CompletableFuture<Boolean> done = begin();

    assertThatThrownBy(() -> done.get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(BusyException.class);
  }

  @Test
  void batchOfNothingButFaults_isNotAnsweredByTheStore() throws Exception {
    assertThat(begin(new OneEvent(null)).get(30, TimeUnit.SECONDS)).isFalse();
  }

  private CompletableFuture<Boolean> begin() {
    return begin(
        new OneEvent(
            ScopedEvent.all(
                    OrgPermission.all(),
                    List.of(EventBuilder.event("e-1").at(NOW.toString()).build()))
                .get(0)));
  }

  private CompletableFuture<Boolean> begin(BatchSource source) {
    BatchAppend append = new BatchAppend(source, committer, decoded, ForkJoinPool.commonPool());
    append.begin();
    return append.done();
  }

  /** A batch of an event that costs all the memory there is; of none if that is refused. */
  private record OneEvent(@Nullable ScopedEvent event) implements BatchSource {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public long cost(int index) {
      return COST;
    }

    @Override
    public @Nullable ScopedEvent read(int index) {
      return event;
    }

    @Override
    public void stored(int index, String eventId, Receipt receipt) {
      // Not asked for here.
    }
  }
}

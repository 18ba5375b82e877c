package ai.pediscreen.telemetry.server.http.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class BodyBudgetTest {

  @Test
  void requestOverTheBudget_isRefused_andTakesNothing() {
    BodyBudget budget = new BodyBudget(100);
    BodyBudget.Lease first = budget.lease();
    BodyBudget.Lease second = budget.lease();
    first.take(60);

    assertThatThrownBy(() -> second.take(41)).isInstanceOf(BusyException.class);
    second.take(40);
    assertThat(budget.freeBytes()).isZero();
  }

  @Test
  void largeRequests_leaveBudgetToSmallOnes() {
    BodyBudget budget = new BodyBudget(800_000);
    BodyBudget.Lease large = budget.lease();
    assertThat(large.tryTake(700_001)).isFalse();
    assertThat(large.tryTake(700_000)).isTrue();
    assertThat(large.tryTake(70_000)).isFalse();

    assertThat(budget.lease().tryTake(60_000)).isTrue();
    assertThat(budget.freeBytes()).isEqualTo(40_000);
  }

  @Test
  void refusedRequests_takeNothing_evenForAMoment() throws Exception {
    BodyBudget budget = new BodyBudget(800_000);
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> others =
        CompletableFuture.runAsync(
            () -> {
              while (!over.get()) {
                assertThat(budget.lease().tryTake(900_000)).isFalse();
              }
            });

    for (int i = 0; i < 200_000; i++) {
      try (BodyBudget.Lease small = budget.lease()) {
        assertThat(small.tryTake(1)).isTrue();
      }
    }

    over.set(true);
    others.get();
  }

  @Test
  void lease_isReturnedOnce() {
    BodyBudget budget = new BodyBudget(100);
    BodyBudget.Lease lease = budget.lease();
    lease.take(60);
    lease.giveBack(10);
    assertThat(budget.freeBytes()).isEqualTo(50);

    lease.close();
    lease.close();

    assertThat(budget.freeBytes()).isEqualTo(100);
  }

  @Test
  void growingBody_takesItsSizeFromTheBudget() throws IOException {
    BodyBudget budget = new BodyBudget(1_000_000);
    try (BodyBudget.Lease lease = budget.lease()) {
      BodyBytes body = new BodyBytes(lease, 10);
      ByteArrayInputStream in = new ByteArrayInputStream(new byte[100_000]);
      while (body.readSome(in)) {
        assertThat(budget.freeBytes()).isEqualTo(1_000_000 - body.array().length);
      }
      assertThat(body.length()).isEqualTo(100_000);
      body.free();
      assertThat(budget.freeBytes()).isEqualTo(1_000_000);
    }
    assertThat(budget.freeBytes()).isEqualTo(1_000_000);
  }

  @Test
  void theBudgetOfTheHeap_hasRoomForOneLargestBodyWhileItIsInflated() {
    assertThat(BodyBudget.ofHeap().freeBytes())
        .isGreaterThanOrEqualTo(3L * RequestBodies.MAX_BODY_BYTES);
  }
}

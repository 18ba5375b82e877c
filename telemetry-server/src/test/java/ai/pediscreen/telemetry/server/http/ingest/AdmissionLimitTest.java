package ai.pediscreen.telemetry.server.http.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdmissionLimitTest {

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 500_000_000L);
  private final AdmissionLimit limit = new AdmissionLimit(now::get);
  private final Queue<CompletableFuture<Void>> underWay = new ArrayDeque<>();

  @Test
  void asManyAreLetIn_asAreAnsweredInHalfASecond() {
    begin("a", 6_000);
    answer(1_000, Duration.ofSeconds(1));
    assertThat(letIn("a")).as("5 000 are under way, and 1 000 a second were answered").isZero();
    answer(2_000, Duration.ofMillis(200));
    letIn("a");
    assertThat(underWay).as("10 000 a second were answered").hasSize(5_000);

    // One comes and one is answered in each millisecond of a minute.
    for (int i = 0; i < 60_000; i++) {
      isLetIn("a");
      answer(1, Duration.ofMillis(1));
    }
    letIn("a");
    assertThat(underWay).hasSizeBetween(490, 510);
  }

  @Test
  void howFastAFewAreAnswered_saysNothingOfHowManyCouldBe() {
    for (int i = 0; i < 20; i++) {
      begin("a", AdmissionLimit.FEWEST - 1);
      answer(AdmissionLimit.FEWEST - 1, Duration.ofSeconds(1));
    }
    begin("a", 10_000);
  }

  @Test
  void aFew_areLetInWhateverTheStoreDoes() {
    begin("a", 1_000);
    stall();
    assertThat(letIn("a")).isZero();
    answer(1_000, Duration.ofMillis(1));
    assertThat(letIn("a")).isEqualTo(AdmissionLimit.FEWEST);
  }

  @Test
  void aSenderWithLessThanItsShare_isLetIn_besideOneThatSendsTooMuch() {
    begin("a", 1_000);
    stall();
    answer(1_000 - AdmissionLimit.FEWEST, Duration.ofMillis(1));
    assertThat(letIn("a")).isZero();
    assertThat(letIn("b")).isEqualTo(AdmissionLimit.FEWEST / 2);
    assertThat(letIn("c")).isEqualTo(AdmissionLimit.FEWEST / 3 + 1);
    assertThat(letIn("a")).isZero();
  }

  @Test
  void aRequestThatFails_isUnderWayNoMore() {
    begin("a", 1_000);
    stall();
    answer(1_000 - 60, Duration.ofMillis(1));
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(
              () ->
                  limit.begin(
                      "a",
                      () -> {
                        throw new IllegalStateException("unreadable");
                      }))
          .isInstanceOf(IllegalStateException.class);
      CompletableFuture<Void> failed =
          limit.begin("a", () -> CompletableFuture.failedFuture(new IllegalStateException()));
      assertThat(failed).isCompletedExceptionally();
    }
    assertThat(letIn("a")).isEqualTo(AdmissionLimit.FEWEST - 60);
  }

  private void begin(String sender, int requests) {
    for (int i = 0; i < requests; i++) {
      assertThat(isLetIn(sender)).isTrue();
    }
  }

  /** How many more are let in. */
  private int letIn(String sender) {
    int count = 0;
    while (isLetIn(sender)) {
      count++;
    }
    return count;
  }

  private boolean isLetIn(String sender) {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    try {
      CompletableFuture<?> unused = limit.begin(sender, () -> answer);
    } catch (StoreUnavailableException e) {
      return false;
    }
    underWay.add(answer);
    return true;
  }

  /** Answers so many of those that came first, evenly over a time. */
  private void answer(int requests, Duration time) {
    for (int i = 0; i < requests; i++) {
      now.addAndGet(time.toNanos() / requests);
      underWay.remove().complete(null);
    }
  }

  /** Next to nothing is answered for a minute. */
  private void stall() {
    for (int i = 0; i < 600; i++) {
      now.addAndGet(Duration.ofMillis(100).toNanos());
      if (isLetIn("a")) {
        answer(1, Duration.ZERO);
      }
    }
  }
}

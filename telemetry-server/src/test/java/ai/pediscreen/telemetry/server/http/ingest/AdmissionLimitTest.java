package ai.pediscreen.telemetry.server.http.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdmissionLimitTest {

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 500_000_000L);
  private final AdmissionLimit limit = new AdmissionLimit(now::get);
  private final Queue<CompletableFuture<Boolean>> underWay = new ArrayDeque<>();

  @Test
  void asManyAreLetIn_asAreAnsweredInTheMeanWait() {
    letIn("a");
    assertThat(underWay).hasSize(AdmissionLimit.AT_FIRST);
    keepFull("a", 10_000);
    assertThat(underWay).as("10 000 a second are answered").hasSizeBetween(1_450, 1_550);
    keepFull("a", 1_000);
    assertThat(underWay).as("1 000 a second are answered").hasSizeBetween(145, 155);
  }

  @Test
  void howFastAFewAreAnswered_saysNothingOfHowManyCouldBe() {
    for (int i = 0; i < 20; i++) {
      begin("a", AdmissionLimit.FEWEST - 1);
      answer(AdmissionLimit.FEWEST - 1, Duration.ofSeconds(10));
    }
    begin("a", AdmissionLimit.AT_FIRST);
  }

  @Test
  void aFew_areLetInWhateverTheStoreDoes() {
    letIn("a");
    stall();
    assertThat(letIn("a")).isZero();
    answer(AdmissionLimit.AT_FIRST, Duration.ofMillis(1));
    assertThat(letIn("a")).isEqualTo(AdmissionLimit.FEWEST);
  }

  @Test
  void aSenderWithLessThanItsShare_isLetIn_besideOneThatSendsTooMuch() {
    letIn("a");
    stall();
    answer(AdmissionLimit.AT_FIRST - AdmissionLimit.FEWEST, Duration.ofMillis(1));
    assertThat(letIn("a")).isZero();
    assertThat(letIn("b")).isEqualTo(AdmissionLimit.FEWEST / 2);
    assertThat(letIn("c")).isEqualTo(AdmissionLimit.FEWEST / 3);
    assertThat(letIn("a")).isZero();
  }

  @Test
  void aRequestThatFails_isUnderWayNoMore() {
    letIn("a");
    stall();
    answer(AdmissionLimit.AT_FIRST - 60, Duration.ofMillis(1));
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(
              () ->
                  limit.begin(
                      "a",
                      () -> {
                        throw new IllegalStateException("unreadable");
                      }))
          .isInstanceOf(IllegalStateException.class);
      CompletableFuture<Boolean> failed =
          limit.begin("a", () -> CompletableFuture.failedFuture(new IllegalStateException()));
      assertThat(failed).isCompletedExceptionally();
    }
    assertThat(letIn("a")).isEqualTo(AdmissionLimit.FEWEST - 60);
  }

  @Test
  void refusals_howeverFast_doNotLiftTheLimit() {
    letIn("a");
    stall();
    for (int i = AdmissionLimit.FEWEST; i < AdmissionLimit.AT_FIRST; i++) {
      underWay.remove().completeExceptionally(new IllegalStateException());
    }
    for (int i = 0; i < 10_000; i++) {
      now.addAndGet(Duration.ofMillis(1).toNanos() / 20);
      assertThat(limit.begin("b", () -> CompletableFuture.completedFuture(false)))
          .as("a batch of nothing but faults")
          .isCompleted();
      assertThat(
              limit.begin("b", () -> CompletableFuture.failedFuture(new IllegalStateException())))
          .isCompletedExceptionally();
    }
    assertThat(letIn("a")).isZero();
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
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    if (limit.begin(sender, () -> answer) == null) {
      return false;
    }
    underWay.add(answer);
    return true;
  }

  /** Answers so many of those that came first, evenly over a time. */
  private void answer(int requests, Duration time) {
    for (int i = 0; i < requests; i++) {
      now.addAndGet(time.toNanos() / requests);
      underWay.remove().complete(true);
    }
  }

  /** For ten seconds so many a second are answered, and as many come as are let in. */
  private void keepFull(String sender, int perSecond) {
    for (int i = 0; i < 10 * perSecond; i++) {
      letIn(sender);
      answer(1, Duration.ofSeconds(1).dividedBy(perSecond));
    }
    letIn(sender);
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

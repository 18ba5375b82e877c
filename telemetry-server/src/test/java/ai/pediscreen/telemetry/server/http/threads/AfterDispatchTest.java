package ai.pediscreen.telemetry.server.http.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class AfterDispatchTest {

  private final List<String> done = new ArrayList<>();

  @Test
  void task_isDoneByRun_once() {
    AfterDispatch after = new AfterDispatch();
    assertThat(after.isOpen()).isTrue();
    after.then(() -> done.add("task"));
    assertThat(done).isEmpty();

    after.run();

    assertThat(done).containsExactly("task");
    assertThat(after.isOpen()).isFalse();
    assertThatIllegalStateException().isThrownBy(() -> after.then(() -> done.add("late")));
  }

  @Test
  void task_isNotTaken_fromAnotherThread() {
    AfterDispatch after = new AfterDispatch();
    assertThat(CompletableFuture.supplyAsync(after::isOpen).join()).isFalse();
    assertThatThrownBy(
            () -> CompletableFuture.runAsync(() -> after.then(() -> done.add("x"))).join())
        .hasCauseInstanceOf(IllegalStateException.class);

    after.run();

    assertThat(done).isEmpty();
  }

  @Test
  void work_isRunAtOnce_duringTheTaskAlone() {
    AfterDispatch after = new AfterDispatch();
    List<Runnable> elsewhere = new ArrayList<>();
    after.orElse(elsewhere::add).execute(() -> done.add("before"));
    assertThat(elsewhere).hasSize(1);
    after.then(
        () -> {
          after.orElse(elsewhere::add).execute(() -> done.add("during"));
          assertThat(after.isBusyElsewhere(Duration.ZERO)).isFalse();
          assertThat(isBusyElsewhere(after, Duration.ZERO)).isTrue();
          assertThat(isBusyElsewhere(after, Duration.ofMinutes(1))).isFalse();
          CompletableFuture.runAsync(() -> after.orElse(elsewhere::add).execute(done::clear))
              .join();
        });

    after.run();

    assertThat(done).containsExactly("during");
    assertThat(elsewhere).hasSize(2);
    assertThat(isBusyElsewhere(after, Duration.ZERO)).isFalse();
  }

  private static boolean isBusyElsewhere(AfterDispatch after, Duration longerThan) {
    return CompletableFuture.supplyAsync(() -> after.isBusyElsewhere(longerThan)).join();
  }
}

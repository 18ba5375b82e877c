package ai.pediscreen.telemetry.server.http.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HttpThreadsTest {

  /** More than run at once on any machine that builds this. */
  private static final int MANY = 100;

  private final HttpThreads threads = new HttpThreads();
  private final CountDownLatch released = new CountDownLatch(1);

  @AfterEach
  void close() {
    released.countDown();
    threads.close();
  }

  @Test
  void workApart_leavesThreadsToShortTasks() throws Exception {
    CountDownLatch waiting = new CountDownLatch(MANY);
    for (int i = 0; i < MANY; i++) {
      threads
          .apart()
          .execute(
              () -> {
                waiting.countDown();
                awaitRelease();
              });
    }
    assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();

    assertThat(CompletableFuture.supplyAsync(() -> "done", threads).get(5, TimeUnit.SECONDS))
        .isEqualTo("done");
  }

  @Test
  void tryExecute_runsATask_whileAllAreIdle_andNotOnceClosed() throws Exception {
    CompletableFuture<String> ran = new CompletableFuture<>();
    assertThat(threads.tryExecute(() -> ran.complete(Thread.currentThread().getName()))).isTrue();
    assertThat(ran.get(20, TimeUnit.SECONDS)).startsWith("http-");

    threads.close();

    assertThat(threads.tryExecute(() -> {})).isFalse();
  }

  @Test
  void tryExecute_refuses_whileTasksRun() throws Exception {
    // Those that accept and select are not under way here.
    int tasks = HttpThreads.ACCEPTORS + threads.selectors() + 1;
    CountDownLatch running = new CountDownLatch(tasks);
    for (int i = 0; i < tasks; i++) {
      threads.execute(
          () -> {
            running.countDown();
            awaitRelease();
          });
    }
    assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();

    assertThat(threads.tryExecute(() -> {})).isFalse();
  }

  @Test
  void aTask_isBegunThoughOthersKeepComing() throws Exception {
    AtomicBoolean stopped = new AtomicBoolean();
    for (int i = 0; i < MANY; i++) {
      threads.execute(
          new Runnable() {
            @Override
            public void run() {
              if (!stopped.get()) {
                threads.execute(this);
              }
            }
          });
    }
    try {
      for (int i = 0; i < 100; i++) {
        assertThat(CompletableFuture.supplyAsync(() -> "done", threads).get(5, TimeUnit.SECONDS))
            .isEqualTo("done");
      }
    } finally {
      stopped.set(true);
    }
  }

  @Test
  void anAnswerThatFails_keepsNoOtherBack() throws Exception {
    CompletableFuture<Void> failing =
        CompletableFuture.runAsync(
            () -> {
              throw new IllegalStateException("of one sender");
            },
            threads.answers());
    threads
        .answers()
        .execute(
            () -> {
              throw new IllegalStateException("of another");
            });

    assertThat(
            CompletableFuture.supplyAsync(() -> "done", threads.answers()).get(5, TimeUnit.SECONDS))
        .isEqualTo("done");
    assertThat(failing).isCompletedExceptionally();
  }

  @Test
  void workApart_throwsWhatItThrew() {
    assertThatThrownBy(
            () ->
                HttpThreads.apart(
                    () -> {
                      throw new IOException("from within");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("from within");
  }

  @Test
  void afterClose_tasksAreRejected() {
    threads.close();

    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> threads.execute(() -> {}));
    assertThatExceptionOfType(RejectedExecutionException.class)
        .isThrownBy(() -> threads.answers().execute(() -> {}));
  }

  private void awaitRelease() {
    try {
      released.await();
    } catch (InterruptedException e) {
      // The test is over.
      Thread.currentThread().interrupt();
    }
  }
}

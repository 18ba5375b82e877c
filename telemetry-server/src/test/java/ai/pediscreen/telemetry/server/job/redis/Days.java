package ai.pediscreen.telemetry.server.job.redis;

import ai.pediscreen.telemetry.job.DayComputation;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.ToIntFunction;

/** A computation that a test watches: it notes each day that is begun, then does as it is told. */
final class Days implements DayComputation {

  private final List<LocalDate> begun = new CopyOnWriteArrayList<>();
  private volatile ToIntFunction<LocalDate> answer;

  private Days(ToIntFunction<LocalDate> answer) {
    this.answer = answer;
  }

  /** Each day has that many aggregates. */
  static Days of(int aggregates) {
    return new Days(day -> aggregates);
  }

  static Days failing(RuntimeException failure) {
    return new Days(
        day -> {
          throw failure;
        });
  }

  /** Waits for the latch, without heed of interrupts, before it answers. */
  static Days waitingFor(CountDownLatch latch) {
    return new Days(
        day -> {
          boolean interrupted = false;
          while (true) {
            try {
              latch.await();
              break;
            } catch (InterruptedException e) {
              interrupted = true;
            }
          }
          if (interrupted) {
            Thread.currentThread().interrupt();
          }
          return 1;
        });
  }

  void then(ToIntFunction<LocalDate> next) {
    answer = next;
  }

  List<LocalDate> begun() {
    return begun;
  }

  @Override
  public int compute(LocalDate day) {
    begun.add(day);
    return answer.applyAsInt(day);
  }
}

package ai.pediscreen.telemetry.daily;

import java.time.LocalDate;

/** A day cannot be computed, because by the store's clock it is not over yet. */
public final class DayNotOverException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public DayNotOverException(LocalDate day) {
    super("the UTC day " + day + " is not over yet");
  }
}

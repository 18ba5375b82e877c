package ai.pediscreen.telemetry.event;

import java.util.List;
import java.util.stream.Collectors;

/** An event broke at least one rule. Carries every fault of the event, never a value of it. */
public final class InvalidEventException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final transient List<FieldFault> faults;

  /**
   * @param faults all that is wrong with the event, in the order of the contract's fields
   * @throws IllegalArgumentException if {@code faults} is empty
   */
  public InvalidEventException(List<FieldFault> faults) {
    super(faults.stream().map(FieldFault::toString).collect(Collectors.joining("; ")));
    if (faults.isEmpty()) {
      throw new IllegalArgumentException("faults must not be empty");
    }
    this.faults = List.copyOf(faults);
  }

  /** All that is wrong with the event; never empty. */
  public List<FieldFault> faults() {
    return faults;
  }
}

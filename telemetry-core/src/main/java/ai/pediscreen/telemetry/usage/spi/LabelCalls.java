package ai.pediscreen.telemetry.usage.spi;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.usage.UsageStep;
import java.util.List;

/**
 * The calls over time that bear one name, such as that of an adapter.
 *
 * @param name the name
 * @param calls how many in each step of {@link UsageStep#of}, oldest first; 0 where there are none
 */
public record LabelCalls(String name, List<Long> calls) {

  public LabelCalls {
    requireNonNull(name, "name");
    calls = List.copyOf(calls);
  }

  /** The calls of all steps together. */
  public long total() {
    return calls.stream().mapToLong(Long::longValue).sum();
  }
}

package ai.pediscreen.telemetry.export;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a batch that was sent. */
public sealed interface AppendReceipt {

  /** Its rows are there, each once: they were written now, or had been when it was sent before. */
  record Appended() implements AppendReceipt {}

  /**
   * Nothing was written, because some rows are refused.
   *
   * @param faults the rows that are refused; at least one
   * @param rest the batch without them, to be sent in its place; null if nothing is left
   */
  record RowsRefused(List<RowFault> faults, @Nullable EncodedRows rest) implements AppendReceipt {
    public RowsRefused {
      faults = List.copyOf(faults);
      if (faults.isEmpty()) {
        throw new IllegalArgumentException("faults must not be empty");
      }
    }
  }

  /**
   * The stream takes no more rows, and whether it had taken these in an earlier try cannot be told
   * any more. They go to a new one.
   */
  record StreamLost() implements AppendReceipt {}

  /**
   * A row that is refused.
   *
   * @param index of the row within the batch, from 0
   * @param reason why, without any value of the row
   * @param field the column at fault; null if it is not known
   */
  record RowFault(int index, String reason, @Nullable String field) {
    public RowFault {
      requireNonNull(reason, "reason");
    }
  }
}

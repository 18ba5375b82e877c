package ai.pediscreen.telemetry.export;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a batch that was sent. */
public sealed interface AppendReceipt {

  /** Its rows are there, each once: they were written now, or had been when it was sent before. */
  record Appended() implements AppendReceipt {}

  /**
   * Nothing was written, because some rows are refused.
   *
   * @param refused the events of the rows that are refused; at least one
   * @param rest the batch without them, to be sent in its place; null if nothing is left
   */
  record RowsRefused(List<DeadLetter> refused, @Nullable EncodedRows rest)
      implements AppendReceipt {
    public RowsRefused {
      refused = List.copyOf(refused);
      if (refused.isEmpty()) {
        throw new IllegalArgumentException("refused must not be empty");
      }
    }
  }

  /**
   * The stream accepts no more rows, and whether it accepted these in an earlier attempt is
   * unknown. They go to a new one.
   */
  record StreamLost() implements AppendReceipt {}
}

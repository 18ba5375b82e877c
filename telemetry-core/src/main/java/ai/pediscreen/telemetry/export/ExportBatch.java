package ai.pediscreen.telemetry.export;

import static java.util.Objects.requireNonNull;

/**
 * Rows and their place in the stream. Once stored it is sent byte for byte as it is, until it has
 * arrived. Immutable.
 *
 * @param position where the first row goes
 * @param rows the rows as {@link EventExporter#encode} wrote them
 */
public record ExportBatch(StreamPosition position, EncodedRows rows) {

  public ExportBatch {
    requireNonNull(position, "position");
    requireNonNull(rows, "rows");
  }

  /** Where the batch after this one goes. */
  public StreamPosition end() {
    return new StreamPosition(position.stream(), position.offset() + rows.count());
  }

  /** The same rows in another place. */
  ExportBatch at(StreamPosition other) {
    return new ExportBatch(other, rows);
  }

  /** The rows are personal data, and stay out of logs. */
  @Override
  public String toString() {
    return "ExportBatch[" + position + ", " + rows + "]";
  }
}

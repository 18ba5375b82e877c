package ai.pediscreen.telemetry.export;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Rows and the place where they go. Once stored it is sent as it is, byte for byte, as often as it
 * takes. Immutable.
 *
 * @param position where the first row goes
 * @param events the event of each row, in order
 * @param rows the rows as {@link EventExporter#encode} wrote them
 */
public record ExportBatch(StreamPosition position, List<EventReference> events, EncodedRows rows) {

  public ExportBatch {
    requireNonNull(position, "position");
    events = List.copyOf(events);
    if (events.size() != rows.count()) {
      throw new IllegalArgumentException(
          "each row must have its event but there are %d and %d"
              .formatted(rows.count(), events.size()));
    }
  }

  /** Where the batch after this one goes. */
  public StreamPosition end() {
    return new StreamPosition(position.stream(), position.offset() + events.size());
  }

  /** The same rows in another place. */
  ExportBatch at(StreamPosition other) {
    return new ExportBatch(other, events, rows);
  }

  /** The rows themselves are somebody's data, and stay out of logs. */
  @Override
  public String toString() {
    return "ExportBatch[" + position + ", " + rows + "]";
  }
}

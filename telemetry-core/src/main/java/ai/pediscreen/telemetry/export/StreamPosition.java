package ai.pediscreen.telemetry.export;

import static java.util.Objects.requireNonNull;

/**
 * A place in a stream of rows.
 *
 * @param stream the stream's name
 * @param offset how many rows stand before it; at least 0
 */
public record StreamPosition(String stream, long offset) {

  public StreamPosition {
    requireNonNull(stream, "stream");
    if (offset < 0) {
      throw new IllegalArgumentException("offset must be at least 0 but is " + offset);
    }
  }
}

package ai.pediscreen.telemetry.bench;

import java.nio.ByteBuffer;

/** Requests that a load is made of. Not thread-safe. */
interface Requests {

  /** Whether there is another one. */
  boolean hasNext();

  /** Events in one request. */
  int events();

  /**
   * The next request, in the buffer if it fits.
   *
   * @return the buffer, or a larger one, from its position to its limit
   */
  ByteBuffer next(ByteBuffer buffer);
}

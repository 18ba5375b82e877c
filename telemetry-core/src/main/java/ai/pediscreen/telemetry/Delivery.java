package ai.pediscreen.telemetry;

/**
 * The outcome of all events that were recorded since the start.
 *
 * @param delivered kept by the store, or known to it before; 0 or more
 * @param pending waiting, or on their way; 0 or more
 * @param failed dropped, for any {@link DropReason}; 0 or more
 */
public record Delivery(long delivered, long pending, long failed) {

  public Delivery {
    if (delivered < 0 || pending < 0 || failed < 0) {
      throw new IllegalArgumentException(
          "counts must be 0 or more but are " + delivered + ", " + pending + " and " + failed);
    }
  }
}

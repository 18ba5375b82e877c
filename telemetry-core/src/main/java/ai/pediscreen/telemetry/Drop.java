package ai.pediscreen.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * Why one event is dropped.
 *
 * @param reason what it is counted under
 * @param detail more detail, without any value of the event; null if the reason is enough
 * @param cause what was thrown; null if nothing was
 */
record Drop(DropReason reason, @Nullable String detail, @Nullable Throwable cause) {

  static final Drop CLOSED = new Drop(DropReason.CLOSED, null, null);

  static Drop refused(String detail) {
    return new Drop(DropReason.REFUSED, detail, null);
  }
}

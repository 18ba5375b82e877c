package ai.pediscreen.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * That an event is dropped.
 *
 * @param reason what it is counted under
 * @param detail what it was in particular, without any value of the event; null if the reason says
 *     all
 * @param cause what was thrown; null if nothing was
 */
record Drop(DropReason reason, @Nullable String detail, @Nullable Throwable cause) {

  static final Drop CLOSED = new Drop(DropReason.CLOSED, null, null);

  static Drop refused(String detail) {
    return new Drop(DropReason.REFUSED, detail, null);
  }
}

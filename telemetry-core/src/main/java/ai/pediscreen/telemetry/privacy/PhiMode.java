package ai.pediscreen.telemetry.privacy;

/** What a {@link PhiGuard} does with an event in which it finds something. */
public enum PhiMode {
  /** Puts a marker such as {@code [redacted:email]} in the place of each value found. */
  REDACT,
  /** Refuses the event. */
  REJECT,
  /** Does not look. */
  OFF
}

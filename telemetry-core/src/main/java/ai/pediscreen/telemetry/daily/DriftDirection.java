package ai.pediscreen.telemetry.daily;

/** Which way numbers went: their median, or their mean where the median stayed. */
public enum DriftDirection {
  /** They became larger. */
  UP,
  /** They became smaller. */
  DOWN
}

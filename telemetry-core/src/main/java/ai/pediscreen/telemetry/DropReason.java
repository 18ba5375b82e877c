package ai.pediscreen.telemetry;

/** Why an event that was given to {@link Telemetry#record} was not kept. */
public enum DropReason {
  /** So many events, or bytes, waited already. */
  FULL,
  /** The event alone is larger than the store takes. */
  TOO_LARGE,
  /** It breaks a rule, looks like it identifies a person, or the store cannot hold it. */
  REFUSED,
  /** The store failed until the retry timeout. */
  RETRIES_EXHAUSTED,
  /** Recorded after close, or not stored before its deadline. */
  CLOSED
}

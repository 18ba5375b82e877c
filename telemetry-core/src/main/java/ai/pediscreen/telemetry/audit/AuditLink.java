package ai.pediscreen.telemetry.audit;

/**
 * A place in the chain: an entry's number and hash. Immutable.
 *
 * @param sequence 0 for the place before the first entry
 * @param hash 64 hexadecimal digits
 */
public record AuditLink(long sequence, String hash) {

  /** Before the first entry: its hash is zeros. */
  public static final AuditLink BEGINNING = new AuditLink(0, "0".repeat(64));
}

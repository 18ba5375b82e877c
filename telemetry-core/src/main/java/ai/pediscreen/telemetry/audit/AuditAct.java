package ai.pediscreen.telemetry.audit;

import ai.pediscreen.telemetry.privacy.PhiGuard;
import org.jspecify.annotations.Nullable;

/**
 * What is to be entered. Immutable.
 *
 * @param who the prefix of a key, {@link #COMMAND_LINE}, {@link #SERVER}, {@link #NO_KEY} or {@link
 *     #OTHERS}
 * @param orgId whose events it is about; null for all organisations, or for none. One that looks
 *     like an identifier of a person is left out
 * @param action what was done
 * @param selection to what
 * @param count how many of it; at least 0
 * @param traceId of the request; null if there was none
 */
public record AuditAct(
    String who,
    @Nullable String orgId,
    AuditAction action,
    AuditSelection selection,
    long count,
    @Nullable String traceId) {

  /** A user of the command line. */
  public static final String COMMAND_LINE = "command_line";

  /** The server, without a request. */
  public static final String SERVER = "server";

  /** A request without a key. */
  public static final String NO_KEY = "no_key";

  /** Several keys, whose refused requests were counted together. */
  public static final String OTHERS = "others";

  private static final String REDACTED = "[redacted]";

  public AuditAct {
    orgId = withoutPersons(orgId);
    if (who.isEmpty()) {
      throw new IllegalArgumentException("who must not be empty");
    }
    if (count < 0) {
      throw new IllegalArgumentException("count must be at least 0 but is " + count);
    }
  }

  static @Nullable String withoutPersons(@Nullable String text) {
    return text == null || PhiGuard.find(text).isEmpty() ? text : REDACTED;
  }
}

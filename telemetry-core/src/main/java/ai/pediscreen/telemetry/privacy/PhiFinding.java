package ai.pediscreen.telemetry.privacy;

import static java.util.Objects.requireNonNull;

/**
 * What was found, and where; never the value.
 *
 * @param rule what it looks like
 * @param path the field, with dots and without positions in arrays: {@code
 *     request.messages.content}. A key that is neither the contract's nor a common word shows as
 *     {@code *}, since a child's name that is sent by mistake may be sent as a key
 */
public record PhiFinding(PhiRule rule, String path) {

  public PhiFinding {
    requireNonNull(rule, "rule");
    requireNonNull(path, "path");
  }
}

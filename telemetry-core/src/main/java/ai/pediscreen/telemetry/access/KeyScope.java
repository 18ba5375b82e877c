package ai.pediscreen.telemetry.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a key may be used for. */
public enum KeyScope {
  /** Sending events of the key's organisation. */
  INGEST,
  /** Asking for figures of the key's organisation. */
  READ,
  /** Erasing events of the key's organisation. */
  ERASE,
  /** Everything, for every organisation and for events of none. */
  ADMIN;

  /** The name in lower case, as it is written on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The scope of a {@link #label}; empty for any other text. */
  public static Optional<KeyScope> ofLabel(String label) {
    return Arrays.stream(values()).filter(scope -> scope.label().equals(label)).findFirst();
  }
}

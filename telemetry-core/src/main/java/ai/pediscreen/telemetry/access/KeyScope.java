package ai.pediscreen.telemetry.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a key may be used for. */
public enum KeyScope {
  /** Sending events of the key's organisation. */
  INGEST,
  /** Asking for figures of the key's organisation. */
  READ,
  /** Erasing events of the key's organisation. */
  ERASE,
  /** Having days computed, which is done for all organisations at once, and following it. */
  JOBS,
  /** Reading the metrics, which name all organisations. */
  METRICS,
  /** Everything, for every organisation and for events of none. */
  ADMIN;

  /** Whether it covers all organisations together, so that a key with it has no organisation. */
  public boolean isOfAll() {
    return this == JOBS || this == METRICS || this == ADMIN;
  }

  /** All labels, as a message lists them. */
  public static String labels() {
    return Arrays.stream(values()).map(KeyScope::label).collect(Collectors.joining(", "));
  }

  /** The name in lower case, as it is written on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The scope of a {@link #label}; empty for any other text. */
  public static Optional<KeyScope> ofLabel(String label) {
    return Arrays.stream(values()).filter(scope -> scope.label().equals(label)).findFirst();
  }
}

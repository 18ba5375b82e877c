package ai.pediscreen.telemetry.usage;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The ranges that a dashboard offers, by their contract names. */
public enum UsageRange {
  HOUR("1h", Duration.ofHours(1)),
  DAY("24h", Duration.ofHours(24)),
  WEEK("7d", Duration.ofDays(7)),
  MONTH("30d", Duration.ofDays(30)),
  QUARTER("90d", Duration.ofDays(90));

  private final String label;
  private final Duration length;

  UsageRange(String label, Duration length) {
    this.label = label;
    this.length = length;
  }

  /** The contract's name: {@code 1h}, {@code 24h}, {@code 7d}, {@code 30d} or {@code 90d}. */
  public String label() {
    return label;
  }

  public Duration length() {
    return length;
  }

  /** The range of that label, upper or lower case; empty if there is none. */
  public static Optional<UsageRange> ofLabel(String label) {
    String wanted = label.toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(range -> range.label.equals(wanted)).findFirst();
  }

  /** All labels for a message: {@code 1h, 24h, 7d, 30d, 90d}. */
  public static String labels() {
    return Arrays.stream(values()).map(UsageRange::label).collect(Collectors.joining(", "));
  }
}

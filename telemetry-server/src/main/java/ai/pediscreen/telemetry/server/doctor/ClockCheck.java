package ai.pediscreen.telemetry.server.doctor;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** This machine's clock against the database's. */
public final class ClockCheck {

  private static final Duration TOLERATED = Duration.ofSeconds(1);
  private static final Duration BEARABLE = Duration.ofSeconds(30);

  private final Duration ahead;

  /**
   * Checks nothing yet.
   *
   * @param ahead by how much this machine's clock is ahead of the database's; negative if behind
   */
  public ClockCheck(Duration ahead) {
    this.ahead = ahead;
  }

  /** One finding: more than a second is to be looked at, more than half a minute a failure. */
  public List<Finding> check() {
    if (ahead.abs().compareTo(TOLERATED) <= 0) {
      return List.of(Finding.ok("Clock", "agrees with the database's"));
    }
    String found =
        String.format(
            Locale.ROOT,
            "%.1f s %s the database's",
            ahead.abs().toMillis() / 1_000.0,
            ahead.isNegative() ? "behind" : "ahead of");
    String advice = "keep both machines on time with NTP (chrony, systemd-timesyncd)";
    return List.of(
        ahead.abs().compareTo(BEARABLE) <= 0
            ? Finding.warn("Clock", found, advice)
            : Finding.fail("Clock", found, advice));
  }
}

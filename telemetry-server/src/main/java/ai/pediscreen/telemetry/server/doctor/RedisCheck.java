package ai.pediscreen.telemetry.server.doctor;

import ai.pediscreen.telemetry.server.job.redis.RedisReport;
import ai.pediscreen.telemetry.server.job.redis.RedisUrl;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Redis: its version, whether there are workers, and parked jobs. */
public final class RedisCheck {

  private static final Pattern VERSION = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})(\\D.*)?");
  private static final String OLDEST = "6.2";

  private final RedisUrl url;
  private final RedisReport report;

  /** Checks nothing yet. */
  public RedisCheck(RedisUrl url, RedisReport report) {
    this.url = url;
    this.report = report;
  }

  /** What the report says of Redis, a finding for each thing. */
  public List<Finding> check() {
    return List.of(version(), worker(), parked());
  }

  private Finding version() {
    String version = report.version();
    Matcher parts = matched(version);
    if (parts == null) {
      return Finding.warn(
          "Redis",
          "at " + url + ", which does not report its version",
          "see that it is " + OLDEST + " or newer");
    }
    String found = "Redis " + version + " at " + url;
    int major = Integer.parseInt(parts.group(1));
    int minor = Integer.parseInt(parts.group(2));
    return major < 6 || (major == 6 && minor < 2)
        ? Finding.fail("Redis", found, "upgrade it to " + OLDEST + " or newer")
        : Finding.ok("Redis", found);
  }

  private static @Nullable Matcher matched(@Nullable String version) {
    if (version == null) {
      return null;
    }
    Matcher matcher = VERSION.matcher(version);
    return matcher.matches() ? matcher : null;
  }

  private Finding worker() {
    String requests =
        "requests in the stream: " + report.requests() + ", to be tried again: " + report.retries();
    return report.hasWorker()
        ? Finding.ok("Workers", "at work; " + requests)
        : Finding.warn(
            "Workers",
            "none has reported for two minutes; " + requests,
            "start one: java -jar telemetry-server.jar worker");
  }

  private Finding parked() {
    return report.parked() == 0
        ? Finding.ok("Parked jobs", "none")
        : Finding.warn(
            "Parked jobs",
            Long.toString(report.parked()),
            "read why (XRANGE telemetry:jobs:parked - +), fix the cause, then DEL"
                + " telemetry:jobs:parked");
  }
}

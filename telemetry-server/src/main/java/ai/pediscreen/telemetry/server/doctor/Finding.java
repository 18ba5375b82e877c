package ai.pediscreen.telemetry.server.doctor;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at. Its texts are made fit for one line.
 *
 * @param level how it is
 * @param subject what was looked at, in a word or two
 * @param found what was found
 * @param advice what to do about it; null if nothing
 */
public record Finding(Level level, String subject, String found, @Nullable String advice) {

  /** How a thing is. */
  public enum Level {
    /** As it should be. */
    OK("ok"),
    /** The server works, but it should be checked. */
    WARN("warn"),
    /** The server cannot work, or may lose what it has promised to keep. */
    FAIL("FAIL");

    private final String label;

    Level(String label) {
      this.label = label;
    }

    /** The word that an operator reads. */
    public String label() {
      return label;
    }
  }

  public Finding {
    requireNonNull(level, "level");
    subject = oneLine(subject);
    found = oneLine(found);
    advice = advice == null ? null : oneLine(advice);
  }

  /** A thing as it should be. */
  public static Finding ok(String subject, String found) {
    return new Finding(Level.OK, subject, found, null);
  }

  /** A thing that should be checked. */
  public static Finding warn(String subject, String found, String advice) {
    return new Finding(Level.WARN, subject, found, advice);
  }

  /** A thing that keeps the server from its work. */
  public static Finding fail(String subject, String found, String advice) {
    return new Finding(Level.FAIL, subject, found, advice);
  }

  /**
   * Other programs' messages come in several lines, may hold what a terminal obeys, and end in a
   * full stop where more is to follow.
   */
  private static String oneLine(String text) {
    return text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip().replaceFirst("\\.$", "");
  }
}

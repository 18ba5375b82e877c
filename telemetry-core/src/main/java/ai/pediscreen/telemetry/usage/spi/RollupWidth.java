package ai.pediscreen.telemetry.usage.spi;

import ai.pediscreen.telemetry.usage.UsageStep;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How much time one row of a rollup covers, and how long such rows are kept. */
public enum RollupWidth {
  /** Some hours longer than windows by the minute reach back, since clocks differ. */
  MINUTE(ChronoUnit.MINUTES, Duration.ofHours(54), null),
  HOUR(ChronoUnit.HOURS, Duration.ofDays(100), MINUTE),
  /** Kept for good: more days than timestamps can span. */
  DAY(ChronoUnit.DAYS, Duration.ofDays(400_000), HOUR);

  /** A stretch of time that rows of one width cover exactly: {@code [since, before)}. */
  public record Piece(RollupWidth width, Instant since, Instant before) {}

  private final ChronoUnit unit;
  private final Duration kept;
  private final @Nullable RollupWidth finer;

  RollupWidth(ChronoUnit unit, Duration kept, @Nullable RollupWidth finer) {
    this.unit = unit;
    this.kept = kept;
    this.finer = finer;
  }

  /** How many minutes one row covers. */
  public int minutes() {
    return (int) unit.getDuration().toMinutes();
  }

  /** The beginning of the row that an instant belongs to; UTC. */
  public Instant bucket(Instant instant) {
    return instant.truncatedTo(unit);
  }

  /** The beginning of the row after the one that an instant belongs to. */
  public Instant next(Instant instant) {
    return bucket(instant).plus(1, unit);
  }

  /**
   * How far rows may be read that count nothing after an instant: to the end of its day, hour or
   * minute, or only to the beginning of its minute.
   *
   * @param firstAfter the first event after the instant on its day, or null if there is none
   */
  public static Instant coveredUntil(Instant instant, @Nullable Instant firstAfter) {
    for (RollupWidth width = DAY; width != null; width = width.finer) {
      if (firstAfter == null || !firstAfter.isBefore(width.next(instant))) {
        return width.next(instant);
      }
    }
    return MINUTE.bucket(instant);
  }

  /**
   * Whether rows that are still kept end at an instant: then they answer a window that ends there,
   * whatever has come after it, and whether or not that is known.
   */
  public static boolean endAt(Instant instant, Instant now) {
    for (RollupWidth width = DAY; !width.bucket(instant).equals(instant); width = width.finer) {
      if (width.finer == null || width.bucket(instant).isBefore(width.finer.keptSince(now))) {
        return false;
      }
    }
    return true;
  }

  /** Rows that begin earlier than this are neither kept nor written. */
  public Instant keptSince(Instant now) {
    return now.minus(kept).truncatedTo(unit);
  }

  /**
   * The fewest rows that cover {@code [since, before)}: days, with hours and then minutes at the
   * ends.
   *
   * @param since on a full minute
   * @param before on a full minute
   */
  public static List<Piece> pieces(Instant since, Instant before) {
    return pieces(since, before, DAY);
  }

  /** As {@link #pieces(Instant, Instant)}, of rows that are at most so wide. */
  public static List<Piece> pieces(Instant since, Instant before, RollupWidth widest) {
    List<Piece> pieces = new ArrayList<>();
    cover(pieces, since, before, widest);
    return pieces;
  }

  /** The rows whose width is the step. */
  public static RollupWidth of(UsageStep step) {
    return switch (step) {
      case MINUTE -> MINUTE;
      case HOUR -> HOUR;
      case DAY -> DAY;
    };
  }

  private static void cover(List<Piece> pieces, Instant since, Instant before, RollupWidth width) {
    if (!since.isBefore(before)) {
      return;
    }
    Instant first = width.bucket(since);
    first = first.equals(since) ? first : first.plus(1, width.unit);
    Instant last = width.bucket(before);
    if (width.finer == null) {
      pieces.add(new Piece(width, since, before));
    } else if (first.isBefore(last)) {
      cover(pieces, since, first, width.finer);
      pieces.add(new Piece(width, first, last));
      cover(pieces, last, before, width.finer);
    } else {
      cover(pieces, since, before, width.finer);
    }
  }
}

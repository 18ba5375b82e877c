package ai.pediscreen.telemetry.server.takeover;

import ai.pediscreen.telemetry.server.takeover.Comparison.Finding;
import ai.pediscreen.telemetry.server.takeover.Comparison.Result;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares single figures of both services, each by the rule of its kind, and keeps what it found.
 * Used by one thread.
 */
final class FigureFindings {

  /** Sums of floats end in another digit than sums of decimals. */
  private static final double COST_TOLERANCE = 0.000_002;

  /** Two decimals, rounded by different rules. */
  private static final double PERCENT_TOLERANCE = 0.010_000_1;

  private final @Nullable String onlyOne;
  private final long mayDiffer;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * @param edge events at the beginning of this server's window, which is cut down to the minute or
   *     hour; the old one has none of them
   * @param refused events that the import has refused
   * @param meanwhile events that came while the two were asked
   */
  FigureFindings(long edge, long refused, long meanwhile) {
    List<String> reasons = new ArrayList<>();
    add(reasons, edge, "before the old window began");
    add(reasons, refused, "refused by the import");
    add(reasons, meanwhile, "came meanwhile");
    this.onlyOne =
        reasons.isEmpty() ? null : "events that one of both has: " + String.join(", ", reasons);
    this.mayDiffer = edge + refused + meanwhile;
  }

  private static void add(List<String> reasons, long events, String what) {
    if (events > 0) {
      reasons.add(events + " " + what);
    }
  }

  /** All that was found so far, in the order in which it was compared. */
  List<Finding> all() {
    return List.copyOf(findings);
  }

  /** Why a figure may differ by events that one of both has; null if there are none. */
  @Nullable String onlyOne() {
    return onlyOne;
  }

  /** By how many events a count may differ. */
  long mayDiffer() {
    return mayDiffer;
  }

  void count(String field, JsonNode old, @Nullable JsonNode now, long blank) {
    long apart = now == null ? Long.MAX_VALUE : Math.abs(old.asLong() - now.asLong());
    boolean explained = apart <= mayDiffer + blank;
    String reason = blank > 0 && apart > mayDiffer ? "blank fallbacks are none here" : onlyOne;
    number(field, old, now, apart == 0, explained, reason);
  }

  void cost(String field, JsonNode old, @Nullable JsonNode now) {
    near(field, old, now, COST_TOLERANCE, "sum of floats there, of decimals here");
  }

  void percent(String field, JsonNode old, JsonNode now) {
    near(field, old, now, PERCENT_TOLERANCE, "rounded half up here");
  }

  void rounded(String field, JsonNode old, JsonNode now) {
    near(field, old, now, 0.500_001, "rounded half up to an integer here");
  }

  private void near(
      String field, JsonNode old, @Nullable JsonNode now, double tolerance, String reason) {
    double apart = now == null ? Double.MAX_VALUE : Math.abs(old.asDouble() - now.asDouble());
    boolean within = apart <= tolerance;
    number(field, old, now, apart == 0, within || onlyOne != null, within ? reason : onlyOne);
  }

  void put(String field, JsonNode old, @Nullable JsonNode now, @Nullable String reason) {
    boolean equal = now != null && old.asText().equals(now.asText());
    number(field, old, now, equal, reason != null, reason);
  }

  private void number(
      String field,
      JsonNode old,
      @Nullable JsonNode now,
      boolean equal,
      boolean explained,
      @Nullable String reason) {
    found(
        field,
        old.asText(),
        now == null ? "none" : now.asText(),
        equal ? Result.EQUAL : explained ? Result.EXPLAINED : Result.DIFFERENT,
        equal || !explained ? null : reason);
  }

  void found(String field, String old, String now, Result result, @Nullable String reason) {
    findings.add(new Finding(field, old, now, result, reason));
  }
}

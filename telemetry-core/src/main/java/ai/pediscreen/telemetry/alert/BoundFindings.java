package ai.pediscreen.telemetry.alert;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.usage.ModelUsage;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageQueries;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What is over its bound: rates and percentiles of the last hour, or of the last 6 or 24 if that
 * has too few calls; costs of the UTC day.
 *
 * @implNote After an alert was resolved, a longer window would find its failures again as soon as
 *     calls become few. So none is used that begins before that.
 */
final class BoundFindings {

  /** More than are counted by name on a day. */
  static final int MAX_MODELS = 10_000;

  private static final int[] WINDOW_HOURS = {1, 6, 24};

  /** One or two failures are not a rate. */
  private static final int MIN_FAILURES = 3;

  private final UsageQueries usage;
  private final AlertRules rules;

  BoundFindings(UsageQueries usage, AlertRules rules) {
    this.usage = usage;
    this.rules = rules;
  }

  /**
   * @param known alerts that are open, and those that were resolved within a day
   */
  List<AlertFinding> of(List<Alert> known, Instant now) {
    Map<String, Alert> newest = new HashMap<>();
    for (Alert one : known) {
      newest.merge(
          one.subject().key(), one, (a, b) -> a.isOpen() || a.opened().isAfter(b.opened()) ? a : b);
    }
    List<Look> looks = new ArrayList<>();
    for (int hours : WINDOW_HOURS) {
      looks.add(
          look(
              TimeWindow.lastMinutes(60L * hours, now),
              hours == 1 ? "in the last hour" : "in the last " + hours + " hours"));
    }
    Instant midnight = now.truncatedTo(ChronoUnit.DAYS);
    Look today =
        look(
            new TimeWindow(midnight, now, Math.max(1, Duration.between(midnight, now).toMinutes())),
            "today");
    List<AlertFinding> findings = new ArrayList<>();
    for (AlertKind kind : AlertKind.values()) {
      if (kind == AlertKind.COST_PER_DAY) {
        today.figures.forEach((subject, figures) -> addCost(findings, subject, figures));
      } else if (kind.hasBound()) {
        looks.get(looks.size() - 1).figures.keySet().stream()
            .map(subject -> of(kind, subject))
            .forEach(subject -> add(findings, subject, looks, newest.get(subject.key())));
      }
    }
    return findings;
  }

  /** What one window shows, by subject; its kind says nothing. */
  private record Look(TimeWindow window, String words, Map<AlertSubject, CallFigures> figures) {}

  private Look look(TimeWindow window, String words) {
    UsageFilter filter = new UsageFilter(OrgFilter.all(), null, window);
    Map<AlertSubject, CallFigures> figures = new LinkedHashMap<>();
    for (ModelUsage model : usage.models(filter, MAX_MODELS)) {
      figures.put(
          AlertSubject.ofModel(AlertKind.ERROR_RATE, model.modelId()), CallFigures.of(model));
    }
    if (!rules.together().byKind().isEmpty()) {
      figures.put(AlertSubject.ofAll(AlertKind.ERROR_RATE), CallFigures.of(usage.overview(filter)));
    }
    return new Look(window, words, figures);
  }

  private static AlertSubject of(AlertKind kind, AlertSubject subject) {
    return new AlertSubject(kind, subject.together(), subject.modelId(), null, null);
  }

  private void add(
      List<AlertFinding> findings, AlertSubject subject, List<Look> looks, @Nullable Alert newest) {
    OptionalDouble bound = rules.of(subject).of(subject.kind());
    if (bound.isEmpty()) {
      return;
    }
    boolean open = newest != null && newest.isOpen();
    Instant notBefore = newest == null ? null : newest.resolved();
    for (Look look : looks) {
      CallFigures figures = look.figures.get(of(AlertKind.ERROR_RATE, subject));
      boolean reachesBack = notBefore != null && look.window.since().isBefore(notBefore);
      if (figures != null && figures.calls() >= rules.minCalls() && !reachesBack) {
        findings.add(finding(subject, figures, bound.getAsDouble(), open, look.words));
        return;
      }
    }
    findings.add(
        new AlertFinding(
            subject, AlertFinding.State.UNKNOWN, null, null, "There are too few calls.", null));
  }

  private void addCost(List<AlertFinding> findings, AlertSubject anyKind, CallFigures figures) {
    AlertSubject subject = of(AlertKind.COST_PER_DAY, anyKind);
    OptionalDouble bound = rules.of(subject).of(AlertKind.COST_PER_DAY);
    if (bound.isPresent()) {
      findings.add(finding(subject, figures, bound.getAsDouble(), true, "today"));
    }
  }

  private static AlertFinding finding(
      AlertSubject subject, CallFigures figures, double bound, boolean open, String when) {
    AlertKind kind = subject.kind();
    double value = figures.value(kind);
    boolean over = value > bound && (open || figures.behind(kind) >= failures(kind));
    return new AlertFinding(
        subject,
        over ? AlertFinding.State.ALERT : AlertFinding.State.WELL,
        value,
        bound,
        text(kind, figures, value, bound, when),
        null);
  }

  private static int failures(AlertKind kind) {
    return kind == AlertKind.P95_LATENCY ? 1 : MIN_FAILURES;
  }

  private static String text(
      AlertKind kind, CallFigures figures, double value, double bound, String when) {
    String of = "of %d calls %s; the bound is".formatted(figures.calls(), when);
    return switch (kind) {
      case ERROR_RATE -> "Error rate %s %% %s %s %%".formatted(number(value), of, number(bound));
      case FALLBACK_RATE ->
          "Fallback rate %s %% %s %s %%".formatted(number(value), of, number(bound));
      case P95_LATENCY -> "p95 latency %s ms %s %s ms".formatted(number(value), of, number(bound));
      default ->
          "%s USD for %d calls today; the bound is %s USD"
              .formatted(number(value), figures.calls(), number(bound));
    };
  }

  private static String number(double value) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(3));
    return value >= 1_000
        ? String.valueOf(Math.round(value))
        : rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}

package ai.pediscreen.telemetry.alert;

import ai.pediscreen.telemetry.daily.DailyFigures;
import ai.pediscreen.telemetry.daily.DriftIncidents;
import ai.pediscreen.telemetry.usage.UsageQueries;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Evaluates the figures of all organisations together against the rules. An open alert stays open
 * until its subject is fine; one that was resolved within a day is not reopened by calls from
 * before.
 *
 * <p>Thread-safe.
 */
public final class AlertWatch implements AlertStore.Judgement {

  private final BoundFindings bounds;
  private final DriftFindings drift;
  private final SilenceFindings silence;

  /**
   * @param usage what is known of calls; should be the store that events are appended to
   * @param days what is known of drift
   * @param rules when calls alert
   * @param incidents which alerts of drift are an incident
   */
  public AlertWatch(
      UsageQueries usage, DailyFigures days, AlertRules rules, DriftIncidents incidents) {
    this.bounds = new BoundFindings(usage, rules);
    this.drift = new DriftFindings(days, incidents);
    this.silence = new SilenceFindings(usage, rules.silentHours());
  }

  @Override
  public synchronized AlertChanges of(List<Alert> known, Instant now) {
    List<Alert> open = known.stream().filter(Alert::isOpen).toList();
    List<AlertFinding> findings = new ArrayList<>();
    findings.addAll(bounds.of(known, now));
    findings.addAll(drift.of(open, now));
    findings.addAll(silence.of(open, now));
    return AlertChanges.of(open, findings, now);
  }
}

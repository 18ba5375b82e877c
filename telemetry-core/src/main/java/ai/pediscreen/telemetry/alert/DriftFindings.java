package ai.pediscreen.telemetry.alert;

import ai.pediscreen.telemetry.daily.DailyFigures;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DriftIncident;
import ai.pediscreen.telemetry.daily.DriftIncidents;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.event.OrgFilter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/**
 * Open incidents of drift. While days of the past are still being computed, the state is unknown:
 * else each past incident would be reported as new.
 */
final class DriftFindings {

  /** How old the newest computed day may be, in days. */
  private static final int MAX_DAYS_BEHIND = 2;

  private final DailyFigures days;
  private final DriftIncidents incidents;

  DriftFindings(DailyFigures days, DriftIncidents incidents) {
    this.days = days;
    this.incidents = incidents;
  }

  List<AlertFinding> of(List<Alert> open, Instant now) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    DayFilter all = new DayFilter(OrgFilter.all(), null, LocalDate.EPOCH, today);
    LocalDate newest =
        days.drift(all, 1).stream().findFirst().map(DriftRecord::date).orElse(LocalDate.EPOCH);
    if (newest.isBefore(today.minusDays(MAX_DAYS_BEHIND))) {
      return open.stream()
          .filter(alert -> alert.subject().kind() == AlertKind.DRIFT)
          .map(
              alert ->
                  new AlertFinding(
                      alert.subject(), AlertFinding.State.UNKNOWN, null, null, "", null))
          .toList();
    }
    return incidents.of(days.alerts(all), newest).stream()
        .filter(DriftIncident::isOpen)
        .map(DriftFindings::finding)
        .toList();
  }

  private static AlertFinding finding(DriftIncident incident) {
    DriftSubject subject = incident.subject();
    return new AlertFinding(
        new AlertSubject(
            AlertKind.DRIFT, false, subject.modelId(), subject.feature(), subject.subgroup()),
        AlertFinding.State.ALERT,
        incident.largestPsi(),
        null,
        text(incident),
        incident.id());
  }

  /** Texts are values of events, so a record's sentence is used only if it is about numbers. */
  private static String text(DriftIncident incident) {
    DriftRecord latest = incident.latest();
    boolean ofNumbers = latest.figures().wasserstein() != null;
    Double psi = latest.psi();
    String what =
        ofNumbers
            ? latest.figures().summary()
            : "the shares of its values have moved"
                + (psi == null ? "" : String.format(Locale.ROOT, "; PSI %.2f", psi));
    return "%s%s has drifted since %s (against %s): %s"
        .formatted(
            latest.feature(),
            latest.subject().subgroup() == null ? "" : " of one subgroup",
            incident.start(),
            latest.reference().name(),
            what);
  }
}

package ai.pediscreen.telemetry.daily;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes incidents of alerts: opened by some alerts within a few days, resolved by some days without
 * one. They are nowhere stored: they follow from the records, so days may be computed in any order
 * and again.
 *
 * @param alerts how many days with an alert open an incident; at least 1
 * @param within among how many days in a row; at least {@code alerts}
 * @param quietDays how many days in a row without an alert resolve it; at least 1
 */
public record DriftIncidents(int alerts, int within, int quietDays) {

  private static final DriftIncidents STANDARD = new DriftIncidents(2, 3, 3);

  private static final Comparator<DriftIncident> OPEN_FIRST =
      Comparator.comparing((DriftIncident one) -> !one.isOpen())
          .thenComparing(Comparator.comparing(DriftIncident::lastAlert).reversed())
          .thenComparing(one -> one.latest().figures().leastPValue())
          .thenComparing(DriftIncident::subject, DriftSubject.ORDER)
          .thenComparing(DriftIncident::start);

  /**
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public DriftIncidents {
    if (alerts < 1 || within < alerts || quietDays < 1) {
      throw new IllegalArgumentException(
          "alerts must be at least 1, within at least alerts, and quietDays at least 1, but are %d, %d and %d"
              .formatted(alerts, within, quietDays));
    }
  }

  /** Two days of three open an incident, three days resolve it. */
  public static DriftIncidents standard() {
    return STANDARD;
  }

  /**
   * The incidents of some days, those that are open first, then the newest.
   *
   * @param records of one organisation, or of all together; those that are no alerts are left out
   * @param newest the last day that was computed: whether an incident is over is seen from here
   */
  public List<DriftIncident> of(Collection<DriftRecord> records, LocalDate newest) {
    Map<DriftSubject, TreeMap<LocalDate, List<DriftRecord>>> bySubject = new LinkedHashMap<>();
    for (DriftRecord one : records) {
      if (one.alert() && !one.date().isAfter(newest)) {
        bySubject
            .computeIfAbsent(one.subject(), subject -> new TreeMap<>())
            .computeIfAbsent(one.date(), date -> new ArrayList<>())
            .add(one);
      }
    }
    List<DriftIncident> incidents = new ArrayList<>();
    bySubject.forEach((subject, days) -> addIncidents(incidents, subject, days, newest));
    incidents.sort(OPEN_FIRST);
    return incidents;
  }

  private void addIncidents(
      List<DriftIncident> incidents,
      DriftSubject subject,
      TreeMap<LocalDate, List<DriftRecord>> days,
      LocalDate newest) {
    List<LocalDate> episode = new ArrayList<>();
    for (LocalDate day : days.keySet()) {
      if (!episode.isEmpty()
          && !day.isBefore(overOn(episode.get(episode.size() - 1)).plusDays(1))) {
        addIncident(incidents, subject, episode, days, newest);
        episode.clear();
      }
      episode.add(day);
    }
    addIncident(incidents, subject, episode, days, newest);
  }

  private void addIncident(
      List<DriftIncident> incidents,
      DriftSubject subject,
      List<LocalDate> episode,
      Map<LocalDate, List<DriftRecord>> days,
      LocalDate newest) {
    for (int i = alerts - 1; i < episode.size(); i++) {
      LocalDate opened = episode.get(i);
      LocalDate start = episode.get(i - alerts + 1);
      if (start.plusDays(within - 1L).isBefore(opened)) {
        continue;
      }
      LocalDate last = episode.get(episode.size() - 1);
      LocalDate over = overOn(last);
      boolean resolved = !over.isAfter(newest);
      DriftIncident.State going =
          opened.equals(newest) ? DriftIncident.State.OPEN : DriftIncident.State.ONGOING;
      List<DriftRecord> all =
          days.entrySet().stream()
              .filter(day -> !day.getKey().isBefore(start) && !day.getKey().isAfter(last))
              .flatMap(day -> day.getValue().stream())
              .sorted(DriftRecord.NEWEST_FIRST)
              .toList();
      incidents.add(
          new DriftIncident(
              subject,
              resolved ? DriftIncident.State.RESOLVED : going,
              start,
              opened,
              last,
              resolved ? over : null,
              all.stream()
                  .map(DriftRecord::psi)
                  .filter(psi -> psi != null)
                  .max(Comparator.naturalOrder())
                  .orElse(null),
              all.get(0)));
      return;
    }
  }

  private LocalDate overOn(LocalDate lastAlert) {
    return lastAlert.plusDays(quietDays);
  }
}

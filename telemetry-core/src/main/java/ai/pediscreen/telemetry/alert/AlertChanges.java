package ai.pediscreen.telemetry.alert;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has changed since the last look. Immutable.
 *
 * @param alerts those that were opened, resolved, or have a new figure
 * @param messages one for each that was opened or resolved, in order
 */
public record AlertChanges(List<Alert> alerts, List<AlertMessage> messages) {

  /** Nothing. */
  public static final AlertChanges NONE = new AlertChanges(List.of(), List.of());

  public AlertChanges {
    alerts = List.copyOf(alerts);
    messages = List.copyOf(messages);
  }

  /**
   * Makes the next state of the last one. An alert opens when a subject is over its bound and has
   * no open alert; it is resolved when the subject has been fine for as long as its kind requires.
   * A subject that is unknown changes nothing.
   *
   * @param open what was open
   * @param findings what is found now, at most one of each subject
   */
  static AlertChanges of(Collection<Alert> open, Collection<AlertFinding> findings, Instant now) {
    Map<String, AlertFinding> bySubject = new LinkedHashMap<>();
    findings.forEach(one -> bySubject.put(one.subject().key(), one));
    Map<String, Alert> known = new HashMap<>();
    List<Alert> alerts = new ArrayList<>();
    List<AlertMessage> messages = new ArrayList<>();
    for (Alert alert : open) {
      known.put(alert.subject().key(), alert);
      AlertFinding finding = bySubject.get(alert.subject().key());
      Alert next = next(alert, finding, now);
      if (!next.equals(alert)) {
        alerts.add(next);
      }
      if (!next.isOpen()) {
        messages.add(AlertMessage.of(AlertMessage.Event.RESOLVED, next, now));
      }
    }
    bySubject.forEach(
        (key, finding) -> {
          if (finding.state() == AlertFinding.State.ALERT && !known.containsKey(key)) {
            Alert opened = Alert.opened(finding, now);
            alerts.add(opened);
            messages.add(AlertMessage.of(AlertMessage.Event.OPENED, opened, now));
          }
        });
    return new AlertChanges(alerts, messages);
  }

  private static Alert next(Alert alert, @Nullable AlertFinding finding, Instant now) {
    if (finding != null && finding.state() != AlertFinding.State.WELL) {
      return finding.state() == AlertFinding.State.ALERT ? alert.still(finding) : alert;
    }
    Instant wellSince = alert.wellSince() == null ? now : alert.wellSince();
    if (now.isBefore(wellSince.plus(alert.subject().kind().recoveryTime()))) {
      return alert.wellSince(wellSince);
    }
    return alert
        .wellSince(wellSince)
        .resolved(
            now,
            finding == null ? null : finding.value(),
            finding == null ? overText(alert.subject()) : finding.text());
  }

  private static String overText(AlertSubject subject) {
    return switch (subject.kind()) {
      case DRIFT -> "The drift of " + subject.feature() + " is over.";
      case SILENCE -> "Calls have resumed, or are no longer expected at this time.";
      default -> "There are no calls any more, or the bound was removed.";
    };
  }
}

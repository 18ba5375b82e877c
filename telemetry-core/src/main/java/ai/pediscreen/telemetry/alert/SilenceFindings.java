package ai.pediscreen.telemetry.alert;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.usage.ModelUsage;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageQueries;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Models that have had no call for some whole UTC hours, in each of which they usually have some:
 * at least {@value #USUAL_CALLS} in that hour of three of the four same weekdays before, or of each
 * of the seven days before. Calls without a model are left out.
 *
 * <p>Not safe for use by several threads at once.
 *
 * @implNote What is usual in an hour is queried once. Each hour is checked on its own, so that a
 *     clinic whose opening hour moves with summer time is not called silent.
 */
final class SilenceFindings {

  static final int USUAL_CALLS = 10;

  private static final int WEEKS = 4;
  private static final int WEEKS_NEEDED = 3;
  private static final int DAYS = 7;

  /** After so long no calls of a model are expected any more. */
  private static final Duration GIVEN_UP = Duration.ofDays(14);

  private final UsageQueries usage;
  private final int hours;
  private final Map<Instant, Set<String>> usual = new HashMap<>();

  SilenceFindings(UsageQueries usage, int hours) {
    this.usage = usage;
    this.hours = hours;
  }

  List<AlertFinding> of(List<Alert> open, Instant now) {
    if (hours == 0) {
      return List.of();
    }
    Instant end = now.truncatedTo(ChronoUnit.HOURS);
    Set<String> expected = expected(end, now);
    Instant start = end.minus(hours, ChronoUnit.HOURS);
    Set<String> heard =
        models(
            new TimeWindow(start, now, Math.max(1, Duration.between(start, now).toMinutes())), 1);
    List<AlertFinding> findings = new ArrayList<>();
    expected.stream()
        .filter(model -> !heard.contains(model))
        .map(this::silent)
        .forEach(findings::add);
    for (Alert alert : open) {
      String model = alert.subject().modelId();
      if (alert.subject().kind() == AlertKind.SILENCE
          && model != null
          && !heard.contains(model)
          && !expected.contains(model)
          && now.isBefore(alert.opened().plus(GIVEN_UP))) {
        findings.add(
            new AlertFinding(alert.subject(), AlertFinding.State.UNKNOWN, null, null, "", null));
      }
    }
    return findings;
  }

  private AlertFinding silent(String model) {
    return new AlertFinding(
        AlertSubject.ofModel(AlertKind.SILENCE, model),
        AlertFinding.State.ALERT,
        0.0,
        null,
        "No calls for at least %d hours, at a time when calls are usual".formatted(hours),
        null);
  }

  private Set<String> expected(Instant end, Instant now) {
    Set<Instant> asked = new HashSet<>();
    Set<String> expected = null;
    for (int i = hours; i >= 1; i--) {
      Instant hour = end.minus(i, ChronoUnit.HOURS);
      asked.add(hour);
      Set<String> there = usual.computeIfAbsent(hour, start -> usualIn(start, now));
      if (expected == null) {
        expected = new HashSet<>(there);
      } else {
        expected.retainAll(there);
      }
    }
    usual.keySet().retainAll(asked);
    return expected == null ? Set.of() : expected;
  }

  private Set<String> usualIn(Instant hour, Instant now) {
    Map<String, Integer> weeks = new HashMap<>();
    for (int i = 1; i <= WEEKS; i++) {
      calledIn(hour, 7 * i, now).forEach(model -> weeks.merge(model, 1, Integer::sum));
    }
    Map<String, Integer> days = new HashMap<>();
    for (int i = 1; i <= DAYS; i++) {
      calledIn(hour, i, now).forEach(model -> days.merge(model, 1, Integer::sum));
    }
    Set<String> models = new HashSet<>();
    weeks.forEach((model, count) -> addIf(models, model, count >= WEEKS_NEEDED));
    days.forEach((model, count) -> addIf(models, model, count >= DAYS));
    return models;
  }

  private static void addIf(Set<String> models, String model, boolean usual) {
    if (usual) {
      models.add(model);
    }
  }

  private Set<String> calledIn(Instant hour, int daysBefore, Instant now) {
    Instant from = hour.minus(daysBefore, ChronoUnit.DAYS);
    return models(TimeWindow.between(from, from.plus(1, ChronoUnit.HOURS), now), USUAL_CALLS);
  }

  private Set<String> models(TimeWindow window, int least) {
    Set<String> models = new HashSet<>();
    UsageFilter filter = new UsageFilter(OrgFilter.all(), null, window);
    for (ModelUsage one : usage.models(filter, BoundFindings.MAX_MODELS)) {
      if (one.modelId() != null && one.calls() >= least) {
        models.add(one.modelId());
      }
    }
    return models;
  }
}

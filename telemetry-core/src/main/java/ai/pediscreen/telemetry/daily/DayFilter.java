package ai.pediscreen.telemetry.daily;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.OrgScope;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Which stored figures a question is about.
 *
 * @param org those of one organisation, or those of all together
 * @param modelId those of this model alone; null for all models
 * @param from first UTC day
 * @param to last UTC day; not before {@code from}
 */
public record DayFilter(OrgFilter org, @Nullable String modelId, LocalDate from, LocalDate to) {

  public DayFilter {
    requireNonNull(org, "org");
    if (from.isAfter(to)) {
      throw new IllegalArgumentException("from must not be after to: " + from + " and " + to);
    }
  }

  /** Whether a figure of that day, organisation and model is asked for. */
  public boolean includes(LocalDate date, OrgScope figureOrg, String figureModelId) {
    return !date.isBefore(from)
        && !date.isAfter(to)
        && org.includes(figureOrg)
        && (modelId == null || modelId.equals(figureModelId));
  }
}

package ai.pediscreen.telemetry.postgres.usage;

import static ai.pediscreen.telemetry.postgres.event.EventLedger.noneAsNull;

import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.spi.RollupWidth;
import ai.pediscreen.telemetry.usage.spi.UsageDelta;
import ai.pediscreen.telemetry.usage.spi.UsageLabel;
import ai.pediscreen.telemetry.usage.spi.UsageSummary;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Names what the rollups lack yet by the rule of the fold, for one question. Where more new names
 * than the limit allows come within a second, the fold may choose others of them than a question
 * did, so until then their own figures and those of {@code other} may differ; sums do not.
 */
final class PendingNames {

  private final NameLimit limit;
  private final Handle handle;
  private final UsageFilter filter;
  private final String scope;

  PendingNames(Handle handle, UsageFilter filter, int namesPerDay) {
    this.limit = new NameLimit(namesPerDay);
    this.handle = handle;
    this.filter = filter;
    this.scope = RollupKey.scope(filter.org().scope());
    limit.begin();
  }

  /** The filter for raw events: those that are counted as others bear names of their own. */
  UsageFilter raw() {
    return NameLimit.OTHER.equals(filter.modelId())
        ? new UsageFilter(filter.org(), null, filter.window())
        : filter;
  }

  void know(UsageRollup.Row row) {
    if (!row.modelId().isEmpty() && !row.bucket().isBefore(recent())) {
      limit.know(scope, row.bucket(), row.modelId());
    }
  }

  /** The name under which events are counted, "" for none; null if that is not asked for. */
  @Nullable String model(UsageDelta.Key key) {
    String asked = filter.modelId();
    if (asked != null && !asked.equals(key.modelId()) && !asked.equals(NameLimit.OTHER)) {
      return null;
    }
    String model = limit.model(handle, scope, key.minute(), key.modelId());
    return asked == null || asked.equals(model) ? model : null;
  }

  /**
   * The label under which events are counted.
   *
   * @param model as {@link #model} names it
   */
  UsageLabel label(UsageDelta.Key key, String model, UsageLabel label) {
    return limit.label(handle, scope, key.minute(), model, label);
  }

  /** Adds events to an answer; returns the name of their model, null if it is not asked for. */
  @Nullable String add(
      UsageDelta.Key key,
      UsageDelta.Cell cell,
      Collection<UsageLabel.Kind> kinds,
      UsageSummary summary) {
    String model = model(key);
    if (model == null) {
      return null;
    }
    summary.add(LocalDate.ofInstant(key.minute(), ZoneOffset.UTC), noneAsNull(model), cell.tally());
    cell.labels()
        .forEach(
            (label, count) -> {
              if (kinds.contains(label.kind())) {
                summary.add(
                    noneAsNull(model), label(key, model, label), count.events(), count.newest());
              }
            });
    return model;
  }

  /** What is pending is mostly of the last hours. */
  private Instant recent() {
    return RollupWidth.DAY.bucket(filter.window().until().minus(1, ChronoUnit.DAYS));
  }
}

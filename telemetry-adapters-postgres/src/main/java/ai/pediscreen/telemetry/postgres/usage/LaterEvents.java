package ai.pediscreen.telemetry.postgres.usage;

import static ai.pediscreen.telemetry.postgres.event.EventLedger.noneAsNull;
import static ai.pediscreen.telemetry.postgres.event.EventLedger.orNone;

import ai.pediscreen.telemetry.postgres.event.EventCalls;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.spi.RollupWidth;
import ai.pediscreen.telemetry.usage.spi.UsageDelta;
import ai.pediscreen.telemetry.usage.spi.UsageLabel;
import ai.pediscreen.telemetry.usage.spi.UsageSummary;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The events of a window's last minute that lie after the window: those that came while a question
 * was on its way, and those of senders whose clocks run ahead. The minute's rows count them, so
 * they are taken away again. They are few, where those before them in the minute may be a million.
 */
final class LaterEvents {

  private static final int FIRST_LOOK = 200;
  private static final int FURTHER_LOOK = 20;

  private final Handle handle;
  private final UsageFilter filter;
  private final PendingNames names;
  private final UsageDelta later = new UsageDelta();

  /**
   * Reads them.
   *
   * @param covered how far the rows of an answer reach
   */
  LaterEvents(Handle handle, UsageFilter filter, PendingNames names, Instant covered) {
    this.handle = handle;
    this.filter = filter;
    this.names = names;
    Instant until = filter.window().until();
    if (covered.equals(RollupWidth.MINUTE.next(until))) {
      EventCalls.between(handle, names.raw(), until, covered).forEach(later::add);
    }
  }

  void forEach(BiConsumer<UsageDelta.Key, UsageDelta.Cell> consumer) {
    later.forEach(consumer);
  }

  /** Takes them away from what was added, and says what is the newest without them. */
  void removeFrom(UsageSummary summary, Collection<UsageLabel.Kind> kinds) {
    Set<String> models = new HashSet<>();
    Set<String> provided = new HashSet<>();
    later.forEach(
        (key, cell) -> {
          String model = names.model(key);
          if (model == null) {
            return;
          }
          models.add(model);
          LocalDate day = LocalDate.ofInstant(key.minute(), ZoneOffset.UTC);
          summary.remove(day, noneAsNull(model), cell.tally());
          cell.labels()
              .forEach(
                  (label, count) -> {
                    if (kinds.contains(label.kind())) {
                      UsageLabel named = names.label(key, model, label);
                      summary.remove(noneAsNull(model), named, count.events());
                    }
                    if (label.kind() == UsageLabel.Kind.PROVIDER) {
                      provided.add(model);
                    }
                  });
        });
    if (kinds.contains(UsageLabel.Kind.PROVIDER)) {
      findNewest(summary, models, provided);
    } else if (!models.isEmpty()) {
      findNewest(summary);
    }
  }

  /** Of all models together, which is what an overview says. */
  private void findNewest(UsageSummary summary) {
    find(
        false,
        (model, seen) -> {
          summary.reach(model, seen.timestamp());
          return true;
        });
  }

  /**
   * Of each model.
   *
   * @param models those that have later events
   * @param provided those that have later events which name a provider
   */
  private void findNewest(UsageSummary summary, Set<String> models, Set<String> provided) {
    if (models.isEmpty()) {
      return;
    }
    find(
        !provided.isEmpty(),
        (model, seen) -> {
          if (models.remove(orNone(model))) {
            summary.reach(model, seen.timestamp());
          }
          String provider = seen.provider();
          if (provider != null && provided.remove(orNone(model))) {
            UsageLabel label = new UsageLabel(UsageLabel.Kind.PROVIDER, provider);
            String name = names.label(key(seen), orNone(model), label).name();
            summary.provided(model, name, seen.timestamp());
          }
          return models.isEmpty() && provided.isEmpty();
        });
  }

  /** Hands over the minute's events up to the window's end, newest first, until one is the last. */
  private void find(boolean withProvider, BiPredicate<@Nullable String, EventCalls.Seen> isLast) {
    Instant minute = RollupWidth.MINUTE.bucket(filter.window().until());
    for (int limit = FIRST_LOOK; ; limit *= FURTHER_LOOK) {
      List<EventCalls.Seen> found =
          EventCalls.newest(handle, names.raw(), minute, limit, withProvider);
      for (EventCalls.Seen seen : found) {
        String model = names.model(key(seen));
        if (model != null && isLast.test(noneAsNull(model), seen)) {
          return;
        }
      }
      if (found.size() < limit) {
        return;
      }
    }
  }

  private static UsageDelta.Key key(EventCalls.Seen seen) {
    Instant minute = RollupWidth.MINUTE.bucket(seen.timestamp());
    return new UsageDelta.Key(minute, noneAsNull(seen.modelId()));
  }
}

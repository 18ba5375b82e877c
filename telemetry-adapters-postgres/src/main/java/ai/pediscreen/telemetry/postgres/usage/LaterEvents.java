package ai.pediscreen.telemetry.postgres.usage;

import static ai.pediscreen.telemetry.postgres.event.EventLedger.noneAsNull;
import static ai.pediscreen.telemetry.postgres.event.EventLedger.orNone;

import ai.pediscreen.telemetry.postgres.event.EventCalls;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.spi.UsageDelta;
import ai.pediscreen.telemetry.usage.spi.UsageLabel;
import ai.pediscreen.telemetry.usage.spi.UsageSummary;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The events of a window's last minute that lie after the window: those that came while a question
 * was on its way, and those of senders whose clocks run ahead. The minute's rows count them, so
 * they are taken away again. Mostly they are few, where those before them in the minute may be a
 * million.
 */
final class LaterEvents {

  private static final int FIRST_LOOK = 200;
  private static final int FURTHER_LOOK = 20;

  private final Handle handle;
  private final PendingNames names;
  private final Instant minute;
  private final UsageDelta later = new UsageDelta();

  /** By model, how many events of the minute there are. */
  private final Map<String, Long> counted = new HashMap<>();

  /** Reads them. */
  LaterEvents(Handle handle, UsageFilter filter, PendingNames names, Coverage coverage) {
    this.handle = handle;
    this.names = names;
    this.minute = coverage.lastMinute();
    if (coverage.later()) {
      EventCalls.forEachBetween(
          handle, names.raw(), filter.window().until(), coverage.before(), later::add);
    }
  }

  void forEach(BiConsumer<UsageDelta.Key, UsageDelta.Cell> consumer) {
    later.forEach(consumer);
  }

  /**
   * Takes note of events that are added to an answer.
   *
   * @param model the name under which they are counted, "" for none
   */
  void added(Instant instant, String model, long calls) {
    if (instant.equals(minute)) {
      counted.merge(model, calls, Long::sum);
    }
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
          counted.merge(model, -cell.tally().calls(), Long::sum);
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
    models.removeIf(this::isWithoutOthers);
    provided.removeIf(this::isWithoutOthers);
    if (models.isEmpty()) {
      return;
    }
    if (kinds.contains(UsageLabel.Kind.PROVIDER)) {
      findNewest(summary, models, provided);
    } else if (kinds.isEmpty()) {
      findNewest(summary);
    }
  }

  /** Whether the minute has no events of a model but the later ones. */
  private boolean isWithoutOthers(String model) {
    return counted.getOrDefault(model, 0L) <= 0;
  }

  /** Of all models together, which is what an overview says. */
  private void findNewest(UsageSummary summary) {
    find(
        Set.of(),
        false,
        (model, seen) -> {
          summary.reach(model, seen.timestamp());
          return true;
        });
  }

  /**
   * Of each model, and the newest that names a provider.
   *
   * @param models those that have later events
   * @param provided those that have later events which name a provider
   */
  private void findNewest(UsageSummary summary, Set<String> models, Set<String> provided) {
    Set<String> wanted = new HashSet<>(models);
    Map<String, Instant> found = new HashMap<>();
    find(
        wanted,
        !provided.isEmpty(),
        (model, seen) -> {
          Instant at = seen.timestamp();
          if (wanted.isEmpty() && !found.containsValue(at)) {
            return true;
          }
          String name = orNone(model);
          if (models.remove(name)) {
            summary.reach(model, at);
          }
          // Of several at the same instant the summary takes the right one.
          String provider = seen.provider();
          if (provider != null && (provided.remove(name) || at.equals(found.get(name)))) {
            found.put(name, at);
            UsageLabel label = new UsageLabel(UsageLabel.Kind.PROVIDER, provider);
            summary.provided(model, names.label(key(seen), name, label).name(), at);
          }
          if (!models.contains(name) && !provided.contains(name)) {
            wanted.remove(name);
          }
          return false;
        });
  }

  /**
   * Hands over the minute's events up to the window's end, newest first, until one is the last.
   *
   * @param wanted the models whose events are still wanted after a first look at all; empty for all
   */
  private void find(
      Set<String> wanted,
      boolean withProvider,
      BiPredicate<@Nullable String, EventCalls.Seen> isLast) {
    for (int limit = FIRST_LOOK; ; limit *= FURTHER_LOOK) {
      boolean all = limit == FIRST_LOOK || wanted.isEmpty() || wanted.contains(NameLimit.OTHER);
      List<EventCalls.Seen> newest =
          EventCalls.newest(
              handle, names.raw(), minute, all ? null : Set.copyOf(wanted), withProvider, limit);
      for (EventCalls.Seen seen : newest) {
        String model = names.model(key(seen));
        if (model != null && isLast.test(noneAsNull(model), seen)) {
          return;
        }
      }
      if (newest.size() < limit) {
        return;
      }
    }
  }

  private UsageDelta.Key key(EventCalls.Seen seen) {
    return new UsageDelta.Key(minute, noneAsNull(seen.modelId()));
  }
}

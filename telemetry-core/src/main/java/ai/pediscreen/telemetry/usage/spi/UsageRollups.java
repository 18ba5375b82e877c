package ai.pediscreen.telemetry.usage.spi;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.UsageStep;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Rollups in memory: counts by minute, hour and day, for all organisations together and for each.
 * What an answer costs depends on models and hours, not on how many events there were.
 *
 * <p>Mutable, and not safe for use by several threads at once.
 */
public final class UsageRollups {

  /** The cells of one stretch of time, by model; null for events without one. */
  private static final class Row {
    private final Map<@Nullable String, UsageDelta.Cell> models = new HashMap<>();
  }

  /** The rows of one scope. */
  private static final class Scope {
    private final Map<RollupWidth, NavigableMap<Instant, Row>> rows =
        new EnumMap<>(RollupWidth.class);

    Scope() {
      for (RollupWidth width : RollupWidth.values()) {
        rows.put(width, new TreeMap<>());
      }
    }

    NavigableMap<Instant, Row> of(RollupWidth width) {
      NavigableMap<Instant, Row> found = rows.get(width);
      if (found == null) {
        throw new IllegalStateException("a scope has rows of every width");
      }
      return found;
    }
  }

  private final Scope all = new Scope();
  private final Map<String, Scope> byOrg = new HashMap<>();
  private final NavigableSet<String> organisations = new TreeSet<>(UsageQueries.BY_CODE_POINT);

  /** Empty ones. */
  public UsageRollups() {}

  /**
   * Adds what events of one organisation add to the figures.
   *
   * @param orgId the organisation; null for events of none
   * @param now rows that are too old by this are not written
   */
  public void add(@Nullable String orgId, UsageDelta delta, Instant now) {
    add(all, delta, now);
    if (orgId != null) {
      organisations.add(orgId);
      add(byOrg.computeIfAbsent(orgId, unused -> new Scope()), delta, now);
    }
  }

  private static void add(Scope scope, UsageDelta delta, Instant now) {
    delta.forEach(
        (key, cell) -> {
          for (RollupWidth width : RollupWidth.values()) {
            Instant bucket = width.bucket(key.minute());
            if (!bucket.isBefore(width.keptSince(now))) {
              scope
                  .of(width)
                  .computeIfAbsent(bucket, unused -> new Row())
                  .models
                  .computeIfAbsent(key.modelId(), unused -> new UsageDelta.Cell())
                  .merge(cell);
            }
          }
        });
  }

  /**
   * Adds the counts and labels of a window to its summary.
   *
   * @param covered how far rows count nothing that lies after the window
   */
  public void addTo(UsageSummary summary, UsageFilter filter, Instant covered) {
    List<RollupWidth.Piece> pieces = RollupWidth.pieces(filter.window().since(), covered);
    forEach(
        filter,
        pieces,
        (bucket, part) -> {
          LocalDate day = LocalDate.ofInstant(bucket, ZoneOffset.UTC);
          summary.add(day, part.modelId(), part.cell().tally());
          part.cell()
              .labels()
              .forEach(
                  (label, count) ->
                      summary.add(part.modelId(), label, count.events(), count.newest()));
        });
  }

  /** Adds the counts of a window to its series, likewise. */
  public void addTo(UsageSeries series, UsageFilter filter, Instant covered) {
    List<RollupWidth.Piece> pieces =
        RollupWidth.pieces(
            filter.window().since(), covered, RollupWidth.of(UsageStep.of(filter.window())));
    forEach(filter, pieces, (bucket, part) -> series.add(bucket, part.cell().tally()));
  }

  /** The organisations that there are figures of, in the order of code points. */
  public List<String> organisations(OrgFilter org, @Nullable String after, int limit) {
    NavigableSet<String> later =
        after == null ? organisations : organisations.tailSet(after, false);
    return later.stream().filter(org::includes).limit(limit).toList();
  }

  /** Removes rows that are too old. */
  public void forget(Instant now) {
    List<Scope> scopes = new ArrayList<>(byOrg.values());
    scopes.add(all);
    for (Scope scope : scopes) {
      for (RollupWidth width : RollupWidth.values()) {
        scope.of(width).headMap(width.keptSince(now), false).clear();
      }
    }
  }

  private record Part(@Nullable String modelId, UsageDelta.Cell cell) {}

  private void forEach(
      UsageFilter filter, List<RollupWidth.Piece> pieces, BiConsumer<Instant, Part> consumer) {
    String orgId = filter.org().orgId();
    Scope scope = orgId == null ? all : byOrg.get(orgId);
    if (scope == null) {
      return;
    }
    String asked = filter.modelId();
    for (RollupWidth.Piece piece : pieces) {
      scope
          .of(piece.width())
          .subMap(piece.since(), true, piece.before(), false)
          .forEach(
              (bucket, row) ->
                  row.models.forEach(
                      (modelId, cell) -> {
                        if (asked == null || asked.equals(modelId)) {
                          consumer.accept(bucket, new Part(modelId, cell));
                        }
                      }));
    }
  }
}

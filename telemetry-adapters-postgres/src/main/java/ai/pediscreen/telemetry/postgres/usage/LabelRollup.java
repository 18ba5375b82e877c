package ai.pediscreen.telemetry.postgres.usage;

import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.timestamp;
import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;
import static ai.pediscreen.telemetry.postgres.usage.UsageRollup.column;

import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.spi.LabelCount;
import ai.pediscreen.telemetry.usage.spi.RollupWidth.Piece;
import ai.pediscreen.telemetry.usage.spi.UsageLabel;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Table {@code label_rollup}: events by error reason, fallback, adapter and provider. */
public final class LabelRollup {

  /** One row's key. The order is the one in which rows are written. */
  record Key(RollupKey rollup, UsageLabel label) implements Comparable<Key> {

    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::rollup)
            .thenComparing(key -> key.label().kind())
            .thenComparing(key -> key.label().name());

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * A row as it is read.
   *
   * @param newest the newest timestamp among those in the window that is known; null if none is
   */
  public record Row(String modelId, UsageLabel label, long events, @Nullable Instant newest) {}

  private LabelRollup() {}

  /** Adds counts to the rows of their keys. */
  static void add(Handle handle, SortedMap<Key, LabelCount> counts) {
    List<Key> keys = List.copyOf(counts.keySet());
    List<LabelCount> values = List.copyOf(counts.values());
    UsageRollup.bindKeys(
            handle.createUpdate(
                """
                INSERT INTO label_rollup AS stored (width_minutes, scope, bucket, model_id, kind,
                  label, events, newest)
                SELECT *
                FROM unnest(:widths, :scopes, CAST(:buckets AS timestamptz[]), :modelIds, :kinds,
                  :labels, :events, CAST(:newest AS timestamptz[]))
                ON CONFLICT (width_minutes, scope, bucket, kind, model_id, label) DO UPDATE SET
                  events = stored.events + excluded.events,
                  newest = greatest(stored.newest, excluded.newest)
                """),
            column(keys, Key::rollup))
        .bindArray("kinds", String.class, column(keys, key -> name(key.label().kind())))
        .bindArray("labels", String.class, column(keys, key -> key.label().name()))
        .bindArray("events", Long.class, column(values, LabelCount::events))
        .bindArray("newest", String.class, column(values, count -> count.newest().toString()))
        .execute();
  }

  /** All rows of these kinds that lie in the pieces, added up. */
  public static List<Row> rows(
      Handle handle, UsageFilter filter, List<Piece> pieces, Collection<UsageLabel.Kind> kinds) {
    return UsageRollup.bindPieces(
            handle.createQuery(
                """
                SELECT model_id, kind, label, CAST(sum(events) AS bigint) AS events,
                  max(newest) FILTER (WHERE newest <= :until) AS newest
                FROM %s
                WHERE kind = ANY (:kinds)
                GROUP BY model_id, kind, label
                """
                    .formatted(UsageRollup.inPieces("label_rollup", filter, pieces))),
            filter,
            pieces)
        .bindArray("kinds", String.class, kinds.stream().map(LabelRollup::name).toList())
        .bind("until", utc(filter.window().until()))
        .map(
            (row, context) ->
                new Row(
                    row.getString("model_id"),
                    new UsageLabel(
                        UsageLabel.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                        row.getString("label")),
                    row.getLong("events"),
                    row.getObject("newest") == null ? null : timestamp(row, "newest")))
        .list();
  }

  /** Takes the calls that bear a name in the time of a row. */
  interface Consumer {
    void accept(Instant bucket, String name, long calls);
  }

  /** The calls by name of all rows of a kind that lie in the pieces. */
  static void forEachName(
      Handle handle,
      UsageFilter filter,
      List<Piece> pieces,
      UsageLabel.Kind kind,
      Consumer consumer) {
    UsageRollup.bindPieces(
            handle.createQuery(
                """
                SELECT bucket, label, CAST(sum(events) AS bigint) AS events
                FROM %s
                WHERE kind = :kind
                GROUP BY bucket, label
                """
                    .formatted(UsageRollup.inPieces("label_rollup", filter, pieces))),
            filter,
            pieces)
        .bind("kind", name(kind))
        .map(
            (row, context) -> {
              consumer.accept(
                  timestamp(row, "bucket"), row.getString("label"), row.getLong("events"));
              return true;
            })
        .forEach(unused -> {});
  }

  private static String name(UsageLabel.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}

package ai.pediscreen.telemetry.usage.spi;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What some events add to the figures: counts and labels by minute and model. It is what a store
 * writes beside a group of events, and later folds into its rollups; the sum of all deltas is the
 * figure, in whatever order and parts they are added.
 *
 * <p>Mutable, and not safe for use by several threads at once.
 */
public final class UsageDelta {

  /**
   * What is counted apart.
   *
   * @param minute a full minute, UTC
   * @param modelId the model; null for events without one
   */
  public record Key(Instant minute, @Nullable String modelId) {

    static Key of(TelemetryEvent event) {
      return new Key(event.timestamp().truncatedTo(ChronoUnit.MINUTES), event.modelId());
    }
  }

  /** The events of one minute and model. */
  public static final class Cell {

    private final UsageTally tally = new UsageTally();
    private final Map<UsageLabel, LabelCount> labels = new HashMap<>(8);

    Cell() {}

    private void add(TelemetryEvent event) {
      tally.add(event);
      for (UsageLabel label : UsageLabel.of(event)) {
        merge(label, new LabelCount(1, event.timestamp()));
      }
    }

    void merge(UsageLabel label, LabelCount count) {
      labels.merge(label, count, LabelCount::plus);
    }

    void merge(Cell other) {
      tally.merge(other.tally);
      other.labels.forEach(this::merge);
    }

    /** Counts without labels; a part of this cell, not a copy. */
    public UsageTally tally() {
      return tally;
    }

    /** Counts by label; a part of this cell, not a copy. */
    public Map<UsageLabel, LabelCount> labels() {
      return labels;
    }
  }

  private final Map<Key, Cell> cells = new HashMap<>();

  /** One that adds nothing yet. */
  public UsageDelta() {}

  /** Counts one event. */
  public void add(TelemetryEvent event) {
    cell(Key.of(event)).add(event);
  }

  /** How many events it counts. */
  public long events() {
    return cells.values().stream().mapToLong(cell -> cell.tally().calls()).sum();
  }

  /** How many minutes and models it has counts of. */
  public int size() {
    return cells.size();
  }

  /** Every minute and model with its counts, in no particular order. */
  public void forEach(BiConsumer<Key, Cell> consumer) {
    cells.forEach(consumer);
  }

  /** The delta in a compact form, whose first byte is the version of the format. */
  public byte[] toBytes() {
    return UsageDeltaFormat.write(this);
  }

  /**
   * Adds what {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException if the bytes are anything else; part of them may be added
   */
  public void merge(byte[] bytes) {
    UsageDeltaFormat.merge(bytes, this);
  }

  /**
   * How many events of each minute and model {@link #toBytes} wrote, in no particular order; reads
   * no more of it than that takes.
   *
   * @throws IllegalArgumentException if the bytes are anything else; part of them may be handed
   *     over
   */
  public static void forEachMinute(byte[] bytes, ObjLongConsumer<Instant> consumer) {
    UsageDeltaFormat.forEachMinute(bytes, consumer);
  }

  Cell cell(Key key) {
    return cells.computeIfAbsent(key, unused -> new Cell());
  }
}

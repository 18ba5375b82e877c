package ai.pediscreen.telemetry.postgres.usage;

import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import ai.pediscreen.telemetry.usage.spi.RollupWidth;
import ai.pediscreen.telemetry.usage.spi.UsageLabel;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * How many names a scope can have on a UTC day: the first so many models, and of each kind of label
 * the first so many, keep their names, and the rest is counted as {@value #OTHER}. Senders choose
 * names, so figures, and what a question costs, must not grow with them.
 *
 * <p>Used by one thread, within one transaction at a time. The known names of days stay for the
 * next one: a name is never taken off a day again.
 */
public final class NameLimit {

  static final String OTHER = "other";

  /** All organisations together have more models than one of them. */
  public static final int FLEET_FACTOR = 5;

  /** Of a kind of label, each model may have its own; in all so many times the limit. */
  private static final int PAIRS_FACTOR = 5;

  /** Names that are remembered; then all are forgotten and read again. */
  private static final int MAX_REMEMBERED = 200_000;

  private final int limit;
  private final Map<Day, Names> days = new HashMap<>();
  private int remembered;
  private long transaction;

  /**
   * @param limit how many names of a kind an organisation has on a day; at least 1
   */
  NameLimit(int limit) {
    this.limit = limit;
  }

  /** Begins a transaction, which may see names that others have added. */
  void begin() {
    transaction++;
    if (remembered > MAX_REMEMBERED) {
      forget();
    }
  }

  /** Forgets all names: those of a transaction that failed were not stored. */
  void forget() {
    days.clear();
    remembered = 0;
  }

  /** Takes a model for known on a day, since a row of that day names it. */
  void know(String scope, Instant instant, String modelId) {
    remembered += names(scope, instant).models.known.add(modelId) ? 1 : 0;
  }

  /** The name under which a model is counted on the day of an instant; "" for none stays. */
  String model(Handle handle, String scope, Instant instant, @Nullable String modelId) {
    if (modelId == null) {
      return "";
    }
    Names names = names(scope, instant);
    return admit(names.models, modelId, limitOf(scope), () -> names.readModels(handle))
        ? modelId
        : OTHER;
  }

  /**
   * The label under which events of a model are counted on the day of an instant.
   *
   * @param model as {@link #model} names it
   */
  UsageLabel label(Handle handle, String scope, Instant instant, String model, UsageLabel label) {
    Names names = names(scope, instant);
    Labels labels = names.labels.computeIfAbsent(label.kind(), unused -> new Labels());
    Runnable read = () -> names.readLabels(handle, label.kind(), labels);
    boolean admitted =
        admit(labels.names, label.name(), limitOf(scope), read)
            && admit(
                labels.pairs, new Pair(model, label.name()), PAIRS_FACTOR * limitOf(scope), read);
    return admitted ? label : new UsageLabel(label.kind(), OTHER);
  }

  int limitOf(String scope) {
    return RollupKey.org(scope).orgId() == null ? FLEET_FACTOR * limit : limit;
  }

  private <T> boolean admit(Known<T> names, T name, int max, Runnable read) {
    if (names.known.contains(name)) {
      return true;
    }
    if (names.known.size() < max && names.readIn != transaction) {
      read.run();
    }
    if (names.known.contains(name)) {
      return true;
    }
    if (names.known.size() >= max) {
      return OTHER.equals(name);
    }
    names.known.add(name);
    remembered++;
    return true;
  }

  private Names names(String scope, Instant instant) {
    return days.computeIfAbsent(new Day(scope, RollupWidth.DAY.bucket(instant)), Names::new);
  }

  private record Day(String scope, Instant start) {}

  private record Pair(String model, String label) {}

  private static final class Known<T> {
    private final Set<T> known = new HashSet<>();
    private long readIn;
  }

  private static final class Labels {
    private final Known<String> names = new Known<>();
    private final Known<Pair> pairs = new Known<>();
  }

  private final class Names {
    private final Day day;
    private final Known<String> models = new Known<>();
    private final Map<UsageLabel.Kind, Labels> labels = new EnumMap<>(UsageLabel.Kind.class);

    Names(Day day) {
      this.day = day;
    }

    void readModels(Handle handle) {
      models.readIn = transaction;
      int before = models.known.size();
      handle
          .createQuery(
              """
              SELECT model_id FROM usage_rollup
              WHERE width_minutes = 1440 AND scope = :scope AND bucket = :start AND model_id > ''
              """)
          .bind("scope", day.scope())
          .bind("start", utc(day.start()))
          .mapTo(String.class)
          .forEach(models.known::add);
      remembered += models.known.size() - before;
    }

    void readLabels(Handle handle, UsageLabel.Kind kind, Labels labels) {
      labels.names.readIn = transaction;
      labels.pairs.readIn = transaction;
      int before = labels.pairs.known.size();
      handle
          .createQuery(
              """
              SELECT model_id, label FROM label_rollup
              WHERE width_minutes = 1440 AND scope = :scope AND bucket = :start AND kind = :kind
              """)
          .bind("scope", day.scope())
          .bind("start", utc(day.start()))
          .bind("kind", kind.name().toLowerCase(Locale.ROOT))
          .map((row, context) -> new Pair(row.getString("model_id"), row.getString("label")))
          .forEach(
              pair -> {
                labels.pairs.known.add(pair);
                labels.names.known.add(pair.label());
              });
      remembered += labels.pairs.known.size() - before;
    }
  }
}

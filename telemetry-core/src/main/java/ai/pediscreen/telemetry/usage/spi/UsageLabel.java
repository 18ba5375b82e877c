package ai.pediscreen.telemetry.usage.spi;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A name that events are counted under.
 *
 * @param kind what the name stands for
 * @param name the name; not blank
 */
public record UsageLabel(Kind kind, String name) {

  /** What a label's name stands for. */
  public enum Kind {
    ERROR,
    FALLBACK,
    ADAPTER,
    PROVIDER
  }

  public UsageLabel {
    requireNonNull(kind, "kind");
    requireNonNull(name, "name");
  }

  /** All labels of an event. */
  public static List<UsageLabel> of(TelemetryEvent event) {
    List<UsageLabel> labels = new ArrayList<>(4);
    add(labels, Kind.ERROR, event.errorReason());
    add(labels, Kind.FALLBACK, event.response().fallbackTo());
    if (event.model() != null) {
      add(labels, Kind.ADAPTER, event.model().adapterId());
      add(labels, Kind.PROVIDER, event.model().provider());
    }
    return labels;
  }

  private static void add(List<UsageLabel> labels, Kind kind, @Nullable String name) {
    if (name != null) {
      labels.add(new UsageLabel(kind, name));
    }
  }
}

package ai.pediscreen.telemetry.server.otlp;

import ai.pediscreen.telemetry.event.FieldFault;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an OTLP record was mapped to. */
public sealed interface MappedRecord {

  /**
   * A call of a model.
   *
   * @param event as {@code TelemetryEvent.read} reads it; not checked yet
   */
  record Call(Map<String, @Nullable Object> event) implements MappedRecord {}

  /**
   * No call, such as a step of an agent or a request to a database.
   *
   * @param kind one of few words
   */
  record Ignored(String kind) implements MappedRecord {}

  /** A call that cannot be an event. */
  record Faulty(List<FieldFault> faults) implements MappedRecord {
    public Faulty {
      faults = List.copyOf(faults);
    }
  }
}

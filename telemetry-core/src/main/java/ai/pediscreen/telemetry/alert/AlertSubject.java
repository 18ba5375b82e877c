package ai.pediscreen.telemetry.alert;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What an alert can be about: one kind for all models together, or for one model. Always over all
 * organisations together.
 *
 * @param kind what it is about
 * @param together whether it is about all models together
 * @param modelId the model; null for all together, and for the calls that name none
 * @param feature what drifts; null unless it is about drift
 * @param subgroup the value by which events are split; null for all events
 */
public record AlertSubject(
    AlertKind kind,
    boolean together,
    @Nullable String modelId,
    @Nullable String feature,
    @Nullable String subgroup) {

  /** No name holds it. */
  private static final String SEPARATOR = "\u001f";

  public AlertSubject {
    requireNonNull(kind, "kind");
    if (together && modelId != null) {
      throw new IllegalArgumentException("all models together have no modelId");
    }
    if ((kind == AlertKind.DRIFT) != (feature != null)) {
      throw new IllegalArgumentException("feature must be given for drift, and for drift alone");
    }
  }

  /** All models together. */
  public static AlertSubject ofAll(AlertKind kind) {
    return new AlertSubject(kind, true, null, null, null);
  }

  /**
   * One model.
   *
   * @param modelId null for the calls that name none
   */
  public static AlertSubject ofModel(AlertKind kind, @Nullable String modelId) {
    return new AlertSubject(kind, false, modelId, null, null);
  }

  /** One text for each subject, and another for every other. */
  public String key() {
    return String.join(
        SEPARATOR,
        kind.label(),
        together ? "*" : "",
        modelId == null ? "" : "=" + modelId,
        feature == null ? "" : feature,
        subgroup == null ? "" : "=" + subgroup);
  }

  /** In words. */
  public String name() {
    if (together) {
      return "all models";
    }
    return modelId == null ? "calls without a model" : modelId;
  }
}

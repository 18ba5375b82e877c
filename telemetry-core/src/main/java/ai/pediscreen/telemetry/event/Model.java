package ai.pediscreen.telemetry.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The model that answered.
 *
 * @param modelId name of the model, at most 256 characters; trimmed; null where the event names
 *     none
 * @param adapterId name of the fine-tuned adapter, at most 256 characters
 * @param provider who serves the model, at most 64 characters
 * @param additional fields that the contract does not name, kept as they came; none may have the
 *     name of one that it does
 */
public record Model(
    @Nullable String modelId,
    @Nullable String adapterId,
    @Nullable String provider,
    Map<String, @Nullable Object> additional) {

  static final int MAX_ID_LENGTH = 256;
  static final int MAX_PROVIDER_LENGTH = 64;

  public Model {
    modelId = modelId == null ? null : Rules.trimmed(modelId);
    Rules.require("model.model_id", Rules.text(modelId, MAX_ID_LENGTH));
    Rules.require("model.adapter_id", Rules.text(adapterId, MAX_ID_LENGTH));
    Rules.require("model.provider", Rules.text(provider, MAX_PROVIDER_LENGTH));
    additional = CheckedObject.of("model", additional, 1, Fields.OF_MODEL);
  }
}

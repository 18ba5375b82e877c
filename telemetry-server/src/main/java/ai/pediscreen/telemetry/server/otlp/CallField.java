package ai.pediscreen.telemetry.server.otlp;

import java.util.List;

/**
 * The fields of an event that are read from attributes, each with the attributes in the order in
 * which they are looked for: the name of today's conventions first, then older ones, then those of
 * OpenInference. An old name is never removed from this list, since programs keep sending it.
 */
public enum CallField {
  ORG_ID("org_id", Place.RESOURCE, "pediscreen.org_id", "tenant.id"),
  APP("app", Place.RESOURCE, "service.name"),
  REGION("region", Place.RESOURCE, "cloud.region"),
  AGENT("agent", "gen_ai.agent.name"),
  CASE_ID("case_id", "session.id", "gen_ai.conversation.id"),
  USER_ID("user_id", "enduser.id", "user.id"),
  MODEL_ID(
      "model.model_id",
      "gen_ai.response.model",
      "gen_ai.request.model",
      "llm.model_name",
      "embedding.model_name"),
  PROVIDER("model.provider", "gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system"),
  ADAPTER_ID("model.adapter_id", "pediscreen.adapter_id"),
  OPERATION("request.operation", "gen_ai.operation.name", "llm.request.type"),
  INPUT_TOKENS(
      "request.input_tokens",
      "gen_ai.usage.input_tokens",
      "gen_ai.usage.prompt_tokens",
      "llm.usage.prompt_tokens",
      "llm.token_count.prompt"),
  CACHE_READ_TOKENS(
      "request.cache_read_input_tokens",
      "gen_ai.usage.cache_read.input_tokens",
      "gen_ai.usage.cache_read_input_tokens",
      "llm.token_count.prompt_details.cache_read"),
  CACHE_WRITE_TOKENS(
      "request.cache_creation_input_tokens",
      "gen_ai.usage.cache_creation.input_tokens",
      "gen_ai.usage.cache_write.input_tokens",
      "gen_ai.usage.cache_creation_input_tokens",
      "llm.token_count.prompt_details.cache_write"),
  OUTPUT_TOKENS(
      "response.output_tokens",
      "gen_ai.usage.output_tokens",
      "gen_ai.usage.completion_tokens",
      "llm.usage.completion_tokens",
      "llm.token_count.completion"),
  REASONING_TOKENS(
      "response.reasoning_output_tokens",
      "gen_ai.usage.reasoning.output_tokens",
      "gen_ai.usage.reasoning_tokens",
      "llm.token_count.completion_details.reasoning"),
  STATUS_CODE("response.status_code", "http.response.status_code", "http.status_code"),
  ERROR_CODE("response.error_code", "error.type"),
  FALLBACK_TO("response.fallback_to", "pediscreen.fallback_to"),
  COST("cost_estimate_usd", "pediscreen.cost_estimate_usd");

  private enum Place {
    RECORD,
    RESOURCE
  }

  private final String path;
  private final Place place;

  @SuppressWarnings("ImmutableEnumChecker") // a copy that nobody changes
  private final List<String> attributes;

  CallField(String path, String... attributes) {
    this(path, Place.RECORD, attributes);
  }

  CallField(String path, Place place, String... attributes) {
    this.path = path;
    this.place = place;
    this.attributes = List.of(attributes);
  }

  /** Where in the event. */
  public String path() {
    return path;
  }

  /** Whether the attributes are the resource's, and not the span's or log record's. */
  public boolean isOfResource() {
    return place == Place.RESOURCE;
  }

  /** The attributes by their names, the one that counts first. */
  public List<String> attributes() {
    return attributes;
  }
}

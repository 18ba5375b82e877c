package ai.pediscreen.telemetry.server.otlp;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells calls of models from what is wrapped around them. A wrapper often bears the model and the
 * sum of all tokens below it, so what it says it is counts before what it bears.
 */
final class CallKind {

  /** Of what is no call, and none of the kinds that are told apart. */
  static final String OTHER = "other";

  private static final Set<String> CALLS =
      Set.of("chat", "text_completion", "generate_content", "embeddings");

  /** OpenLLMetry's older words for the same. */
  private static final Set<String> OLD_CALLS = Set.of("completion", "embedding");

  private static final Set<String> WRAPPERS =
      Set.of(
          "create_agent",
          "invoke_agent",
          "invoke_workflow",
          "execute_tool",
          "plan",
          "retrieval",
          "rerank",
          "framework",
          "image");

  /** OpenInference, and OpenLLMetry, name kinds of spans. */
  private static final List<String> KIND_ATTRIBUTES =
      List.of("openinference.span.kind", "traceloop.span.kind");

  private static final Set<String> CALL_KINDS = Set.of("llm", "embedding");

  private static final Set<String> WRAPPER_KINDS =
      Set.of(
          "agent",
          "chain",
          "evaluator",
          "guardrail",
          "prompt",
          "reranker",
          "retriever",
          "task",
          "tool",
          "workflow");

  private static final Map<String, List<String>> BY_ATTRIBUTE =
      Map.of(
          "http", List.of("http.request.method", "http.method", "http.route", "url.full"),
          "db", List.of("db.system.name", "db.system"),
          "rpc", List.of("rpc.system", "rpc.system.name"),
          "messaging", List.of("messaging.system"));

  private CallKind() {}

  /** Null for a call; else what it is. */
  static @Nullable String ofNoCall(Attributes attributes) {
    String operation = lowerCase(attributes.text("gen_ai.operation.name"));
    if (operation == null) {
      operation = lowerCase(attributes.text("llm.request.type"));
    }
    if (operation != null) {
      if (CALLS.contains(operation) || OLD_CALLS.contains(operation)) {
        return null;
      }
      if (WRAPPERS.contains(operation)) {
        return operation;
      }
    }
    boolean named = attributes.text(CallField.MODEL_ID) != null;
    for (String name : KIND_ATTRIBUTES) {
      String kind = lowerCase(attributes.text(name));
      if (kind != null && WRAPPER_KINDS.contains(kind)) {
        return kind;
      }
      if (kind != null && CALL_KINDS.contains(kind) && named) {
        return null;
      }
    }
    boolean counted =
        attributes.count(CallField.INPUT_TOKENS) != null
            || attributes.count(CallField.OUTPUT_TOKENS) != null;
    return named && counted ? null : kindByAttribute(attributes);
  }

  private static String kindByAttribute(Attributes attributes) {
    return BY_ATTRIBUTE.entrySet().stream()
        .filter(entry -> entry.getValue().stream().anyMatch(attributes::has))
        .map(Map.Entry::getKey)
        .min(String::compareTo)
        .orElse(OTHER);
  }

  private static @Nullable String lowerCase(@Nullable String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }
}

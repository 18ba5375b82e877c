package ai.pediscreen.telemetry.server.otlp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages to and from a model, where they are kept. */
enum Content {
  INSTRUCTIONS("request.system_instructions", "gen_ai.system_instructions"),
  INPUT(
      "request.messages",
      "gen_ai.input.messages",
      "gen_ai.prompt",
      "llm.input_messages",
      "input.value"),
  OUTPUT(
      "response.messages",
      "gen_ai.output.messages",
      "gen_ai.completion",
      "llm.output_messages",
      "output.value");

  private final String path;

  @SuppressWarnings("ImmutableEnumChecker") // a copy that nobody changes
  private final List<String> names;

  Content(String path, String... names) {
    this.path = path;
    this.names = List.of(names);
  }

  String path() {
    return path;
  }

  @Nullable Object of(Attributes attributes) {
    for (String name : names) {
      Object value = attributes.tree(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }
}

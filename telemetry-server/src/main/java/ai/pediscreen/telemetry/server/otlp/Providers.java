package ai.pediscreen.telemetry.server.otlp;

import java.util.Map;

/** Providers by the names that the conventions have for them today. */
final class Providers {

  private static final Map<String, String> RENAMED =
      Map.of("vertex_ai", "gcp.vertex_ai", "gemini", "gcp.gemini", "xai", "x_ai");

  private static final String OLD_AZURE = "az.ai.";

  private Providers() {}

  static String current(String name) {
    return name.startsWith(OLD_AZURE)
        ? "azure.ai." + name.substring(OLD_AZURE.length())
        : RENAMED.getOrDefault(name, name);
  }
}

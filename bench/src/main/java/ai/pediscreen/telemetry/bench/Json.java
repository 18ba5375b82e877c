package ai.pediscreen.telemetry.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Results as a file, and documents. */
final class Json {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static JsonNode read(byte[] json) {
    try {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes records, maps and numbers, and says where. */
  static void write(Path file, Map<String, ?> results) {
    try {
      if (file.getParent() != null) {
        Files.createDirectories(file.getParent());
      }
      Files.write(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(results));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    System.out.println("Written: " + file);
  }
}

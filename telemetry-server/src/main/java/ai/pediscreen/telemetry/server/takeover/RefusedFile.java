package ai.pediscreen.telemetry.server.takeover;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What was refused, a JSON object a line: where it is, its id, and why. Written anew by each run,
 * and not there if nothing was refused.
 */
public final class RefusedFile implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();

  private final Path path;
  private @Nullable BufferedWriter writer;

  private RefusedFile(Path path) {
    this.path = path;
  }

  /** Takes away what an earlier run has left. */
  public static RefusedFile at(Path path) throws IOException {
    Files.deleteIfExists(path);
    return new RefusedFile(path);
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  static ObjectNode line(String place, @Nullable String eventId) {
    return JSON.createObjectNode().put("place", place).put("event_id", eventId);
  }

  void add(ObjectNode line) throws IOException {
    BufferedWriter target = writer;
    if (target == null) {
      target = Files.newBufferedWriter(path, StandardCharsets.UTF_8);
      writer = target;
    }
    target.write(JSON.writeValueAsString(line));
    target.newLine();
  }

  /** So that what was counted can be read, too. */
  void flush() throws IOException {
    if (writer != null) {
      writer.flush();
    }
  }

  @Override
  public void close() throws IOException {
    if (writer != null) {
      writer.close();
    }
  }
}

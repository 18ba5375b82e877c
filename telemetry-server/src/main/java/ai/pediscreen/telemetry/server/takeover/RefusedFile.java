package ai.pediscreen.telemetry.server.takeover;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What was refused, a JSON object a line: where it is, its id, and why. Written anew by each run,
 * and not there in the end if nothing was refused. Another kind of file is not overwritten.
 */
public final class RefusedFile implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String BEGINNING = "{\"place\":";

  private final Path path;
  private @Nullable BufferedWriter writer;

  private RefusedFile(Path path) {
    this.path = path;
  }

  /**
   * In place of what an earlier run has left.
   *
   * @throws IOException if the path is that of anything else, which would be lost
   */
  public static RefusedFile at(Path path) throws IOException {
    if (Files.exists(path) && !isOfAnEarlierRun(path)) {
      throw new FileAlreadyExistsException(
          path.toString(), null, "no list of refused events; name another file with --refused");
    }
    return new RefusedFile(path);
  }

  private static boolean isOfAnEarlierRun(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] first = in.readNBytes(BEGINNING.length());
      return first.length == 0 || BEGINNING.equals(new String(first, StandardCharsets.UTF_8));
    }
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
    if (writer == null) {
      Files.deleteIfExists(path);
    } else {
      writer.close();
    }
  }
}

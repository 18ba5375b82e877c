package ai.pediscreen.telemetry.server.embedded.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What {@code postmaster.pid} says.
 *
 * <p>Source: PostgreSQL, "Database File Layout", and its {@code miscadmin/pidfile} lines: process
 * id, data directory, start in Unix seconds, port, socket directory, address, shared memory, state.
 *
 * @param pid of the postmaster, which may be dead
 * @param startedAt to the second
 * @param port that it listens on
 * @param ready connections are taken
 */
public record PostmasterFile(long pid, Instant startedAt, int port, boolean ready) {

  /** Reads it; empty when there is none, or while it is being written. */
  public static Optional<PostmasterFile> read(Path file) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (lines.size() < 3) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new PostmasterFile(
              Long.parseLong(lines.get(0).strip()),
              Instant.ofEpochSecond(Long.parseLong(lines.get(2).strip())),
              lines.size() < 4 ? 0 : Integer.parseInt(lines.get(3).strip()),
              lines.size() >= 8 && lines.get(7).strip().equals("ready")));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}

package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The PostgreSQL processes of a server's data directory. */
final class Postmasters {

  private Postmasters() {}

  static long pid(Path dataDirectory) {
    try {
      Path file = dataDirectory.resolve("postgres/data/postmaster.pid");
      return Long.parseLong(Files.readAllLines(file).get(0).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a signal to the postmaster and all of its children. */
  static void signalAll(Path dataDirectory, String signal)
      throws IOException, InterruptedException {
    ProcessHandle postmaster = ProcessHandle.of(pid(dataDirectory)).orElseThrow();
    List<ProcessHandle> all =
        Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    for (ProcessHandle process : all) {
      new ProcessBuilder("kill", "-s", signal, Long.toString(process.pid())).start().waitFor();
    }
    assertThat(all).as("processes of PostgreSQL").hasSizeGreaterThan(1);
  }
}

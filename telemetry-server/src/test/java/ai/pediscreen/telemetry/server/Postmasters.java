package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The PostgreSQL processes of a server's data directory. */
final class Postmasters {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private Postmasters() {}

  static long pid(Path dataDirectory) {
    try {
      return read(file(dataDirectory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it at once, if it runs: it would write while the directory is deleted. */
  static void end(Path dataDirectory) {
    try {
      Optional<ProcessHandle> postmaster = ProcessHandle.of(read(file(dataDirectory)));
      if (postmaster.isPresent()) {
        signal("QUIT", postmaster.get());
        postmaster.get().onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      }
    } catch (NoSuchFileException e) {
      // It ended before, or never ran.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("PostgreSQL does not end", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while PostgreSQL ended", e);
    }
  }

  private static Path file(Path dataDirectory) {
    return dataDirectory.resolve("postgres/data/postmaster.pid");
  }

  private static long read(Path file) throws IOException {
    return Long.parseLong(Files.readAllLines(file).get(0).strip());
  }

  /** Sends a signal to the postmaster and all of its children. */
  static void signalAll(Path dataDirectory, String signal)
      throws IOException, InterruptedException {
    ProcessHandle postmaster = ProcessHandle.of(pid(dataDirectory)).orElseThrow();
    List<ProcessHandle> all =
        Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    for (ProcessHandle process : all) {
      signal(signal, process);
    }
    assertThat(all).as("processes of PostgreSQL").hasSizeGreaterThan(1);
  }

  private static void signal(String name, ProcessHandle process)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-s", name, Long.toString(process.pid())).start().waitFor();
  }
}

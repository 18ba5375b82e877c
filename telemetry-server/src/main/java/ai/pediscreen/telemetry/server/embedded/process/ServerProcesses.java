package ai.pediscreen.telemetry.server.embedded.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which processes of this machine serve a data directory. A process id found in a file proves
 * nothing, since pids are reused; no signal is sent because of it alone.
 */
public final class ServerProcesses {
  private static final Path PROC = Path.of("/proc");

  private final Path data;
  private final boolean linux = Files.isDirectory(PROC.resolve("self/fd"));

  /**
   * Creates the view of one data directory.
   *
   * @param data what {@code postgres -D} was given
   */
  public ServerProcesses(Path data) {
    this.data = data;
  }

  /** Whether this is, at this moment, the living postmaster of the data directory. */
  public boolean isPostmaster(PostmasterFile file) {
    if (linux) {
      return serves(file.pid());
    }
    Optional<ProcessHandle> handle = ProcessHandle.of(file.pid());
    return handle.isPresent()
        && handle.get().isAlive()
        && handle.get().info().command().map(ServerProcesses::isPostgres).orElse(false)
        && handle.get().info().startInstant().map(start -> near(start, file)).orElse(false);
  }

  /**
   * All processes that work in the data directory: the postmaster, its children, and its orphans.
   * Empty where the system doesn't tell (anywhere but on Linux).
   */
  public List<Long> all() throws IOException {
    if (!linux) {
      return List.of();
    }
    try (Stream<Path> processes = Files.list(PROC)) {
      return processes
          .map(path -> path.getFileName().toString())
          .filter(name -> name.chars().allMatch(Character::isDigit))
          .map(Long::valueOf)
          .filter(this::serves)
          .toList();
    }
  }

  /** On Linux: the program is postgres and its working directory is the data directory. */
  private boolean serves(long pid) {
    Path process = PROC.resolve(Long.toString(pid));
    try {
      return isPostgres(Files.readSymbolicLink(process.resolve("exe")).toString())
          && Files.isSameFile(process.resolve("cwd"), data);
    } catch (AccessDeniedException e) {
      // Root without the right to trace, as in most containers, may still read the arguments.
      return saysSoItself(process);
    } catch (IOException e) {
      return false;
    }
  }

  private boolean saysSoItself(Path process) {
    try {
      List<String> words =
          List.of(
              Files.readString(process.resolve("cmdline"), StandardCharsets.UTF_8).split("\0", -1));
      return isPostgres(words.get(0)) && words.contains("-D") && words.contains(data.toString());
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isPostgres(String program) {
    // The kernel adds " (deleted)" when the file has been replaced since.
    Path name = Path.of(program).getFileName();
    return name != null && name.toString().startsWith("postgres");
  }

  private static boolean near(Instant start, PostmasterFile file) {
    return Duration.between(start, file.startedAt()).abs().compareTo(Duration.ofSeconds(10)) < 0;
  }
}

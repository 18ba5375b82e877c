package ai.pediscreen.telemetry.server.embedded.host;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A program with its arguments, run in an environment that holds nothing of the caller's. */
public record Command(List<String> words) {
  static final File NOWHERE = new File(Host.osFamily().equals("windows") ? "NUL" : "/dev/null");

  public Command {
    words = List.copyOf(words);
  }

  public static Command of(List<String> words) {
    return new Command(words);
  }

  /** What a finished program left: its exit value and what it printed. */
  public record Result(int exitValue, String output) {
    public boolean succeeded() {
      return exitValue == 0;
    }
  }

  /**
   * A builder for the process: C locale and UTC, so that messages can be read by a program; without
   * the PG… variables that would change what PostgreSQL does.
   */
  public ProcessBuilder builder() {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("TZ", "UTC");
    builder.redirectInput(NOWHERE);
    builder.redirectErrorStream(true);
    return builder;
  }

  /** Ends a program and what it has started, and returns when they write nothing any more. */
  private static void end(Process process) {
    List<ProcessHandle> all =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(one -> one.onExit().join());
  }

  /**
   * Runs to the end; when interrupted, ends the program first. Output goes through a file: a child
   * that lives on would hold a pipe open.
   */
  public Result run() throws IOException, InterruptedException {
    Path output = Files.createTempFile("telemetry", ".out");
    try {
      Process process = builder().redirectOutput(output.toFile()).start();
      try {
        int exitValue = process.waitFor();
        return new Result(exitValue, Files.readString(output, StandardCharsets.ISO_8859_1).strip());
      } catch (InterruptedException e) {
        end(process);
        throw e;
      }
    } finally {
      Files.deleteIfExists(output);
    }
  }
}

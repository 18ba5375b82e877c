package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A program that is told to end while it starts leaves no process and nothing half made. */
@EnabledOnOs(OS.LINUX)
class StoppedWhileStartingIT {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration END_LIMIT = Duration.ofSeconds(40);

  @TempDir private Path directory;

  /** What can be seen from outside as a start goes on, in this order. */
  enum Step {
    UNPACKING(".*/\\.postgresql-partial-.*"),
    MAKING_FILES(".*/\\.postgres-unfinished-.*"),
    FILES_HALF_MADE(".*/\\.postgres-unfinished-.*/data/PG_VERSION"),
    POSTMASTER_RUNS(".*/data/postmaster\\.pid"),
    POSTMASTER_LOGS(".*/log/postgresql-.*\\.log");

    /** A file that is there then. */
    private final String file;

    Step(String file) {
      this.file = file;
    }

    boolean isReached(Path directory) {
      return under(directory).anyMatch(path -> path.matches(file));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"UNPACKING", "FILES_HALF_MADE", "POSTMASTER_LOGS"})
  void demo_leavesNothing(Step step) throws Exception {
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    Map<String, String> environment =
        Map.of("PORT", "0", "JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary);
    try (ServerProcess demo = ServerProcess.launch(directory, environment, 0, "demo")) {
      Waiting.until(
          step.name(),
          LIMIT,
          () -> demo.output().contains("Making a month") && step.isReached(temporary));

      assertThat(demo.stop(END_LIMIT)).as(demo::output).isEqualTo(143);

      assertThat(under(temporary).filter(path -> !path.contains("hsperfdata"))).isEmpty();
      assertThat(processesIn(temporary)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"MAKING_FILES", "POSTMASTER_RUNS"})
  void server_leavesNoProcess_andStartsAgain(Step step) throws Exception {
    Map<String, String> environment = Map.of("PORT", "0", "RETENTION_DAYS", "10");
    PreparedServer.linkPrograms(directory.resolve("telemetry-data"));
    try (ServerProcess server = ServerProcess.launch(directory, environment, 0)) {
      Waiting.until(step.name(), LIMIT, () -> step.isReached(directory));

      assertThat(server.stop(END_LIMIT)).as(server::output).isEqualTo(143);

      assertThat(server.output()).doesNotContain("Exception");
      // A program that initdb has started may end a moment after it.
      Waiting.until("no process is left", LIMIT, () -> processesIn(directory).isEmpty());
      assertThat(under(directory)).noneMatch(path -> path.matches(".*(unfinished|partial)-.*"));
    }
    try (ServerProcess again =
        ServerProcess.start(directory, environment, ServerProcess.freePort())) {
      assertThat(again.stop(END_LIMIT)).as(again::output).isEqualTo(143);
    }
  }

  /** Everything below, but what vanishes while it is looked at. */
  private static Stream<String> under(Path directory) {
    List<String> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
              if (!path.equals(directory)) {
                found.add(path.toString());
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
              found.add(path.toString());
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException failure) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path path, @Nullable IOException failure) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found.stream();
  }

  /** The processes whose command line names a directory. */
  private static List<String> processesIn(Path directory) throws IOException {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(path -> path.getFileName().toString().matches("[0-9]+"))
          .map(path -> commandLine(path.resolve("cmdline")))
          .filter(line -> line.contains("postgres") && line.contains(directory.toString()))
          .toList();
    }
  }

  private static String commandLine(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).replace('\0', ' ');
    } catch (IOException e) {
      // It has ended.
      return "";
    }
  }
}

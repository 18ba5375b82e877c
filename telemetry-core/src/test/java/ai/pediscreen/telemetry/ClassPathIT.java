package ai.pediscreen.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program gets onto its class path with core, and that this is enough. */
class ClassPathIT {

  private static final Path TARGET = Path.of("target");
  private static final long LARGEST = 1_000_000;

  @Test
  void core_isSmall_andRunsAlone(@TempDir Path directory) throws Exception {
    List<Path> jars = jars();

    assertThat(jars)
        .extracting(jar -> jar.getFileName().toString().replaceFirst("-[0-9].*", ""))
        .containsExactly("telemetry-core", "jspecify");
    assertThat(bytes(jars)).isLessThan(LARGEST);
    assertThat(run(directory, jars)).isEqualTo("1\n");
  }

  private static List<Path> jars() throws Exception {
    List<Path> jars = new ArrayList<>();
    try (Stream<Path> built = Files.list(TARGET)) {
      built.filter(ClassPathIT::isMainJar).forEach(jars::add);
    }
    String others = Files.readString(TARGET.resolve("runtime-class-path.txt")).trim();
    Stream.of(others.split(File.pathSeparator)).map(Path::of).forEach(jars::add);
    return jars;
  }

  private static boolean isMainJar(Path file) {
    return file.getFileName().toString().matches("telemetry-core-[0-9][0-9.]*(-SNAPSHOT)?\\.jar");
  }

  private static long bytes(List<Path> jars) throws Exception {
    long bytes = 0;
    for (Path jar : jars) {
      bytes += Files.size(jar);
    }
    return bytes;
  }

  private static String run(Path directory, List<Path> jars) throws Exception {
    Path source =
        Files.writeString(
            directory.resolve("Program.java"),
            """
            import ai.pediscreen.telemetry.*;
            import ai.pediscreen.telemetry.memory.InMemoryStore;
            import ai.pediscreen.telemetry.usage.*;

            class Program {
              public static void main(String[] args) {
                try (Telemetry telemetry =
                    Telemetry.builder().store(InMemoryStore.bounded(100)).build()) {
                  telemetry.call("medgemma-4b", call -> "answer");
                  System.out.println(
                      telemetry.usage().overview(UsageFilter.last(UsageRange.DAY)).requests());
                }
              }
            }
            """);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                source.toString())
            .redirectErrorStream(true)
            .start();
    return new String(process.getInputStream().readAllBytes(), UTF_8).replace("\r\n", "\n");
  }
}

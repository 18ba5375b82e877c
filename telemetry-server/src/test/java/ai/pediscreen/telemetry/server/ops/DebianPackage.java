package ai.pediscreen.telemetry.server.ops;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that Debian has and a test needs: from the path if it is installed, else unpacked from
 * its package into {@code target}, which needs no rights and changes nothing on the machine.
 */
final class DebianPackage {

  private static final long LIMIT_MINUTES = 4;

  private final String name;
  private final String program;
  private String reason = "";

  DebianPackage(String name, String program) {
    this.name = name;
    this.program = program;
  }

  /** The program; empty where there is none, see {@link #reason}. */
  Optional<Path> find() throws IOException, InterruptedException {
    Optional<Path> installed = onPath(program);
    if (installed.isPresent()) {
      return installed;
    }
    Path directory = Path.of("target", "debian", name).toAbsolutePath();
    Path unpacked = directory.resolve("usr/bin").resolve(program);
    if (Files.isExecutable(unpacked)) {
      return Optional.of(unpacked);
    }
    if (onPath("apt-get").isEmpty() || onPath("dpkg-deb").isEmpty()) {
      reason = program + " is not installed, and this is no Debian to take it from";
      return Optional.empty();
    }
    Files.createDirectories(directory);
    if (!run(directory, "apt-get", "download", name)) {
      // The lists of packages may be missing, as they are in containers.
      run(directory, "apt-get", "update");
      if (!run(directory, "apt-get", "download", name)) {
        reason = "apt-get cannot download " + name;
        return Optional.empty();
      }
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(one -> one.toString().endsWith(".deb")).toList()) {
        run(directory, "dpkg-deb", "-x", file.toString(), directory.toString());
        Files.delete(file);
      }
    }
    reason = "the package " + name + " has no " + program;
    return Optional.of(unpacked).filter(Files::isExecutable);
  }

  /** Why there is none. */
  String reason() {
    return reason;
  }

  private static boolean run(Path directory, String... command)
      throws IOException, InterruptedException {
    Path output = directory.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      return false;
    }
    if (process.exitValue() != 0) {
      System.out.println(List.of(command) + ": " + Files.readString(output, UTF_8).strip());
    }
    return process.exitValue() == 0;
  }

  private static Optional<Path> onPath(String program) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(":", -1))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}

package ai.pediscreen.telemetry.server.ops;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.pediscreen.telemetry.server.BuildLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that Debian has and a test needs: from the path if it is installed, else unpacked from
 * its package into {@code target}, which needs no rights and changes nothing on the machine.
 */
public final class DebianPackage {

  private static final long LIMIT_MINUTES = 4;

  private final String name;
  private final String program;
  private String reason = "";

  public DebianPackage(String name, String program) {
    this.name = name;
    this.program = program;
  }

  /** The program; empty where there is none, see {@link #reason}. */
  public Optional<Path> find() throws IOException, InterruptedException {
    try (BuildLock lock = new BuildLock(BuildLock.PACKAGES)) {
      lock.take();
      return findOrFetch();
    }
  }

  /** Why there is none. */
  public String reason() {
    return reason;
  }

  private Optional<Path> findOrFetch() throws IOException, InterruptedException {
    Optional<Path> installed = onPath(program);
    if (installed.isPresent()) {
      return installed;
    }
    Path directory = Path.of("target", "debian", name).toAbsolutePath();
    if (unpacked(directory).isPresent()) {
      return unpacked(directory);
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
        reason = "apt-get cannot download " + name + ": " + said(directory);
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
    return unpacked(directory);
  }

  private Optional<Path> unpacked(Path directory) {
    return Stream.of("usr/bin", "usr/sbin")
        .map(parent -> directory.resolve(parent).resolve(program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static boolean run(Path directory, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output(directory).toFile())
            .start();
    if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      return false;
    }
    return process.exitValue() == 0;
  }

  /** What the last command said. */
  private static String said(Path directory) throws IOException {
    return Files.readString(output(directory), UTF_8).strip();
  }

  private static Path output(Path directory) {
    return directory.resolve("output.txt");
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

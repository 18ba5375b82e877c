package ai.pediscreen.telemetry.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;

/**
 * What one start and stop of the packaged server leaves for the others of a build, which take half
 * the time with it: its classes as the JVM keeps them, and its data directory.
 */
public final class PreparedServer {

  private static final Path TARGET = Path.of("target").toAbsolutePath();

  /** The programs of PostgreSQL, which nobody changes. */
  private static final String PROGRAMS = "postgresql-";

  private PreparedServer() {}

  /** The file of the classes. */
  static Path classes() {
    return directory().resolve("classes.jsa");
  }

  /** Puts the programs where a server would unpack them, by hard links. */
  static void linkPrograms(Path dataDirectory) {
    copy(dataDirectory, true, false);
  }

  /** Makes the data directory of a server that was started once, and stopped. */
  static void copyData(Path dataDirectory) {
    copy(dataDirectory, true, true);
  }

  /** The same without the programs. */
  public static void copyCluster(Path dataDirectory) {
    copy(dataDirectory, false, true);
  }

  private static void copy(Path to, boolean programs, boolean cluster) {
    Path from = directory().resolve("telemetry-data");
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path relative = from.relativize(path);
        boolean program = relative.toString().startsWith(PROGRAMS);
        boolean wanted = program ? programs : cluster || relative.toString().isEmpty();
        if (wanted && program && Files.isRegularFile(path)) {
          Files.createLink(to.resolve(relative), path);
        } else if (wanted) {
          Files.copy(path, to.resolve(relative), StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Made by the first process of these tests that asks. */
  private static synchronized Path directory() {
    try (BuildLock lock = new BuildLock("prepared-server")) {
      lock.take();
      Path directory = TARGET.resolve(name());
      if (Files.notExists(directory)) {
        Path unfinished = Files.createTempDirectory(TARGET, "prepared-server");
        ServerProcess.prepare(unfinished, unfinished.resolve("classes.jsa"));
        Files.move(unfinished, directory);
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a server was prepared", e);
    }
  }

  /** The JVM takes only classes of the same jar, and that it wrote itself. */
  private static String name() throws IOException {
    FileTime built = Files.getLastModifiedTime(ServerProcess.JAR);
    return "prepared-server-" + built.toMillis() + "-" + Runtime.version();
  }
}

package ai.pediscreen.telemetry.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The classes of the packaged server as the JVM keeps them in memory, in a file that is made once a
 * build: with it a process starts in half the time.
 */
final class ClassArchive {

  private static final Path FILE =
      Path.of("target", "telemetry-server-" + Runtime.version() + ".jsa").toAbsolutePath();

  private ClassArchive() {}

  /** Makes it if no other process of these tests has. */
  static synchronized Path ofThisBuild() {
    try (BuildLock lock = new BuildLock("class-archive")) {
      lock.take();
      if (!isMade()) {
        make();
      }
      return FILE;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the classes were archived", e);
    }
  }

  /** The JVM refuses one that is of another jar. */
  private static boolean isMade() throws IOException {
    return Files.exists(FILE)
        && Files.getLastModifiedTime(FILE).compareTo(Files.getLastModifiedTime(ServerProcess.JAR))
            > 0;
  }

  private static void make() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory(FILE.getParent(), "class-archive");
    Path made = directory.resolve(FILE.getFileName());
    ServerProcess.archiveClasses(directory, made);
    Files.move(made, FILE, StandardCopyOption.REPLACE_EXISTING);
  }
}

package ai.pediscreen.telemetry.server.embedded;

import ai.pediscreen.telemetry.server.embedded.host.Host;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** What directories need and {@link Files} lacks. */
public final class Directories {
  private Directories() {}

  /** Creates it and its parents, for its owner alone; one that exists is left as it is. */
  public static Path createPrivate(Path directory) throws IOException {
    // Files.createDirectories refuses a symbolic link to a directory before JDK 20.
    if (Files.isDirectory(directory)) {
      return directory;
    }
    return Files.createDirectories(directory, ownerOnly(directory, "rwx------"));
  }

  /**
   * As {@link #createPrivate}, and tries whether files can be made in it.
   *
   * @return its real path
   * @throws EmbeddedPostgresException if it is none, or cannot be made or written to; says by whom
   */
  public static Path createWritable(Path directory) {
    String fault = whyNotWritable(directory);
    if (fault != null) {
      throw new EmbeddedPostgresException(fault);
    }
    try {
      return createPrivate(directory).toRealPath();
    } catch (IOException e) {
      throw new EmbeddedPostgresException(refusal(directory, e), e);
    }
  }

  /**
   * Why data cannot be kept in a directory, in a sentence that says what and who; null if it can. A
   * directory that is not there yet is not made: its nearest parent is tried. Leaves nothing
   * behind.
   */
  public static @Nullable String whyNotWritable(Path directory) {
    Path path = directory.toAbsolutePath();
    while (!Files.exists(path) && path.getParent() != null) {
      path = path.getParent();
    }
    if (!Files.isDirectory(path)) {
      return path.equals(directory.toAbsolutePath())
          ? directory + " is a file and no directory: set DATA_DIR to a directory"
          : directory + " cannot be made, since " + path + " is a file: set DATA_DIR elsewhere";
    }
    try {
      Files.delete(Files.createTempDirectory(path, ".telemetry-probe"));
      return null;
    } catch (IOException e) {
      return refusal(directory, e);
    }
  }

  private static String refusal(Path directory, IOException failure) {
    String reason =
        failure instanceof FileSystemException refused && refused.getReason() != null
            ? refused.getReason()
            : failure instanceof AccessDeniedException ? "permission denied" : "no such place";
    return "the user %s cannot write to the data directory %s (%s): give it to that user, or set"
            .formatted(System.getProperty("user.name"), directory, reason)
        + " DATA_DIR to another";
  }

  /** The permissions as an attribute for creating a file, none where there is no such thing. */
  public static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
    };
  }

  /** Makes renames within it survive a power cut. */
  static void force(Path directory) throws IOException {
    if (Host.osFamily().equals("windows")) {
      // Windows opens no directory as a file, and journals renames by itself.
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Deletes it with all that it holds; files that vanish meanwhile are no fault. */
  public static void delete(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new LiveVisitor() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Visits a tree that changes meanwhile: a file that is gone by now is no fault. */
  public abstract static class LiveVisitor extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }
  }
}

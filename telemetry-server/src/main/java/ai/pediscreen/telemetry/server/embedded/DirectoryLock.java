package ai.pediscreen.telemetry.server.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a second server away from a data directory, in this JVM and in any other. The operating
 * system drops the lock when the JVM dies, however it dies.
 */
public final class DirectoryLock implements AutoCloseable {

  private static final String FILE = "postgres.lock";

  /*
   * The one static state of this package. Closing any channel on a file drops every POSIX lock that
   * the process holds on it, so a second attempt within one JVM has to be refused before it opens
   * the file: to try and catch OverlappingFileLockException would unlock the first holder.
   */
  private static final Set<Path> HELD_BY_THIS_JVM = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * Takes the lock or refuses at once.
   *
   * @param directory an existing directory, as a real path
   * @throws EmbeddedPostgresException when another server holds it
   */
  public static DirectoryLock acquire(Path directory) throws IOException {
    if (!HELD_BY_THIS_JVM.add(directory)) {
      throw refusal(directory, "this process (pid " + ProcessHandle.current().pid() + ")");
    }
    boolean acquired = false;
    try {
      FileChannel channel = open(directory.resolve(FILE));
      try {
        // Held until the channel is closed.
        FileLock lock = channel.tryLock();
        if (lock == null) {
          throw refusal(directory, "the process with pid " + read(channel));
        }
        channel.truncate(0);
        channel.write(
            ByteBuffer.wrap(
                Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        acquired = true;
        return new DirectoryLock(directory, channel);
      } finally {
        if (!acquired) {
          channel.close();
        }
      }
    } finally {
      if (!acquired) {
        HELD_BY_THIS_JVM.remove(directory);
      }
    }
  }

  /** Whether no server holds the lock, in this JVM or in any other, at this instant. */
  static boolean isFree(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (HELD_BY_THIS_JVM.contains(directory)) {
      return false;
    }
    if (Files.notExists(file)) {
      return true;
    }
    // Closing the channel releases the lock that was taken to find out.
    try (FileChannel channel = open(file)) {
      return channel.tryLock() != null;
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static String read(FileChannel channel) {
    ByteBuffer pid = ByteBuffer.allocate(20);
    try {
      channel.read(pid, 0);
    } catch (IOException e) {
      // Windows does not allow reading a locked file.
      return "unknown";
    }
    return new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII);
  }

  private static EmbeddedPostgresException refusal(Path directory, String holder) {
    return new EmbeddedPostgresException(
        "The data directory "
            + directory
            + " is in use by another server: "
            + holder
            + ". Stop that one, or set DATA_DIR to another directory, or let both use one"
            + " DATABASE_URL.");
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      channel.close();
      HELD_BY_THIS_JVM.remove(directory);
    }
  }
}

package ai.pediscreen.telemetry.server.embedded.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.pediscreen.telemetry.server.embedded.Cluster;
import ai.pediscreen.telemetry.server.embedded.Directories;
import ai.pediscreen.telemetry.server.embedded.DirectoryLock;
import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgres;
import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgresException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/** Makes a data directory of what {@link EmbeddedBackup} has written. */
public final class EmbeddedRestore {

  private EmbeddedRestore() {}

  /**
   * Restores a backup and starts PostgreSQL on it once, so that it is known to be whole.
   *
   * @param backup what {@link EmbeddedBackup#write} wrote; every file in it has a checksum
   * @param dataDirectory where no embedded PostgreSQL has data yet; made if missing
   * @throws EmbeddedPostgresException if it has data, a server uses it, the file is no backup or
   *     damaged, or PostgreSQL does not start on it; what was made is removed, unless PostgreSQL
   *     had it
   * @throws IOException if the file cannot be read, or the directory not be written
   */
  public static void restore(Path backup, Path dataDirectory) throws IOException {
    Path directory = Directories.createWritable(dataDirectory);
    DirectoryLock lock = DirectoryLock.acquire(directory);
    try (InputStream file = Files.newInputStream(backup)) {
      if (EmbeddedPostgres.hasDataIn(directory)) {
        throw new EmbeddedPostgresException(
            directory + " holds data already: move them away, or set DATA_DIR to another place");
      }
      Cluster.create(directory, home -> unpack(file, home));
    } catch (ZipException | EOFException e) {
      throw new EmbeddedPostgresException("the backup is damaged: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedPostgresException("stopped while a backup was restored", e);
    } finally {
      lock.close();
    }
    EmbeddedPostgres.start(directory).close();
  }

  private static void unpack(InputStream file, Path home) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(file, 1 << 16), UTF_8)) {
      ZipEntry mark = zip.getNextEntry();
      if (mark == null || !mark.getName().equals(EmbeddedBackup.MARK)) {
        throw new EmbeddedPostgresException("the file is no backup of this server");
      }
      String format = new String(zip.readAllBytes(), UTF_8);
      if (!format.equals(EmbeddedBackup.FORMAT)) {
        throw new EmbeddedPostgresException("the backup is of a newer version, format " + format);
      }
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path target = target(home, entry.getName());
        if (entry.isDirectory()) {
          Directories.createPrivate(target);
        } else {
          Directories.createPrivate(target.resolveSibling(""));
          write(zip, target);
        }
      }
    }
    Directories.createPrivate(home.resolve("log"));
  }

  private static Path target(Path home, String name) {
    Path target =
        home.resolve(name.substring(Math.min(name.length(), EmbeddedBackup.HOME.length())));
    if (!name.startsWith(EmbeddedBackup.HOME)
        || !target.equals(target.normalize())
        || !target.startsWith(home)) {
      throw new EmbeddedPostgresException("the file is no backup of this server");
    }
    return target;
  }

  private static void write(InputStream content, Path target) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            target,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            Directories.ownerOnly(target, "rw-------"))) {
      content.transferTo(Channels.newOutputStream(channel));
      channel.force(true);
    }
  }
}

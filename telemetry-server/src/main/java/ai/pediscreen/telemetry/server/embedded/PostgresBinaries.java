package ai.pediscreen.telemetry.server.embedded;

import ai.pediscreen.telemetry.server.embedded.host.Host;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of PostgreSQL, unpacked once from the class path into a directory named after the
 * archive's checksum. Unpacked beside it and renamed when whole, so that a process killed midway
 * leaves nothing that could be taken for the whole; and counted again at each start, since a power
 * cut or a cleaner of old files may have emptied some.
 *
 * @param home holds bin, lib and share
 */
record PostgresBinaries(Path home) {
  private static final String INVENTORY = "inventory.txt";
  private static final String PARTIAL = ".postgresql-partial-";

  /** Longer than any unpacking takes: whose partial directory is older than that is dead. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  /** The binaries under {@code parent}, unpacked there if they are not yet. */
  static PostgresBinaries unpackedIn(Path parent) throws IOException {
    String name = "postgres-" + Host.osFamily() + "-" + Host.architecture() + ".txz";
    URL archive = PostgresBinaries.class.getResource("/" + name);
    if (archive == null) {
      throw new EmbeddedPostgresException(
          "No PostgreSQL for this system comes with the server ("
              + name
              + " is missing): set DATABASE_URL.");
    }
    Directories.createPrivate(parent);
    Path home = parent.toRealPath().resolve("postgresql-" + checksum(archive));
    if (!isWhole(home)) {
      unpack(archive, home);
    }
    return new PostgresBinaries(home);
  }

  String program(String name) {
    String suffix = Host.osFamily().equals("windows") ? ".exe" : "";
    return home.resolve("bin").resolve(name + suffix).toString();
  }

  private static void unpack(URL archive, Path home) throws IOException {
    Path parent = home.resolveSibling("");
    removeAbandoned(parent);
    Path partial = Files.createTempDirectory(parent, PARTIAL);
    try {
      TarArchive.makeReadable(partial, true);
      try (InputStream compressed = new BufferedInputStream(archive.openStream(), 1 << 16);
          InputStream tar = new XZInputStream(compressed)) {
        TarArchive.unpack(tar, partial, PostgresBinaries::isNeededToRun);
      }
      Files.writeString(partial.resolve(INVENTORY), inventory(partial));
      if (Files.exists(home) && !isWhole(home)) {
        Files.move(home, Files.createTempDirectory(parent, PARTIAL).resolve("damaged"));
      }
      Files.move(partial, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      // Another process may have been faster; then its result is as good.
      if (!isWhole(home)) {
        throw e;
      }
    } finally {
      Directories.delete(partial);
    }
  }

  private static boolean isNeededToRun(String name) {
    return !name.endsWith(".a")
        && !name.endsWith(".lib")
        && !name.endsWith(".pdb")
        && !name.startsWith("include/")
        && !name.startsWith("doc/")
        && !name.startsWith("lib/pkgconfig/");
  }

  private static boolean isWhole(Path home) throws IOException {
    Path inventory = home.resolve(INVENTORY);
    return Files.exists(inventory) && Files.readString(inventory).equals(inventory(home));
  }

  private static String inventory(Path home) throws IOException {
    long files = 0;
    long bytes = 0;
    try (Stream<Path> paths = Files.walk(home)) {
      for (Path path : paths.toList()) {
        if (Files.isRegularFile(path) && !path.endsWith(INVENTORY)) {
          files++;
          bytes += Files.size(path);
        }
      }
    }
    return files + " files, " + bytes + " bytes\n";
  }

  private static void removeAbandoned(Path parent) throws IOException {
    Instant edge = Instant.now().minus(ABANDONED);
    List<Path> abandoned;
    try (Stream<Path> entries =
        Files.find(
            parent,
            1,
            (path, attributes) ->
                path.getFileName().toString().startsWith(PARTIAL) && isBefore(attributes, edge))) {
      abandoned = entries.toList();
    }
    for (Path directory : abandoned) {
      Directories.delete(directory);
    }
  }

  private static boolean isBefore(BasicFileAttributes attributes, Instant edge) {
    return attributes.lastModifiedTime().toInstant().isBefore(edge);
  }

  /**
   * The jar's own directory knows the checksum; only an archive outside of a jar is read for it.
   */
  private static String checksum(URL archive) throws IOException {
    URLConnection connection = archive.openConnection();
    if (connection instanceof JarURLConnection jar && jar.getJarEntry() != null) {
      return Long.toHexString(jar.getJarEntry().getCrc());
    }
    CRC32 crc = new CRC32();
    try (InputStream in = new CheckedInputStream(connection.getInputStream(), crc)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return Long.toHexString(crc.getValue());
  }
}

package ai.pediscreen.telemetry.server.embedded;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Predicate;

/**
 * Unpacks the archives of the PostgreSQL binaries, which are plain ustar: files, directories and
 * symbolic links with names under 100 characters. Anything else is refused rather than guessed at.
 *
 * <p>Source: POSIX.1-1988 ustar header, 512 bytes: name at 0 (100), mode at 100 (8, octal), size at
 * 124 (12, octal), type at 156, link's target at 157 (100), name's prefix at 345 (155).
 */
final class TarArchive {
  private static final int BLOCK = 512;

  private TarArchive() {}

  /**
   * Unpacks an archive.
   *
   * @param archive the tar stream, not compressed
   * @param target an existing directory; nothing is written outside of it
   * @param wanted names of files to keep
   * @throws IOException when the archive is cut short, leaves the target, or holds what this reader
   *     doesn't know
   */
  static void unpack(InputStream archive, Path target, Predicate<String> wanted)
      throws IOException {
    byte[] header = new byte[BLOCK];
    while (archive.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
      String name = text(header, 0, 100);
      if (header[345] != 0) {
        throw new IOException("Unexpected long name in the archive: " + name);
      }
      Path path = inside(target, target.resolve(name));
      long size = octal(header, 124, 12);
      switch (header[156]) {
        case '5' -> Files.createDirectories(path);
        case '2' -> {
          Path link = Path.of(text(header, 157, 100));
          inside(target, path.resolveSibling(link));
          Files.createDirectories(parent(path));
          Files.createSymbolicLink(path, link);
        }
        case '0', 0 -> {
          if (wanted.test(name)) {
            Files.createDirectories(parent(path));
            try (OutputStream file = Files.newOutputStream(path)) {
              copy(archive, file, size);
            }
            makeReadable(path, (octal(header, 100, 8) & 0100) != 0);
          } else {
            archive.skipNBytes(size);
          }
          archive.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        }
        default ->
            throw new IOException(
                "Unexpected entry of type " + (char) header[156] + " in the archive: " + name);
      }
    }
  }

  private static void copy(InputStream in, OutputStream out, long size) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long left = size;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new EOFException("The archive is cut short.");
      }
      out.write(buffer, 0, read);
      left -= read;
    }
  }

  /** Others may read it whatever the umask: PostgreSQL may have to run as another user. */
  static void makeReadable(Path path, boolean executable) throws IOException {
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(
          path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
  }

  private static Path inside(Path target, Path path) throws IOException {
    if (!path.normalize().startsWith(target)) {
      throw new IOException("The archive leads out of its directory: " + path);
    }
    return path;
  }

  private static Path parent(Path path) throws IOException {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IOException("The archive leads out of its directory: " + path);
    }
    return parent;
  }

  private static String text(byte[] header, int offset, int length) {
    int end = offset;
    while (end < offset + length && header[end] != 0) {
      end++;
    }
    return new String(header, offset, end - offset, StandardCharsets.UTF_8);
  }

  private static long octal(byte[] header, int offset, int length) throws IOException {
    String digits = text(header, offset, length).strip();
    try {
      return Long.parseLong(digits, 8);
    } catch (NumberFormatException e) {
      throw new IOException("Not an octal number in the archive: " + digits, e);
    }
  }
}

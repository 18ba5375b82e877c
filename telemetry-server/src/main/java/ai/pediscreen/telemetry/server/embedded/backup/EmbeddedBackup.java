package ai.pediscreen.telemetry.server.embedded.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.pediscreen.telemetry.server.embedded.Cluster;
import ai.pediscreen.telemetry.server.embedded.Directories;
import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgres;
import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgresException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes all that an embedded PostgreSQL keeps to a file while it runs and a server uses it. The
 * file holds everything that was committed before {@link #write} was called, and may hold some of
 * what was committed since.
 *
 * @implNote A base backup by PostgreSQL's low-level functions (manual, 25.3.4): files are copied as
 *     they are found, and the log of what was written meanwhile is added, which PostgreSQL replays
 *     when it is started on the copy. A slot that ends with the session keeps that log.
 */
public final class EmbeddedBackup {

  /** The first entry; its text is the version of the format. */
  static final String MARK = "pediscreen-telemetry-backup";

  static final String FORMAT = "1";

  /** Under which the entries of a cluster are. */
  static final String HOME = "postgres/";

  private static final String DATA = HOME + "data/";
  private static final String UNFINISHED = ".part";

  /** Directories that PostgreSQL wants to find, and whose content it makes anew. */
  private static final Set<String> EMPTIED =
      Set.of(
          "pg_wal",
          "pg_replslot",
          "pg_dynshmem",
          "pg_notify",
          "pg_serial",
          "pg_snapshots",
          "pg_stat_tmp",
          "pg_subtrans");

  private static final Set<String> LEFT_OUT =
      Set.of("postmaster.pid", "postmaster.opts", "backup_label", "tablespace_map");

  private static final String CONTROL = "global/pg_control";

  private final Path data;
  private final ZipOutputStream zip;
  private long files;
  private long bytes;

  private EmbeddedBackup(Path data, ZipOutputStream zip) {
    this.data = data;
    this.zip = zip;
  }

  /**
   * What a backup holds.
   *
   * @param files how many files
   * @param bytes their size before compression
   */
  public record Content(long files, long bytes) {}

  /**
   * Writes a backup. A PostgreSQL that does not run is started for it.
   *
   * @param dataDirectory where an embedded PostgreSQL keeps its data
   * @param target a new file, which appears whole or not at all, readable by its owner
   * @throws FileAlreadyExistsException if it is there already
   * @throws IOException if it cannot be written, or the data not be read
   * @throws EmbeddedPostgresException if there are no data, or PostgreSQL cannot be reached
   */
  public static Content write(Path dataDirectory, Path target) throws IOException {
    if (Files.exists(target)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    if (!EmbeddedPostgres.hasDataIn(dataDirectory)) {
      throw new EmbeddedPostgresException("there are no data in " + dataDirectory);
    }
    Optional<EmbeddedPostgres.Access> running =
        EmbeddedPostgres.administratorRunningIn(dataDirectory);
    if (running.isPresent()) {
      return write(running.get(), Cluster.homeIn(dataDirectory.toRealPath()), target);
    }
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDirectory)) {
      return write(postgres.administrator(), Cluster.homeIn(dataDirectory.toRealPath()), target);
    }
  }

  private static Content write(EmbeddedPostgres.Access access, Path home, Path target)
      throws IOException {
    Path unfinished =
        Files.createTempFile(
            target.toAbsolutePath().getParent(),
            target.getFileName() + ".",
            UNFINISHED,
            Directories.ownerOnly(target, "rw-------"));
    boolean written = false;
    try {
      Content content;
      try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE);
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
          ZipOutputStream zip = new ZipOutputStream(out, UTF_8)) {
        zip.setLevel(Deflater.BEST_SPEED);
        content = new EmbeddedBackup(home.resolve("data"), zip).write(access, home);
        zip.finish();
        out.flush();
        channel.force(true);
      }
      // Not in the place of one that was made meanwhile.
      Files.move(unfinished, target);
      written = true;
      return content;
    } finally {
      if (!written) {
        Files.deleteIfExists(unfinished);
      }
    }
  }

  private Content write(EmbeddedPostgres.Access access, Path home) throws IOException {
    try (Connection connection =
            DriverManager.getConnection(access.jdbcUrl(), access.username(), access.password());
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_create_physical_replication_slot('telemetry_backup_' || pg_backend_pid(),"
              + " true, true)");
      String first =
          value(statement, "SELECT pg_walfile_name(pg_backup_start('telemetry', fast => true))");
      addText(MARK, FORMAT);
      addText(HOME + "password", Files.readString(home.resolve("password")));
      addData();
      add(CONTROL, settled(data.resolve(CONTROL)));
      addText(
          DATA + "backup_label",
          value(statement, "SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)"));
      addLog(first);
      return new Content(files, bytes);
    } catch (SQLException e) {
      throw new IOException("PostgreSQL refuses (SQLSTATE " + e.getSQLState() + ")", e);
    }
  }

  private static String value(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  private void addData() throws IOException {
    Files.walkFileTree(
        data,
        new Directories.LiveVisitor() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            if (!directory.equals(data)) {
              addDirectory(directory);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (isKept(data.relativize(file))) {
              addFile(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static boolean isKept(Path file) {
    String name = file.getFileName().toString();
    return !EMPTIED.contains(file.getName(0).toString())
        && !LEFT_OUT.contains(file.toString())
        && !file.toString().equals(CONTROL)
        && !name.startsWith("pgsql_tmp")
        && !name.equals("pg_internal.init");
  }

  private void addDirectory(Path directory) throws IOException {
    Path relative = data.relativize(directory);
    boolean inSlots = relative.startsWith("pg_replslot") && relative.getNameCount() > 1;
    if (!inSlots) {
      zip.putNextEntry(new ZipEntry(DATA + relative.toString().replace('\\', '/') + "/"));
      zip.closeEntry();
    }
  }

  /** A file that goes while it is read belonged to something that was dropped. */
  private void addFile(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      zip.putNextEntry(new ZipEntry(DATA + data.relativize(file).toString().replace('\\', '/')));
      bytes += in.transferTo(zip);
      zip.closeEntry();
      files++;
    } catch (NoSuchFileException e) {
      // Dropped since the directory was read.
    }
  }

  /** The log from the beginning of the copy on; PostgreSQL has written it out by now. */
  private void addLog(String first) throws IOException {
    List<Path> segments;
    try (Stream<Path> found = Files.list(data.resolve("pg_wal"))) {
      segments =
          found
              .filter(Files::isRegularFile)
              .filter(file -> file.getFileName().toString().matches("[0-9A-F]{24}"))
              .filter(file -> file.getFileName().toString().compareTo(first) >= 0)
              .sorted()
              .toList();
    }
    for (Path segment : segments) {
      addFile(segment);
    }
  }

  /** A small file that PostgreSQL writes over: what it holds twice in a row. */
  private static byte[] settled(Path file) throws IOException {
    byte[] before = Files.readAllBytes(file);
    for (byte[] now = Files.readAllBytes(file);
        !Arrays.equals(before, now);
        now = Files.readAllBytes(file)) {
      before = now;
    }
    return before;
  }

  private void addText(String name, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(text.getBytes(UTF_8));
    zip.closeEntry();
  }

  private void add(String name, byte[] content) throws IOException {
    zip.putNextEntry(new ZipEntry(DATA + name));
    zip.write(content);
    zip.closeEntry();
    files++;
    bytes += content.length;
  }
}

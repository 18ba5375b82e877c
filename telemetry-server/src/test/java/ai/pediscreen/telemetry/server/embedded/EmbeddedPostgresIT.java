package ai.pediscreen.telemetry.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.server.PreparedServer;
import ai.pediscreen.telemetry.server.Waiting;
import ai.pediscreen.telemetry.server.embedded.host.Host;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a server sees of its PostgreSQL while nothing dies, and what it is refused. */
class EmbeddedPostgresIT {
  /** Shared by all tests, so that they unpack once. */
  static final Path BINARIES = Path.of("target", "postgresql-for-tests").toAbsolutePath();

  @TempDir Path directory;
  Path data;

  @BeforeEach
  void nameDataDirectory() {
    // Where the locale is POSIX, file names are ASCII.
    Charset names = Charset.forName(System.getProperty("sun.jnu.encoding"));
    data =
        directory.resolve(
            names.newEncoder().canEncode('ü')
                ? "data of the clinic in Zürich"
                : "data of the clinic");
  }

  @Test
  void rows_areThere_afterCloseAndStart() throws Exception {
    PreparedServer.copyCluster(data);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES)) {
      Database.execute(postgres, "CREATE TABLE note (body text)");
      Database.execute(postgres, "INSERT INTO note VALUES ('kept')");
    }

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES)) {
      assertThat(Database.query(postgres, "SELECT body FROM note")).containsExactly("kept");
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void dataDirectory_mayBeASymbolicLink_andIsLockedByItsRealName() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("link"), Files.createDirectory(data));
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(link, BINARIES)) {
      assertThat(Database.query(postgres, "SELECT 1")).containsExactly("1");
      assertThatThrownBy(() -> EmbeddedPostgres.start(data, BINARIES))
          .hasMessageContaining("in use by another server");
    }
  }

  @Test
  void settings_areDurableAndPrivate_evenAgainstAlterSystem() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES)) {
      Database.executeAsAdministrator(postgres, "ALTER SYSTEM SET fsync = off");
      Database.executeAsAdministrator(postgres, "ALTER SYSTEM SET listen_addresses = '*'");
    }
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES);
        Connection administrator = Database.connectAsAdministrator(postgres)) {
      assertThat(
              Database.query(
                  administrator,
                  """
                  SELECT name || '=' || setting FROM pg_settings
                   WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes',
                       'data_checksums', 'listen_addresses', 'unix_socket_directories',
                       'password_encryption', 'scram_iterations', 'server_encoding', 'log_timezone',
                       'max_connections', 'max_locks_per_transaction')
                   ORDER BY name COLLATE "C"
                  """))
          .containsExactly(
              "data_checksums=on",
              "fsync=on",
              "full_page_writes=on",
              "listen_addresses=127.0.0.1",
              "log_timezone=UTC",
              "max_connections=100",
              "max_locks_per_transaction=256",
              "password_encryption=scram-sha-256",
              "scram_iterations=1",
              "server_encoding=UTF8",
              "synchronous_commit=on",
              "unix_socket_directories=");
    }
  }

  @Test
  void text_isOrderedByCodePoint() throws Exception {
    PreparedServer.copyCluster(data);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES)) {
      assertThat(
              Database.query(
                  postgres,
                  "SELECT x FROM unnest(ARRAY['é', 'b', 'a', 'B', '_', 'A', '1']) x ORDER BY x"))
          .containsExactly("1", "A", "B", "_", "a", "b", "é");
      assertThat(Database.query(postgres, "SELECT upper('é')")).containsExactly("É");
    }
  }

  @Test
  void wrongPassword_isRefused() {
    PreparedServer.copyCluster(data);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES)) {
      for (String password : List.of("", "telemetry", postgres.password() + "x")) {
        assertThatThrownBy(
                () ->
                    DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), password))
            .as("password '%s'", password)
            .isInstanceOf(SQLException.class);
      }
      assertThatThrownBy(
              () -> DriverManager.getConnection(postgres.jdbcUrl(), "telemetry", "telemetry"))
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("28P01");
    }
  }

  @Test
  void passwords_differBetweenDirectories() {
    try (EmbeddedPostgres one = EmbeddedPostgres.start(data, BINARIES);
        EmbeddedPostgres other = EmbeddedPostgres.start(directory.resolve("other"), BINARIES)) {
      assertThat(one.password()).hasSizeGreaterThan(40).isNotEqualTo(other.password());
      assertThat(one.toString()).doesNotContain(one.password());
      assertThat(one.password()).isNotEqualTo(one.administrator().password());
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void files_areReadableByTheOwnerOnly() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES)) {
      // Another account than root's gets through to what is its own, and lists nothing.
      assertThat(permissions(data)).isEqualTo(Host.detect().root() ? "rwx-----x" : "rwx------");
      assertThat(permissions(data.resolve("postgres"))).isEqualTo("rwx------");
      assertThat(permissions(data.resolve("postgres/data"))).isEqualTo("rwx------");
      assertThat(permissions(data.resolve("postgres/password"))).isEqualTo("rw-------");
      assertThat(data.resolve("postgres/password")).hasContent(postgres.administrator().password());
    }
  }

  @Test
  void serverRole_canNeitherReadFilesNorStartPrograms() {
    PreparedServer.copyCluster(data);
    Path file = directory.resolve("of-another");
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES)) {
      for (String sql :
          List.of(
              "COPY (SELECT 1) TO PROGRAM 'id > %s'".formatted(file),
              "COPY (SELECT 1) TO '%s'".formatted(file),
              "SELECT pg_read_file('/etc/passwd')",
              "SELECT lo_import('/etc/passwd')",
              "ALTER SYSTEM SET fsync = off",
              "CREATE ROLE another",
              "ALTER ROLE telemetry_server SUPERUSER",
              "SET ROLE telemetry")) {
        assertThatThrownBy(() -> Database.execute(postgres, sql))
            .as(sql)
            .extracting(e -> ((SQLException) e).getSQLState())
            .isEqualTo("42501");
      }
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void objectsOfAnEarlierVersion_areOwnedByTheServerRole() throws Exception {
    PreparedServer.copyCluster(data);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES)) {
      Database.executeAsAdministrator(
          postgres,
          """
          CREATE SCHEMA earlier;
          CREATE TABLE earlier."Day" (id bigserial, day date) PARTITION BY RANGE (day);
          CREATE TABLE earlier.first PARTITION OF earlier."Day" DEFAULT;
          CREATE SEQUENCE earlier.numbers;
          CREATE FUNCTION earlier.one() RETURNS int LANGUAGE sql AS 'SELECT 1'
          """);
    }
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES)) {
      Database.execute(
          postgres,
          """
          ALTER TABLE earlier."Day" ADD COLUMN more text;
          DROP TABLE earlier.first;
          DROP SEQUENCE earlier.numbers;
          DROP FUNCTION earlier.one();
          DROP TABLE earlier."Day";
          DROP SCHEMA earlier
          """);
      assertThat(Database.query(postgres, "SELECT nspname FROM pg_namespace"))
          .doesNotContain("earlier");
    }
  }

  private static String permissions(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void log_holdsErrors_butNoValuesOfEvents() throws Exception {
    PreparedServer.copyCluster(data);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES)) {
      Database.execute(postgres, "CREATE TABLE child (name text PRIMARY KEY)");
      Database.execute(postgres, "INSERT INTO child VALUES ('Anna Muster')");
      assertThatThrownBy(
              () -> Database.execute(postgres, "INSERT INTO child VALUES ('Anna Muster')"))
          .hasMessageContaining("Anna Muster");
      Path log = postgres.logDirectory();
      Waiting.until(
          "the error is logged",
          Duration.ofSeconds(5),
          () -> textIn(log).contains("duplicate key value"));
      assertThat(textIn(log)).doesNotContain("Anna");
    }
  }

  private static String textIn(Path directory) throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        text.append(Files.readString(file));
      }
    }
    return text.toString();
  }

  @Test
  void secondServer_isRefused_inThisJvm_andLeavesTheFirstLocked() throws Exception {
    PreparedServer.copyCluster(data);
    try (EmbeddedPostgres first = EmbeddedPostgres.start(data, BINARIES)) {
      assertThatThrownBy(() -> EmbeddedPostgres.start(data, BINARIES))
          .isInstanceOf(EmbeddedPostgresException.class)
          .hasMessageContaining(data.toRealPath().toString())
          .hasMessageContaining("in use by another server")
          .hasMessageContaining("DATA_DIR");
      // The refusal must not have dropped the lock that keeps other processes away.
      try (ChildServer child = ChildServer.start(data, BINARIES)) {
        assertThat(child.await("Exception in thread"))
            .contains("in use by another server", "pid " + ProcessHandle.current().pid());
      }
      assertThat(Database.query(first, "SELECT 1")).containsExactly("1");
    }
    // Once closed, it is free again.
    EmbeddedPostgres.start(data, BINARIES).close();
  }

  @Test
  void close_stopsThePostmaster_andMayBeRepeated() throws Exception {
    PreparedServer.copyCluster(data);
    EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES);
    ProcessHandle postmaster = ProcessHandle.of(postgres.postmasterPid()).orElseThrow();

    postgres.close();
    postgres.close();

    assertThat(postmaster.isAlive()).isFalse();
    assertThat(data.resolve("postgres/data/postmaster.pid")).doesNotExist();
    int port = URI.create(postgres.jdbcUrl().substring("jdbc:".length())).getPort();
    new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
  }

  @Test
  void damagedData_isReported_andNotChanged() throws Exception {
    PreparedServer.copyCluster(data);
    EmbeddedPostgres.start(data, BINARIES).close();
    Path version = data.resolve("postgres/data/PG_VERSION");
    Files.writeString(version, "9.6\n", StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> EmbeddedPostgres.start(data, BINARIES))
        .isInstanceOf(EmbeddedPostgresException.class)
        .hasMessageContaining("database files are incompatible with server")
        .hasMessageContaining(data.resolve("postgres/log").toString());

    Files.delete(version);
    assertThatThrownBy(() -> EmbeddedPostgres.start(data, BINARIES))
        .isInstanceOf(EmbeddedPostgresException.class)
        .hasMessageContaining("lacks data/PG_VERSION");

    // A refused start lets go of the directory.
    Files.writeString(version, "18\n", StandardCharsets.US_ASCII);
    EmbeddedPostgres.start(data, BINARIES).close();
  }
}

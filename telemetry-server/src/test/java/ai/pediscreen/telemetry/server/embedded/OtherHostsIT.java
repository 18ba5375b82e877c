package ai.pediscreen.telemetry.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.pediscreen.telemetry.server.Waiting;
import ai.pediscreen.telemetry.server.embedded.host.Host;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways of starting that this machine would not choose by itself. */
@EnabledOnOs(OS.LINUX)
class OtherHostsIT {
  private Host here;

  @TempDir Path directory;
  Path data;

  @BeforeEach
  void detectHost() throws Exception {
    here = Host.detect();
    data = directory.resolve("data");
  }

  @Test
  void rootWithoutMountNamespaces_runsPostgresAsAnAccountWithoutRights() throws Exception {
    assumeThat(here.root()).isTrue();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Host container = new Host(false, true, false, here.sessions());

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, data, container)) {
      Database.execute(postgres, "CREATE TABLE note (body text)");
    }
    assertThat(Files.getOwner(data.resolve("postgres/data")).getName()).isNotEqualTo("root");
    assertThat(Files.getOwner(data.resolve("postgres/password")).getName()).isNotEqualTo("root");

    // And as its owner, whatever the system allows.
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, data, here)) {
      assertThat(Database.query(postgres, "SELECT body FROM note")).isEmpty();
    }
  }

  @Test
  void root_runsPostgresAsAnAccountThatCannotReadRootsFiles() throws Exception {
    assumeThat(here.root()).isTrue();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));

    readsNoFileOfRoots(EmbeddedPostgresIT.BINARIES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "programs"})
  void root_belowADirectoryOnlyForRoot_runsPostgresAsSuchAnAccount(String programs)
      throws Exception {
    assumeThat(here.root()).isTrue();
    assumeThat(here.mountNamespaces()).isTrue();
    Path closed = Files.createDirectory(directory.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    data = closed.resolve("data");

    readsNoFileOfRoots(closed.resolve(programs));
    // What is there is found again, and nothing of the covering has stayed behind.
    readsNoFileOfRoots(closed.resolve(programs));
    assertThat(Files.getPosixFilePermissions(closed))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(closed.toString());
  }

  private void readsNoFileOfRoots(Path programs) throws Exception {
    Path secret = Files.writeString(data.resolveSibling("secret"), "root's\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, programs)) {
      for (String sql :
          List.of(
              "COPY note FROM PROGRAM 'cat %s'".formatted(secret),
              "COPY note FROM '%s'".formatted(secret))) {
        assertThatThrownBy(
                () ->
                    Database.executeAsAdministrator(
                        postgres, "CREATE TEMPORARY TABLE note (body text); " + sql))
            .as(sql)
            .isInstanceOf(SQLException.class);
      }
      assertThat(Files.getOwner(Path.of("/proc", "" + postgres.postmasterPid())).getName())
          .isNotEqualTo("root");
    }
    assertThat(Files.getOwner(data.resolve("postgres/data/PG_VERSION")).getName())
        .isNotEqualTo("root");
  }

  @Test
  void rootsDataOfAnEarlierVersion_isHandedOver() throws Exception {
    assumeThat(here.root()).isTrue();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    EmbeddedPostgres.start(data, EmbeddedPostgresIT.BINARIES).close();
    chown("root", data.resolve("postgres"));

    EmbeddedPostgres.start(data, EmbeddedPostgresIT.BINARIES).close();

    assertThat(Files.getOwner(data.resolve("postgres/data/PG_VERSION")).getName())
        .isNotEqualTo("root");
  }

  private static void chown(String owner, Path tree) throws Exception {
    Process process = new ProcessBuilder("chown", "-R", owner, tree.toString()).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void rootWithoutMounts_belowADirectoryOnlyForRoot_isRefusedWithAdvice() throws Exception {
    assumeThat(here.root()).isTrue();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    Host container = new Host(false, true, false, here.sessions());

    assertThatThrownBy(() -> EmbeddedPostgres.start(data, EmbeddedPostgresIT.BINARIES, container))
        .isInstanceOf(EmbeddedPostgresException.class)
        .hasMessageContaining("PostgreSQL refuses to run as root")
        .hasMessageContaining("DATA_DIR");
  }

  @Test
  void withoutSetsid_pgCtlDetachesThePostmaster_andItIsSupervised() throws Exception {
    Host withoutSetsid = new Host(false, here.root(), here.mountNamespaces(), false);

    try (EmbeddedPostgres postgres =
        EmbeddedPostgres.start(data, EmbeddedPostgresIT.BINARIES, withoutSetsid)) {
      Database.execute(postgres, "CREATE TABLE note (body text)");
      long pid = postgres.postmasterPid();
      Send.signal("KILL", pid);
      Waiting.until(
          "another postmaster takes connections",
          Duration.ofSeconds(20),
          () ->
              postgres.postmasterPid() != pid
                  && Database.query(postgres, "SELECT body FROM note").isEmpty());
    }
    assertThat(data.resolve("postgres/data/postmaster.pid")).doesNotExist();
  }
}

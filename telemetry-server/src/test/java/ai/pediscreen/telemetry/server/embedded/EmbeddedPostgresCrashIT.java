package ai.pediscreen.telemetry.server.embedded;

import static ai.pediscreen.telemetry.server.embedded.EmbeddedPostgresIT.BINARIES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.server.PreparedServer;
import ai.pediscreen.telemetry.server.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whatever dies, and whenever: what was committed is there, and the next start works. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class EmbeddedPostgresCrashIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path directory;
  Path data;

  @BeforeEach
  void nameDataDirectory() {
    data = directory.resolve("data");
  }

  @Test
  void killedServer_leavesItsPostmaster_whichTheNextStartStops() throws Exception {
    PreparedServer.copyCluster(data);
    long orphan;
    try (ChildServer child = ChildServer.start(data, BINARIES)) {
      orphan = Long.parseLong(child.await("RUNNING"));
      child.kill();
    }
    assertThat(runs(orphan)).as("the postmaster lives on").isTrue();

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES)) {
      assertThat(runs(orphan)).isFalse();
      assertThat(Database.query(postgres, "SELECT body FROM note"))
          .containsExactly("from the child");
    }
  }

  @Test
  void killedServer_withAStoppedPostmaster_isTakenOver() throws Exception {
    PreparedServer.copyCluster(data);
    try (ChildServer child = ChildServer.start(data, BINARIES)) {
      long orphan = Long.parseLong(child.await("RUNNING"));
      child.kill();
      Send.signal("STOP", orphan);
    }
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES)) {
      assertThat(Database.query(postgres, "SELECT body FROM note")).hasSize(1);
    }
  }

  @Test
  void killedServerAndKilledPostmaster_loseNothing() throws Exception {
    PreparedServer.copyCluster(data);
    try (ChildServer child = ChildServer.start(data, BINARIES)) {
      long postmaster = Long.parseLong(child.await("RUNNING"));
      child.kill();
      Send.signal("KILL", postmaster);
    }
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES)) {
      assertThat(Database.query(postgres, "SELECT body FROM note")).hasSize(1);
    }
  }

  @Test
  void killedPostmaster_restartsOnTheSamePort_repeatedly() throws Exception {
    PreparedServer.copyCluster(data);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES)) {
      String url = postgres.jdbcUrl();
      Database.execute(postgres, "CREATE TABLE note (n integer)");
      for (int n = 1; n <= 3; n++) {
        long pid = postgres.postmasterPid();
        try (Connection open = Database.connect(postgres)) {
          Database.execute(open, "INSERT INTO note VALUES (" + n + ")");
          Send.signal("KILL", pid);
          awaitNewPostmaster(postgres, pid);
        }
        assertThat(postgres.jdbcUrl()).isEqualTo(url);
        assertThat(Database.query(postgres, "SELECT count(*) FROM note"))
            .containsExactly(Integer.toString(n));
      }
    }
  }

  @Test
  void killedPostmaster_restarts_thoughAnOrphanProcessRemains() throws Exception {
    PreparedServer.copyCluster(data);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES);
        Connection open = Database.connect(postgres)) {
      Database.execute(open, "CREATE TABLE note (body text)");
      Database.execute(open, "INSERT INTO note VALUES ('kept')");
      long backend = Long.parseLong(Database.query(open, "SELECT pg_backend_pid()").get(0));
      long pid = postgres.postmasterPid();
      Send.signal("STOP", backend);
      Send.signal("KILL", pid);
      awaitNewPostmaster(postgres, pid);
      assertThat(Database.query(postgres, "SELECT body FROM note")).containsExactly("kept");
    }
  }

  private static void awaitNewPostmaster(EmbeddedPostgres postgres, long old) {
    Waiting.until(
        "another postmaster takes connections",
        SOON,
        () ->
            postgres.postmasterPid() != old
                && Database.query(postgres, "SELECT 1").equals(List.of("1")));
  }

  @Test
  void stoppedPostmaster_isNotTakenForDead() throws Exception {
    PreparedServer.copyCluster(data);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES)) {
      long pid = postgres.postmasterPid();
      Send.signal("STOP", pid);
      assertThatThrownBy(() -> Database.connect(postgres)).isInstanceOf(SQLException.class);
      assertThat(postgres.postmasterPid()).isEqualTo(pid);
      Send.signal("CONT", pid);
      assertThat(Database.query(postgres, "SELECT 1")).containsExactly("1");
      assertThat(postgres.postmasterPid()).isEqualTo(pid);
    }
  }

  @Test
  void close_works_whileAPostmasterIsStopped() throws Exception {
    PreparedServer.copyCluster(data);
    EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES);
    ProcessHandle postmaster = ProcessHandle.of(postgres.postmasterPid()).orElseThrow();
    Send.signal("STOP", postmaster.pid());
    postgres.close();
    assertThat(postmaster.isAlive()).isFalse();
  }

  @Test
  void close_works_whileAPostmasterIsBeingStartedAgain() throws Exception {
    PreparedServer.copyCluster(data);
    for (int round = 0; round < 3; round++) {
      EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES);
      Send.signal("KILL", postgres.postmasterPid());
      postgres.close();
      assertThat(runs(postgres.postmasterPid())).isFalse();
    }
    EmbeddedPostgres.start(data, BINARIES).close();
  }

  @Test
  void processWithThePostmastersOldPid_isNotKilled() throws Exception {
    PreparedServer.copyCluster(data);
    EmbeddedPostgres.start(data, BINARIES).close();
    Process bystander = new ProcessBuilder("sleep", "600").start();
    try {
      Files.writeString(
          data.resolve("postgres/data/postmaster.pid"),
          """
          %d
          %s
          %d
          25432

          127.0.0.1
            2146308        16
          ready
          """
              .formatted(
                  bystander.pid(),
                  data.resolve("postgres/data"),
                  System.currentTimeMillis() / 1000));

      try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES)) {
        assertThat(Database.query(postgres, "SELECT 1")).containsExactly("1");
      }
      assertThat(bystander.isAlive()).isTrue();
    } finally {
      bystander.destroyForcibly();
    }
  }

  @Test
  void firstStart_killedDuringInitdb_isRepeated() throws Exception {
    try (ChildServer child = ChildServer.start(data, BINARIES)) {
      Waiting.until("initdb runs", SOON, () -> hasInside(data, "base"));
      child.kill();
    }
    assertThat(data.resolve("postgres")).doesNotExist();

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES)) {
      assertThat(Database.query(postgres, "SELECT 1")).containsExactly("1");
    }
    // The killed server's initdb may have outlived it for a moment; by now it is done.
    EmbeddedPostgres.start(data, BINARIES).close();
    assertThat(entries(data)).containsExactlyInAnyOrder("postgres", "postgres.lock");
  }

  @Test
  void firstStart_killedWhileUnpacking_isRepeated() throws Exception {
    Path binaries = directory.resolve("binaries");
    try (ChildServer child = ChildServer.start(data, binaries)) {
      Waiting.until("it unpacks", SOON, () -> hasInside(binaries, "share"));
      child.kill();
    }
    assertThat(entries(binaries)).noneMatch(name -> name.startsWith("postgresql-"));

    EmbeddedPostgres.start(data, binaries).close();
    assertThat(entries(binaries)).anyMatch(name -> name.startsWith("postgresql-"));
  }

  @Test
  void incompleteBinaries_areUnpackedAgain() throws Exception {
    PreparedServer.copyCluster(data);
    Path binaries = directory.resolve("binaries");
    EmbeddedPostgres.start(data, binaries).close();
    Path server =
        binaries
            .resolve(entries(binaries).filter(n -> n.startsWith("postgresql-")).findFirst().get())
            .resolve("bin/postgres");
    // Deleted first: a process that has not quite ended yet keeps its program from being written.
    Files.delete(server);
    Files.write(server, new byte[0]);

    EmbeddedPostgres.start(data, binaries).close();
    assertThat(server).isNotEmptyFile();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void ctrlC_reachesTheServer_andNotPostgres() throws Exception {
    PreparedServer.copyCluster(data);
    long postmaster;
    // A build in the background ignores SIGINT, and so would all that it starts.
    try (ChildServer child =
        ChildServer.start(data, BINARIES, "env", "--default-signal=INT", "setsid")) {
      postmaster = Long.parseLong(child.await("RUNNING"));
      // A negative number is a process group, of which setsid has made the child the leader.
      Send.signal("INT", -child.pid());
      child.await("FINISHED");
      child.await("CLOSED");
    }
    assertThat(runs(postmaster)).isFalse();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, BINARIES)) {
      assertThat(Database.query(postgres, "SELECT body FROM note ORDER BY body"))
          .containsExactly(
              "from the child", "last, on a new connection", "last, on an open connection");
    }
  }

  /** Whether the process runs; one that is dead and not yet buried by its parent doesn't. */
  private static boolean runs(long pid) {
    return ProcessHandle.of(pid).flatMap(process -> process.info().command()).isPresent();
  }

  /** Whether the directory, or one in it, holds a directory of that name. */
  private static boolean hasInside(Path directory, String name) throws IOException {
    try (Stream<Path> found = Files.find(directory, 4, (path, a) -> path.endsWith(name))) {
      return found.findAny().isPresent();
    }
  }

  private static Stream<String> entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(path -> path.getFileName().toString()).toList().stream();
    }
  }
}

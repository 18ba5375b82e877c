package ai.pediscreen.telemetry.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code backup} and {@code restore}, beside a packaged server that takes events. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class BackupIT {

  private static final long SEED = 20_261_129;
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir private Path directory;

  @Test
  @DisplayName("A backup under load holds all that was acknowledged before, with exact figures")
  void backupUnderLoad_isRestored_withAllAcknowledgedEvents() throws Exception {
    Path from = Files.createDirectory(directory.resolve("from"));
    Path to = empty("to");
    Path backup = directory.resolve("backup.zip");
    int port = ServerProcess.freePort();
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    Set<String> before;
    try (ServerProcess server = ServerProcess.start(from, port);
        Senders senders =
            new Senders(
                List.of(server.uri("/events")),
                today.minusDays(20).datesUntil(today).toList(),
                SEED)) {
      Waiting.until("some are stored", LIMIT, () -> senders.acknowledged().size() > 1_000);
      before = ids(senders);
      Finished made = run(from, Map.of(), "backup", "--out", backup.toString());
      assertThat(made.status()).as(made.output()).isZero();
      assertThat(made.output()).contains("'restore --from' takes it back");
      int meanwhile = senders.acknowledged().size() - before.size();
      assertThat(meanwhile).as("events that were acknowledged meanwhile").isPositive();
      assertThat(senders.faults()).isEmpty();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
          .isEqualTo("rw-------");
      // What comes after the backup is lost with the server.
      server.kill();
    }

    Finished restored = run(to, Map.of(), "restore", "--from", backup.toString());

    assertThat(restored.status()).as(restored.output()).isZero();
    Recount.check(to.resolve("telemetry-data"), before);
    try (ServerProcess server = ServerProcess.start(to, port)) {
      assertThat(Http.get(server.uri("/telemetry?action=overview&range=30d")).body())
          .doesNotContain("\"total_requests\":0");
      assertThat(Http.get(server.uri("/audit")).body())
          .contains("\"action\":\"backup_asked\"", "\"action\":\"backup_restored\"");
    }
    Finished again = run(to, Map.of(), "restore", "--from", backup.toString());
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.output()).contains("holds data already").doesNotContain("Exception");
  }

  @Test
  void stoppedServer_isBackedUp_andADamagedBackupIsRefused() throws Exception {
    Path from = Files.createDirectory(directory.resolve("from"));
    int port = ServerProcess.freePort();
    try (ServerProcess server = ServerProcess.start(from, port)) {
      Http.postJson(
          server.uri("/events"),
          "{\"event_id\":\"kept\",\"timestamp\":\"%s\"}".formatted(Instant.now()));
    }
    Path backup = directory.resolve("backup.zip");
    assertThat(run(from, Map.of(), "backup", "--out", backup.toString()).status()).isZero();
    Finished twice = run(from, Map.of(), "backup", "--out", backup.toString());
    assertThat(twice.status()).isEqualTo(2);
    assertThat(twice.output()).contains("exists already");

    Path damaged = Files.copy(backup, directory.resolve("damaged.zip"));
    try (RandomAccessFile file = new RandomAccessFile(damaged.toFile(), "rw")) {
      file.seek(file.length() / 2);
      int one = file.read();
      file.seek(file.length() / 2);
      file.write(one ^ 0x55);
    }
    Path cut = directory.resolve("cut.zip");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(backup), 100_000));
    Path other = Files.writeString(directory.resolve("other.zip"), "no backup");
    for (Path file : List.of(damaged, cut, other)) {
      Path to = empty("to-" + file.getFileName());
      Finished refused = run(to, Map.of(), "restore", "--from", file.toString());
      assertThat(refused.status()).as(refused.output()).isEqualTo(1);
      assertThat(refused.output()).contains("backup").doesNotContain("Exception");
      assertThat(to.resolve("telemetry-data/postgres")).doesNotExist();
    }
    Path to = empty("to");
    assertThat(run(to, Map.of(), "restore", "--from", backup.toString()).status()).isZero();
    Recount.check(to.resolve("telemetry-data"), Set.of("kept"));
  }

  @Test
  void backup_isRefused_forAnotherPostgresql() throws Exception {
    Finished refused =
        run(
            directory,
            Map.of("DATABASE_URL", "postgresql://u:p@127.0.0.1:1/x"),
            "backup",
            "--out",
            directory.resolve("backup.zip").toString());
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.output()).contains("pg_basebackup");
    Finished nothing =
        run(directory, Map.of(), "backup", "--out", directory.resolve("backup.zip").toString());
    assertThat(nothing.status()).isEqualTo(1);
    assertThat(nothing.output()).contains("there are no data in");
  }

  /** A place without data, where PostgreSQL need not be unpacked. */
  private Path empty(String name) throws IOException {
    Path place = Files.createDirectory(directory.resolve(name));
    PreparedServer.linkPrograms(place.resolve("telemetry-data"));
    return place;
  }

  private record Finished(int status, String output) {}

  private static Finished run(Path directory, Map<String, String> settings, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(ServerProcess.command(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().putAll(settings);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Finished(process.waitFor(), output);
  }

  private static Set<String> ids(Senders senders) {
    return senders.acknowledged().stream().map(TelemetryEvent::eventId).collect(Collectors.toSet());
  }
}

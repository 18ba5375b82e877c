package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackagedJarIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path directory;

  @Test
  void start_printsTheBannerOnly() throws Exception {
    int port = ServerProcess.freePort();
    try (ServerProcess server = ServerProcess.startFirst(directory, Map.of(), port)) {
      assertThat(Http.get(server.uri("/telemetry")).statusCode()).isEqualTo(200);
      assertThat(server.stop(Duration.ofSeconds(10))).isEqualTo(143);
      assertThat(server.output().lines().toList()).hasSizeBetween(3, 10);
      assertThat(server.output())
          .contains(server.uri("").toString())
          .contains(directory.resolve("telemetry-data").toString())
          .containsPattern("starting PostgreSQL in .* \\(the first start: unpacking it")
          .contains("PostgreSQL runs; opening the database")
          .contains("DATABASE_URL")
          .contains("AUTH=required")
          .doesNotContain("server_started");
    }
  }

  @Test
  void secondServer_onTheSameDirectory_isRefusedWithAReason() throws Exception {
    try (ServerProcess server = ServerProcess.start(directory, ServerProcess.freePort());
        ServerProcess second = ServerProcess.launch(directory, Map.of("PORT", "0"), 0)) {
      assertThat(second.exitCode(LIMIT)).isNotZero();
      assertThat(second.output()).contains("in use by another server").doesNotContain("\tat ");
      assertThat(Http.get(server.uri("/readyz")).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void takenPort_isExplainedInASentence() throws Exception {
    int port = ServerProcess.freePort();
    Map<String, String> environment =
        Map.of(
            "PORT", Integer.toString(port), "DATA_DIR", directory.resolve("other-data").toString());
    try (ServerProcess server = ServerProcess.start(directory, port);
        ServerProcess second = ServerProcess.launch(directory, environment, port)) {
      assertThat(second.exitCode(LIMIT)).isNotZero();
      assertThat(second.output())
          .containsOnlyOnce("cannot listen on 127.0.0.1:" + port)
          .containsPattern("; PORT=\\d+ is free")
          .doesNotContain("\tat ");
      assertThat(directory.resolve("other-data")).as("nothing was started in vain").doesNotExist();
      assertThat(server.output()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/proc/x, 'cannot write to the data directory /proc/x ('",
    "FILE, 'is a file and no directory: set DATA_DIR'",
    "FILE/data, 'is a file: set DATA_DIR elsewhere'",
  })
  void unusableDataDirectory_isExplainedInASentence_byDoctorToo(String place, String sentence)
      throws Exception {
    String path =
        place.replace("FILE", Files.writeString(directory.resolve("a-file"), "").toString());
    Map<String, String> environment = Map.of("PORT", "0", "DATA_DIR", path);
    try (ServerProcess server = ServerProcess.launch(directory, environment, 0);
        ServerProcess doctor = ServerProcess.launch(directory, environment, 0, "doctor")) {
      assertThat(server.exitCode(LIMIT)).isNotZero();
      assertThat(server.output()).contains(sentence).doesNotContain("Exception");
      assertThat(server.output().lines().toList()).hasSize(1);
      assertThat(doctor.exitCode(LIMIT)).isEqualTo(1);
      assertThat(doctor.output()).contains("FAIL  Disk", sentence);
    }
  }

  @Test
  void everyFaultOfTheConfiguration_isListedInOneMessage() throws Exception {
    Map<String, String> environment =
        Map.of("PORT", "http", "DATABASE_URL", "mysql://u:secret@h/d", "RETENTION_DAYS", "0");
    try (ServerProcess server = ServerProcess.launch(directory, environment, 0)) {
      assertThat(server.exitCode(LIMIT)).isNotZero();
      assertThat(server.output())
          .contains("PORT must be a whole number between 0 and 65535")
          .contains("DATABASE_URL must begin with postgresql://")
          .contains("RETENTION_DAYS must be a whole number between 1 and 3650")
          .doesNotContain("secret")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void unreachableDatabase_isAwaited_andThenExplainedInASentence() throws Exception {
    Map<String, String> environment =
        Map.of("DATABASE_URL", "postgres://me:secret@127.0.0.1:1/none", "PORT", "0");
    try (ServerProcess server = ServerProcess.launch(directory, environment, 0)) {
      assertThat(server.exitCode(LIMIT)).isNotZero();
      assertThat(server.output().lines().toList()).hasSize(2);
      assertThat(server.output())
          .contains("waiting for the database")
          .contains("telemetry-server: cannot connect to the database: Connection to 127.0.0.1:1")
          .doesNotContain("secret");
    }
  }

  @Test
  void help_namesTheCommands_andVersionTheVersion() throws Exception {
    try (ServerProcess help = ServerProcess.launch(directory, Map.of(), 0, "--help");
        ServerProcess version = ServerProcess.launch(directory, Map.of(), 0, "--version")) {
      assertThat(help.exitCode(LIMIT)).isZero();
      assertThat(help.output()).contains("serve").contains("DATABASE_URL");
      assertThat(version.exitCode(LIMIT)).isZero();
      assertThat(version.output()).matches("(?s)telemetry-server \\d+\\.\\d+.*");
    }
  }
}

package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgres;
import ai.pediscreen.telemetry.server.job.redis.RedisProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL and Redis that speak TLS: whoever they are is checked, and nobody else is taken. */
class StoresOverTlsIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path directory;

  @Test
  void stores_areReached_onlyIfTheirCertificatesAreTrusted() throws Exception {
    TestCertificate trusted = TestCertificate.make(directory, "EC", 30);
    TestCertificate another = TestCertificate.make(directory, "EC", 30);
    Path data = directory.resolve("data");
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, PostgresServer.PROGRAMS);
        RedisProcess redis = RedisProcess.start(directory)) {
      speakTls(postgres, data, trusted);
      int redisPort = speakTls(redis, trusted);

      String good = doctor(postgres, redisPort, trusted);
      assertThat(good).containsPattern("(?m)^ok +Database").containsPattern("(?m)^ok +Redis");
      String bad = doctor(postgres, redisPort, another);
      assertThat(bad).containsPattern("(?m)^FAIL +Database").containsPattern("(?m)^FAIL +Redis");
    }
  }

  private static void speakTls(EmbeddedPostgres postgres, Path data, TestCertificate certificate)
      throws Exception {
    // Where PostgreSQL may read them, whichever account it runs as.
    Path home = data.resolve("postgres");
    Path chain = home.resolve("server.crt");
    Path key = home.resolve("server.key");
    certificate.write(chain, key);
    for (Path file : new Path[] {chain, key}) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      Files.setOwner(file, Files.getOwner(home));
    }
    EmbeddedPostgres.Access administrator = postgres.administrator();
    try (Connection connection =
            DriverManager.getConnection(
                administrator.jdbcUrl(), administrator.username(), administrator.password());
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER SYSTEM SET ssl_cert_file = '" + chain + "'");
      statement.execute("ALTER SYSTEM SET ssl_key_file = '" + key + "'");
      statement.execute("ALTER SYSTEM SET ssl = on");
      statement.execute("SELECT pg_reload_conf()");
    }
  }

  private int speakTls(RedisProcess redis, TestCertificate certificate) throws Exception {
    Path chain = directory.resolve("redis.crt");
    Path key = directory.resolve("redis.key");
    certificate.write(chain, key);
    int port = ServerProcess.freePort();
    redis.restartWith(
        "--tls-port",
        Integer.toString(port),
        "--tls-cert-file",
        chain.toString(),
        "--tls-key-file",
        key.toString(),
        "--tls-auth-clients",
        "no");
    Waiting.until("Redis answers", LIMIT, () -> redis.client().ping().equals("PONG"));
    return port;
  }

  /** What doctor says to one who trusts a certificate alone. */
  private String doctor(EmbeddedPostgres postgres, int redisPort, TestCertificate trusted)
      throws Exception {
    Path root = Files.createTempFile(directory, "root", ".crt");
    trusted.write(root, Files.createTempFile(directory, "unused", ".key"));
    Path store = trusted.trustStore(directory);
    String database =
        "postgresql://%s:%s@%s?sslmode=verify-full&sslrootcert=%s"
            .formatted(
                postgres.username(),
                postgres.password(),
                postgres.jdbcUrl().replaceFirst("jdbc:postgresql://[^:/]*", "localhost"),
                root);
    Path said = Files.createTempFile(directory, "doctor", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(ServerProcess.command("doctor"))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "DATABASE_URL",
                database,
                "REDIS_URL",
                "rediss://localhost:" + redisPort,
                "JAVA_TOOL_OPTIONS",
                "-Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStorePassword=%s"
                    .formatted(store, TestCertificate.PASSWORD)));
    assertThat(builder.start().waitFor()).isBetween(0, 1);
    return Files.readString(said, StandardCharsets.UTF_8);
  }
}

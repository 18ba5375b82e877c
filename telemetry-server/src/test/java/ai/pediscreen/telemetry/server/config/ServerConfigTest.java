package ai.pediscreen.telemetry.server.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.bigquery.BigQuerySettings;
import ai.pediscreen.telemetry.daily.DriftFeature;
import ai.pediscreen.telemetry.daily.DriftIncidents;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.drift.DriftGate;
import ai.pediscreen.telemetry.privacy.PhiMode;
import ai.pediscreen.telemetry.server.TestCertificate;
import ai.pediscreen.telemetry.server.alert.AlertSettings;
import ai.pediscreen.telemetry.server.cli.Banner;
import ai.pediscreen.telemetry.server.http.HttpServerSettings;
import ai.pediscreen.telemetry.server.http.access.ConnectionLimits;
import ai.pediscreen.telemetry.server.http.access.SenderRates;
import ai.pediscreen.telemetry.server.price.PriceList;
import ai.pediscreen.telemetry.server.url.DatabaseUrl;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerConfigTest {

  @Test
  void defaults_areTheContracts() {
    ServerConfig config = ServerConfig.of(Map.of("DATABASE_URL", "  "));
    assertThat(config)
        .isEqualTo(
            new ServerConfig(
                new HttpConfig(
                    new HttpServerSettings.Listening(
                        "127.0.0.1", 8000, null, ConnectionLimits.ofProcess()),
                    new HttpServerSettings.Senders(false, SenderRates.UNLIMITED, Set.of()),
                    null),
                new StorageConfig(
                    new StorageConfig.Database(
                        null, null, "pedi_telemetry", Path.of("telemetry-data")),
                    new StorageConfig.Retention(400, 2_190, 1_000),
                    null,
                    new WarehouseConfig(null, false, false)),
                new EventConfig(PhiMode.REDACT, null, false, PriceList.empty()),
                new DriftConfig(DriftSettings.standard(), DriftIncidents.standard()),
                AlertSettings.NONE,
                new ReportingConfig("dev", "pedi-telemetry", null, "127.0.0.1", null, Map.of())));
  }

  @ParameterizedTest
  @DisplayName(
      "DATABASE_URL (postgresql://, postgres://, postgresql+asyncpg://, jdbc:postgresql://")
  @ValueSource(strings = {"postgresql", "postgres", "postgresql+asyncpg", "jdbc:postgresql"})
  void databaseUrl_isReadInEveryForm(String scheme) {
    DatabaseUrl url =
        DatabaseUrl.parse(scheme + "://me:p%40s+s@db.example:5433/telemetry?sslmode=require");
    assertThat(url)
        .isEqualTo(
            new DatabaseUrl(
                "jdbc:postgresql://db.example:5433/telemetry?sslmode=require", "me", "p@s+s"));
    assertThat(url.toString()).doesNotContain("p@s+s").doesNotContain("sslmode");
  }

  @ParameterizedTest
  @CsvSource({
    "postgres://db/telemetry,jdbc:postgresql://db/telemetry",
    "postgres://[::1]:5432/t,jdbc:postgresql://[::1]:5432/t",
    "'postgres://a,b:1/t','jdbc:postgresql://a,b:1/t'",
    "postgres://db,jdbc:postgresql://db",
    "jdbc:postgresql://db/t?user=u&password=p,jdbc:postgresql://db/t?user=u&password=p"
  })
  void databaseUrl_needsNoUser(String text, String jdbcUrl) {
    assertThat(DatabaseUrl.parse(text)).isEqualTo(new DatabaseUrl(jdbcUrl, null, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://u:secret@h/d",
        "secret",
        "postgresql://",
        "postgres://u:sec/ret@h/d",
        "postgres://u:secret@h:99999/d"
      })
  void databaseUrl_isRefusedWithoutRepeatingIt(String text) {
    assertThatThrownBy(() -> ServerConfig.of(Map.of("DATABASE_URL", text)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("DATABASE_URL must")
        .hasMessageNotContaining("secret")
        .hasMessageNotContaining("sec/ret");
  }

  @Test
  void migrateDatabaseUrl_withoutDatabaseUrl_isRefused() {
    assertThatThrownBy(
            () -> ServerConfig.of(Map.of("MIGRATE_DATABASE_URL", "postgresql://o:secret@db/t")))
        .hasMessageContaining("MIGRATE_DATABASE_URL needs DATABASE_URL")
        .hasMessageNotContaining("secret");
  }

  @Test
  void postgresOwnSchema_isRefused() {
    assertThatThrownBy(() -> ServerConfig.of(Map.of("DATABASE_SCHEMA", "information_schema")))
        .hasMessageContaining("DATABASE_SCHEMA must not be that of PostgreSQL's own");
  }

  @Test
  @DisplayName("A wrong value stops the start with one message that lists every fault")
  void everyFault_isListed_whenSeveralValuesAreWrong() {
    assertThatThrownBy(
            () ->
                ServerConfig.of(
                    Map.of("PORT", "65536", "AUTH", "maybe", "RETENTION_DAYS", "x", "HOST", "a b")))
        .hasMessageContaining("PORT must be a whole number between 0 and 65535")
        .hasMessageContaining("AUTH must be one of required, off")
        .hasMessageContaining("RETENTION_DAYS must be")
        .hasMessageContaining("HOST must be");
  }

  @Test
  void fault_isListedOnce_whenTwoGroupsReadTheSetting() {
    assertThatThrownBy(() -> ServerConfig.of(Map.of("REDIS_URL", "http://cache")))
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class,
            refused ->
                assertThat(refused.faults()).singleElement().asString().contains("REDIS_URL"));
  }

  @Test
  @DisplayName("AUTH (required, or off: the default only while HOST is loopback)")
  void auth_isRequired_whenTheHostIsNotLoopback() {
    assertThat(ServerConfig.of(Map.of("HOST", "0.0.0.0")).http().senders().keysRequired()).isTrue();
    assertThat(ServerConfig.of(Map.of("HOST", "::1")).http().senders().keysRequired()).isFalse();
    assertThat(ServerConfig.of(Map.of("AUTH", "required")).http().senders().keysRequired())
        .isTrue();
    assertThatThrownBy(() -> ServerConfig.of(Map.of("HOST", "0.0.0.0", "AUTH", "off")))
        .hasMessageContaining("HOST must be a loopback address");
  }

  @Test
  @DisplayName("Each secret also as <NAME>_FILE")
  void secret_isReadFromAFile(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("url"), "postgres://u:p@h/d\n");
    Map<String, String> variables = Map.of("DATABASE_URL_FILE", file.toString());
    assertThat(ServerConfig.of(variables).storage().database().url())
        .isEqualTo(new DatabaseUrl("jdbc:postgresql://h/d", "u", "p"));
    assertThatThrownBy(
            () ->
                ServerConfig.of(
                    Map.of("DATABASE_URL", "postgres://h/d", "DATABASE_URL_FILE", file.toString())))
        .hasMessageContaining("both set");
    assertThatThrownBy(
            () -> ServerConfig.of(Map.of("DATABASE_URL_FILE", directory.resolve("no").toString())))
        .hasMessageContaining("cannot be read");
  }

  @Test
  @DisplayName("On its own port (`METRICS_PORT`, loopback by default)")
  void metrics_haveTheirOwnPort_whenItIsSet() {
    ServerConfig config = ServerConfig.of(Map.of("METRICS_PORT", "9464"));
    assertThat(config.reporting().metricsPort()).isEqualTo(9464);
    assertThat(config.reporting().metricsHost()).isEqualTo("127.0.0.1");
    assertThat(Banner.lines(config, 8000, 9464, "here"))
        .anyMatch(line -> line.endsWith("http://127.0.0.1:9464/metrics"));
    assertThatThrownBy(() -> ServerConfig.of(Map.of("METRICS_PORT", "65536")))
        .hasMessageContaining("METRICS_PORT must be a whole number between 0 and 65535");
  }

  @Test
  void sentryDsn_isReadOrRefusedWithoutRepeatingIt() {
    ServerConfig config = ServerConfig.of(Map.of("SENTRY_DSN", "https://s3cr3t@sentry.example/42"));
    assertThat(config.reporting().sentry()).hasToString("sentry.example");
    assertThat(config.toString()).doesNotContain("s3cr3t");
    assertThatThrownBy(() -> ServerConfig.of(Map.of("SENTRY_DSN", "s3cr3t")))
        .hasMessageContaining("SENTRY_DSN must look like")
        .hasMessageNotContaining("s3cr3t");
  }

  @Test
  void prices_areReadFromTheirFile_andEveryFaultIsListed(@TempDir Path directory)
      throws IOException {
    assertThat(ServerConfig.of(Map.of("PRICES", "../deploy/prices.json")).events().prices().size())
        .isPositive();
    Path file = directory.resolve("prices.json");
    Files.writeString(file, "{\"prices\": [{\"model\": \"m\", \"from\": \"2026\", \"input\": 1}]}");
    assertThatThrownBy(() -> ServerConfig.of(Map.of("PRICES", file.toString(), "PORT", "x")))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("PORT must be")
        .hasMessageContaining("PRICES prices[0].from must be")
        .hasMessageContaining("PRICES prices[0].output must be");
    assertThatThrownBy(() -> ServerConfig.of(Map.of("PRICES", "nowhere.json")))
        .hasMessageContaining("PRICES names a file that cannot be read: nowhere.json");
  }

  @Test
  void settings_areListedAsSet_withoutSecrets() {
    Map<String, String> variables = new HashMap<>();
    variables.put("REDIS_URL", "redis://u:secret-1@cache:6379");
    variables.put("DATABASE_URL", "postgresql://u:secret-1@db/t");
    variables.put("SENTRY_DSN", "https://secret1@sentry.example/1");
    variables.put("ALERT_SMTP", "smtps://u:secret-1@mail.example:465");
    variables.put("PSEUDONYM_KEY", "secret-1-0123456789abcdef0123456789");
    variables.put("INIT_ADMIN_KEY", "secret-1-9f8e7d6c5b4a39281706f5e4d3c2b1a0");
    variables.put("ALERT_WEBHOOK", "https://alerts.example/secret-1");
    variables.put("ALERT_WEBHOOK_SECRET", "secret-1-0123456789");
    variables.put("ALERT_MAIL_FROM", "a@example.com");
    variables.put("ALERT_MAIL_TO", "b@example.com");
    variables.put("RETENTION_DAYS", " 30 ");
    variables.put("HOST", "  ");
    // Of no use without a project, and told all the same.
    variables.put("BIGQUERY_LOCATION", "EU");
    variables.put("PATH", "/bin");

    Map<String, String> settings = ServerConfig.of(variables).reporting().settings();

    assertThat(settings)
        .containsEntry("RETENTION_DAYS", "30")
        .containsEntry("BIGQUERY_LOCATION", "EU")
        .containsEntry("DATABASE_URL", "set")
        .containsEntry("REDIS_URL", "set")
        .doesNotContainKeys("HOST", "PATH", "PORT");
    assertThat(settings.toString()).doesNotContain("secret-1", "secret1");
  }

  @Test
  @DisplayName("DRIFT_FEATURES, a list of JSON pointers; the latency is always watched")
  void driftFeatures_areRead() {
    for (String unset : List.of("latency_ms", " latency_ms ", "")) {
      assertThat(ServerConfig.of(Map.of("DRIFT_FEATURES", unset)).drift().watched().features())
          .isEmpty();
    }
    List<DriftFeature> both =
        List.of(new DriftFeature("/response/confidence"), new DriftFeature("/response/risk_level"));
    for (String text :
        List.of(
            "/response/confidence,/response/risk_level",
            "latency_ms, /response/confidence , /response/risk_level")) {
      assertThat(ServerConfig.of(Map.of("DRIFT_FEATURES", text)).drift().watched().features())
          .isEqualTo(both);
    }
  }

  @Test
  @DisplayName("DRIFT_SEASON=week|off, DRIFT_BY=a pointer, DRIFT_FALSE_ALERTS=0.01")
  void driftSettings_areRead() {
    DriftSettings usual = ServerConfig.of(Map.of()).drift().watched();
    assertThat(usual).isEqualTo(DriftSettings.standard());
    DriftSettings other =
        ServerConfig.of(
                Map.of(
                    "DRIFT_SEASON", "off",
                    "DRIFT_BY", "/request/age_band",
                    "DRIFT_FALSE_ALERTS", "0.05"))
            .drift()
            .watched();
    assertThat(other.season()).isFalse();
    assertThat(other.by()).isEqualTo(new DriftFeature("/request/age_band"));
    assertThat(other.falseAlerts()).isEqualTo(0.05);
    assertThatThrownBy(
            () ->
                ServerConfig.of(
                    Map.of(
                        "DRIFT_SEASON", "month",
                        "DRIFT_BY", "age_band",
                        "DRIFT_FALSE_ALERTS", "NaN")))
        .hasMessageContaining("DRIFT_SEASON must be one of week, off")
        .hasMessageContaining("DRIFT_BY must be a JSON pointer")
        .hasMessageContaining("DRIFT_FALSE_ALERTS must be over 0 and at most 0.5");
  }

  @Test
  @DisplayName("DRIFT_INCIDENTS=2/3,3")
  void driftIncidents_areRead() {
    assertThat(ServerConfig.of(Map.of()).drift().incidents())
        .isEqualTo(new DriftIncidents(2, 3, 3));
    assertThat(ServerConfig.of(Map.of("DRIFT_INCIDENTS", "1/1, 7")).drift().incidents())
        .isEqualTo(new DriftIncidents(1, 1, 7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2/3", "3/2,3", "0/3,3", "2/3,0", "2/29,3", "2/3,29", "2/3,3,1", "-1/3,3"})
  void invalidDriftIncidents_areRefused(String text) {
    assertThatThrownBy(() -> ServerConfig.of(Map.of("DRIFT_INCIDENTS", text)))
        .hasMessageContaining("DRIFT_INCIDENTS must be days with an alert, among how many");
  }

  @Test
  @DisplayName("DRIFT_GATE=psi=0.25,missing=0.1, DRIFT_BASELINE_GATE=median=0.5")
  void driftGates_areRead() {
    DriftSettings settings =
        ServerConfig.of(
                Map.of(
                    "DRIFT_GATE", "psi=0.25, missing=0.1",
                    "DRIFT_BASELINE_GATE", "median=0.5,wasserstein=1"))
            .drift()
            .watched();
    assertThat(settings.gate()).isEqualTo(new DriftGate(0.01, 0.25, 0.04, 0.1));
    assertThat(settings.baselineGate()).isEqualTo(new DriftGate(0.01, 0.2, 0.5, 1));
    assertThat(settings.missingShiftAbove()).isEqualTo(0.1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.2", "psi", "psi=0", "psi=NaN", "psi=1,psi=2", "size=1", "missing=1", "psi=1,"})
  void invalidDriftGate_isRefused(String text) {
    assertThatThrownBy(() -> ServerConfig.of(Map.of("DRIFT_GATE", text)))
        .hasMessageContaining("DRIFT_GATE must be thresholds over 0 such as psi=0.2")
        .hasMessageContaining("of psi, median, wasserstein, missing");
    assertThatThrownBy(() -> ServerConfig.of(Map.of("DRIFT_BASELINE_GATE", "missing=0.1")))
        .hasMessageContaining("DRIFT_BASELINE_GATE must be thresholds");
  }

  @Test
  void driftFeatures_areRefused_eachByName() {
    assertThatThrownBy(
            () ->
                ServerConfig.of(
                    Map.of("DRIFT_FEATURES", "response.a,/ok,/b~,/scores/01,/ok,", "PORT", "x")))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("PORT must be")
        .hasMessageContaining("DRIFT_FEATURES: 'response.a' must be a JSON pointer")
        .hasMessageContaining("DRIFT_FEATURES: '/b~' must write ~ as ~0")
        .hasMessageContaining("DRIFT_FEATURES: '/scores/01' must write the index")
        .hasMessageContaining("DRIFT_FEATURES: '/ok' is there twice")
        .hasMessageContaining("DRIFT_FEATURES: '' must be a JSON pointer");
    String many = IntStream.range(0, 17).mapToObj(i -> "/f" + i).collect(Collectors.joining(","));
    assertThatThrownBy(() -> ServerConfig.of(Map.of("DRIFT_FEATURES", many)))
        .hasMessageContaining("DRIFT_FEATURES must name at most 16 features");
  }

  @Test
  @DisplayName("INIT_ADMIN_KEY must not be weak, and is nowhere repeated")
  void initAdminKey_isRefusedWhenItIsWeak() {
    String strong = "8f31c09be7d24a66b1590e3d7c2af482";
    ServerConfig config = ServerConfig.of(Map.of("INIT_ADMIN_KEY", strong));
    assertThat(config.http().initAdminKey()).isNotNull();
    assertThat(config.toString()).doesNotContain(strong);
    assertThatThrownBy(() -> ServerConfig.of(Map.of("INIT_ADMIN_KEY", "letmein")))
        .hasMessageContaining("INIT_ADMIN_KEY must be 32 to 256 random characters")
        .hasMessageNotContaining("letmein");
  }

  @Test
  @DisplayName("CORS_ORIGINS (none)")
  void corsOrigins_areReadAsBrowsersWriteThem() {
    assertThat(
            ServerConfig.of(
                    Map.of(
                        "CORS_ORIGINS",
                        "https://App.Example:443, http://localhost:3000,http://[::1]:80"))
                .http()
                .senders()
                .corsOrigins())
        .containsExactlyInAnyOrder("https://app.example", "http://localhost:3000", "http://[::1]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "null",
        "app.example",
        "https://app.example/",
        "https://*.example",
        "https://me@app.example",
        "https://app.example,,",
        "ftp://app.example",
        "https://app.example?x",
        "https:// app.example"
      })
  void invalidCorsOrigins_areRefused(String text) {
    assertThatThrownBy(() -> ServerConfig.of(Map.of("CORS_ORIGINS", text)))
        .hasMessageContaining("CORS_ORIGINS must list origins separated by commas");
  }

  @Test
  @DisplayName("PHI (redact, reject, off), PSEUDONYM_KEY")
  void phi_isReadInEachMode_andAPseudonymKeyMustBeLong() {
    assertThat(ServerConfig.of(Map.of("PHI", "reject")).events().phi()).isEqualTo(PhiMode.REJECT);
    ServerConfig off = ServerConfig.of(Map.of("PHI", "off", "PSEUDONYM_KEY", "k".repeat(32)));
    assertThat(off.events().phi()).isEqualTo(PhiMode.OFF);
    assertThat(off.events().pseudonyms()).isNotNull();
    assertThat(off.toString()).doesNotContain("kkk");
    assertThat(Banner.lines(off, 8000, 8000, "here"))
        .anyMatch(line -> line.contains("PHI      off"));
    assertThatThrownBy(() -> ServerConfig.of(Map.of("PHI", "maybe", "PSEUDONYM_KEY", "too short")))
        .hasMessageContaining("PHI must be one of redact, reject, off")
        .hasMessageContaining("PSEUDONYM_KEY must be at least 32 bytes long")
        .hasMessageNotContaining("too short");
  }

  @Test
  void bigQuery_canBeTheQueryEngine() {
    Map<String, String> variables =
        Map.of("ENABLE_BIGQUERY", "true", "BIGQUERY_PROJECT", "p", "QUERY_ENGINE", "bigquery");
    assertThat(ServerConfig.of(variables).storage().warehouse().answering()).isTrue();
    assertThat(Banner.lines(ServerConfig.of(variables), 8000, 8000, "here"))
        .anyMatch(line -> line.contains("p.pedi_telemetry, which answers questions"));
    assertThat(
            ServerConfig.of(Map.of("QUERY_ENGINE", "postgres")).storage().warehouse().answering())
        .isFalse();
  }

  @Test
  void bigQuery_isNoQueryEngine_withoutExport() {
    assertThatThrownBy(
            () ->
                ServerConfig.of(Map.of("QUERY_ENGINE", "bigquery", "BIGQUERY_PROJECT", "project")))
        .hasMessageContaining("QUERY_ENGINE=bigquery needs ENABLE_BIGQUERY=true");
    assertThatThrownBy(
            () -> ServerConfig.of(Map.of("QUERY_ENGINE", "bigquery", "ENABLE_BIGQUERY", "true")))
        .hasMessageContaining("BIGQUERY_PROJECT must be set");
    assertThatThrownBy(() -> ServerConfig.of(Map.of("QUERY_ENGINE", "sqlite")))
        .hasMessageContaining("QUERY_ENGINE must be one of postgres, bigquery");
  }

  @Test
  void queryBytes_areSetInGibibytes() {
    WarehouseConfig config =
        ServerConfig.of(
                Map.of(
                    "BIGQUERY_PROJECT", "p",
                    "BIGQUERY_MAX_GIB_PER_QUERY", "3",
                    "BIGQUERY_MAX_GIB_PER_DAY", "70"))
            .storage()
            .warehouse();
    assertThat(requireNonNull(config.named()).address())
        .isEqualTo(
            BigQuerySettings.of("p", "pedi_telemetry")
                .withQueryLimits(3L << 30, 70L << 30, BigQuerySettings.DEFAULT_QUERY_TIMEOUT));
    assertThatThrownBy(
            () -> ServerConfig.of(Map.of("BIGQUERY_PROJECT", "p", "BIGQUERY_MAX_GIB_PER_DAY", "0")))
        .hasMessageContaining("BIGQUERY_MAX_GIB_PER_DAY must be a whole number");
  }

  @Test
  void bigQuery_isOff_untilItIsOn() {
    assertThat(ServerConfig.of(Map.of("BIGQUERY_PROJECT", "p-1")).storage().warehouse().exporting())
        .isFalse();
    ServerConfig config =
        ServerConfig.of(
            Map.of(
                "ENABLE_BIGQUERY",
                "True",
                "BIGQUERY_PROJECT",
                "p-1",
                "BIGQUERY_LOCATION",
                "EU",
                "BIGQUERY_ENDPOINT",
                "http://localhost:9050"));
    assertThat(config.storage().warehouse().exporting()).isTrue();
    assertThat(config.storage().warehouse().target())
        .isEqualTo(
            BigQuerySettings.of("p-1", "pedi_telemetry")
                .withLocation("EU")
                .withEndpoints(URI.create("http://localhost:9050"), null));
  }

  @ParameterizedTest
  @CsvSource({
    "ENABLE_BIGQUERY,maybe,ENABLE_BIGQUERY must be true or false",
    "ENABLE_BIGQUERY,yes,BIGQUERY_PROJECT must be set when ENABLE_BIGQUERY is",
    "BIGQUERY_PROJECT,No Project,BIGQUERY_PROJECT must be lower-case letters",
  })
  void bigQuery_faultsNameTheirSetting(String name, String value, String message) {
    assertThatThrownBy(() -> ServerConfig.of(Map.of(name, value))).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "BIGQUERY_DATASET,a-b,BIGQUERY_DATASET must be letters",
    "BIGQUERY_ENDPOINT,localhost:9050,BIGQUERY_ENDPOINT must be http://host:port",
    "BIGQUERY_WRITE_ENDPOINT,ftp://x,BIGQUERY_WRITE_ENDPOINT must be http://host:port",
    "GOOGLE_APPLICATION_CREDENTIALS,/none,GOOGLE_APPLICATION_CREDENTIALS names a file that cannot",
  })
  void bigQuery_faultsAreListed_alsoWithAProject(String name, String value, String message) {
    assertThatThrownBy(() -> ServerConfig.of(Map.of("BIGQUERY_PROJECT", "p-1", name, value)))
        .hasMessageContaining(message);
  }

  @Test
  void rateLimits_areOff_unlessSet() {
    ServerConfig set =
        ServerConfig.of(
            Map.of(
                "EVENTS_PER_SECOND", "500",
                "REQUESTS_PER_SECOND", "20",
                "MAX_CONNECTIONS", "400",
                "REDIS_URL", "redis://localhost"));

    assertThat(set.http().senders().rates()).isEqualTo(new SenderRates(20, 500, true));
    assertThat(set.http().listening().connections()).isEqualTo(new ConnectionLimits(400, 300));
    assertThatThrownBy(() -> ServerConfig.of(Map.of("EVENTS_PER_SECOND", "0")))
        .hasMessageContaining("EVENTS_PER_SECOND must be a whole number between 1 and 10000000");
  }

  @Test
  void certificates_mustBeAPairInPem(@TempDir Path directory) throws Exception {
    Path chain = directory.resolve("tls.crt");
    Path key = directory.resolve("tls.key");
    TestCertificate.make(directory, "EC", 10).write(chain, key);
    Path otherKey = directory.resolve("other.key");
    TestCertificate.make(directory, "EC", 10).write(directory.resolve("other.crt"), otherKey);
    Path rsaKey = directory.resolve("rsa.key");
    TestCertificate.make(directory, "RSA", 10).write(directory.resolve("rsa.crt"), rsaKey);
    Path none = directory.resolve("none");

    assertThat(requireNonNull(tls(chain, key).http().listening().certificate()).expires())
        .isAfter(Instant.now().plus(Duration.ofDays(9)));
    assertThatThrownBy(() -> ServerConfig.of(Map.of("TLS_CERT", chain.toString())))
        .hasMessageContaining("TLS_CERT and TLS_KEY must be set together");
    assertThatThrownBy(() -> tls(none, key)).hasMessageContaining("TLS_CERT names a file that");
    assertThatThrownBy(() -> tls(chain, none)).hasMessageContaining("TLS_KEY names a file that");
    assertThatThrownBy(() -> tls(key, key)).hasMessageContaining("TLS_CERT must hold certificates");
    assertThatThrownBy(() -> tls(chain, chain)).hasMessageContaining("BEGIN PRIVATE KEY");
    assertThatThrownBy(() -> tls(chain, otherKey)).hasMessageContaining("TLS_KEY is not the key");
    assertThatThrownBy(() -> tls(chain, rsaKey)).hasMessageContaining("TLS_KEY is damaged");
  }

  private static ServerConfig tls(Path chain, Path key) {
    return ServerConfig.of(Map.of("TLS_CERT", chain.toString(), "TLS_KEY", key.toString()));
  }
}

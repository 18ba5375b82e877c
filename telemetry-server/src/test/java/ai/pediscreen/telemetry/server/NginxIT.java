package ai.pediscreen.telemetry.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.pediscreen.telemetry.server.ops.DebianPackage;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code deploy/nginx.conf} in a real nginx, before a real server. Where there is none and no
 * Debian to take it from, these tests are skipped and say so.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class NginxIT {

  private static final Path EXAMPLE = Path.of("..", "deploy", "nginx.conf");
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path directory;

  private final int port = ServerProcess.freePort();
  private PostgresServer server;
  private Process nginx;
  private HttpClient client;

  @BeforeEach
  void start() throws Exception {
    DebianPackage nginxPackage = new DebianPackage("nginx", "nginx");
    Optional<Path> program = nginxPackage.find();
    if (program.isEmpty()) {
      System.out.println("The example for nginx is NOT tried: " + nginxPackage.reason());
    }
    assumeTrue(program.isPresent(), nginxPackage::reason);
    server = PostgresServer.start(Map.of());
    TestCertificate certificate = TestCertificate.make(directory, "EC", 30);
    certificate.write(directory.resolve("tls.crt"), directory.resolve("tls.key"));
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(certificate.trusted())
            .build();
    Path configuration = Files.writeString(directory.resolve("nginx.conf"), configuration());
    nginx =
        new ProcessBuilder(program.get().toString(), "-c", configuration.toString(), "-e", "stderr")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("nginx.out").toFile())
            .start();
    Waiting.until("nginx answers", LIMIT, () -> get("/health").statusCode() == 200);
  }

  @AfterEach
  void stop() throws Exception {
    if (nginx != null) {
      nginx.destroy();
      nginx.waitFor();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void requests_passUnchanged_andTheNginxLogHoldsNoIdentifier() throws Exception {
    assertThat(post("/events", event("a:b c")).statusCode()).isEqualTo(202);
    HttpResponse<String> one = get("/events/a:b%20c");
    assertThat(one.statusCode()).isEqualTo(200);
    assertThat(one.body()).contains("a:b c");
    assertThat(one.headers().firstValue("Strict-Transport-Security")).hasValue("max-age=31536000");
    assertThat(get("/events?user_id=u-canary").body()).contains("a:b c");
    HttpResponse<String> refused = post("/events", "{\"event_id\":");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");

    Waiting.until("requests are logged", LIMIT, () -> log().contains(" POST 400 "));
    assertThat(log()).contains(" GET 200 ").doesNotContain("canary").doesNotContain("events");
    assertThat(Files.readString(directory.resolve("nginx.out"))).doesNotContain("canary");
  }

  @Test
  void nginx_passesWhatTheServerAccepts_andTheServerRefusesTheRest() throws Exception {
    byte[] body = new byte[16 << 20];
    Arrays.fill(body, (byte) ' ');
    byte[] event = event("large").getBytes(UTF_8);
    System.arraycopy(event, 0, body, body.length - event.length, event.length);
    assertThat(post("/events", body).statusCode()).isEqualTo(202);

    HttpResponse<String> refused = post("/events", Arrays.copyOf(body, body.length + 1));
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
  }

  @Test
  void liveStream_isNotBuffered() throws Exception {
    HttpResponse<InputStream> stream =
        client.send(
            HttpRequest.newBuilder(uri("/telemetry/stream")).build(), BodyHandlers.ofInputStream());
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), UTF_8))) {
      String first = lines.readLine();
      assertThat(first).isNotNull();
      post("/events", event("live"));
      String line = lines.readLine();
      while (line != null && !line.contains("\"events\":1")) {
        line = lines.readLine();
      }
      assertThat(line).contains("\"events\":1");
    }
  }

  /** The example, in whose place only this machine's files and ports are put. */
  private String configuration() throws Exception {
    String example =
        Files.readString(EXAMPLE)
            .replaceAll("(?m)^ *#.*\\R", "")
            .replace("listen [::]:443 ssl;", "")
            .replace("listen 443 ssl;", "listen 127.0.0.1:%d ssl;".formatted(port))
            .replace("127.0.0.1:8000", "127.0.0.1:" + server.uri().getPort())
            .replace("/etc/ssl/private/telemetry.example.key", directory + "/tls.key")
            .replace("/etc/ssl/telemetry.example.crt", directory + "/tls.crt")
            .replace("/var/log/nginx/", directory + "/");
    assertThat(example).doesNotContain("/etc/").doesNotContain("/var/");
    return """
    daemon off;
    master_process off;
    pid %1$s/nginx.pid;
    events {}
    http {
      client_body_temp_path %1$s/body;
      proxy_temp_path %1$s/proxy;
      fastcgi_temp_path %1$s/fastcgi;
      uwsgi_temp_path %1$s/uwsgi;
      scgi_temp_path %1$s/scgi;
    %2$s
    }
    """
        .formatted(directory, example);
  }

  private String log() throws Exception {
    return Files.readString(directory.resolve("telemetry.log"));
  }

  private URI uri(String path) {
    return URI.create("https://localhost:" + port + path);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return post(path, body.getBytes(UTF_8));
  }

  private HttpResponse<String> post(String path, byte[] body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static String event(String id) {
    return "{\"event_id\":\"%s\",\"timestamp\":\"2026-03-10T11:59:00Z\",\"user_id\":\"u-canary\"}"
        .formatted(id);
  }
}

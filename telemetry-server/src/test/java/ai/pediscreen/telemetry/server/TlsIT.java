package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.server.logging.LogCapture;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code TLS_CERT} and {@code TLS_KEY}: the server itself speaks TLS. */
class TlsIT {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path directory;

  private Path chain;
  private Path key;
  private TestCertificate certificate;
  private PostgresServer server;

  @BeforeEach
  void start() throws Exception {
    chain = directory.resolve("tls.crt");
    key = directory.resolve("tls.key");
    certificate = TestCertificate.make(directory, "EC", 30);
    certificate.write(chain, key);
    server = PostgresServer.start(Map.of("TLS_CERT", chain.toString(), "TLS_KEY", key.toString()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void events_arePostedAndQueried_overTls(String protocol) throws Exception {
    HttpClient client = client(certificate, protocol);

    HttpResponse<String> posted =
        client.send(
            HttpRequest.newBuilder(uri("/events"))
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        "{\"event_id\":\"e-1\",\"timestamp\":\"2026-03-10T11:59:00Z\"}"))
                .build(),
            BodyHandlers.ofString());
    HttpResponse<String> asked = get(client, "/telemetry?action=overview");

    assertThat(posted.statusCode()).isEqualTo(202);
    assertThat(asked.body()).contains("\"total_requests\":1");
    assertThat(asked.sslSession().orElseThrow().getProtocol()).isEqualTo(protocol);
    assertThat(asked.headers().firstValue("Strict-Transport-Security"))
        .hasValue("max-age=31536000");
    assertThat(get(client, "/metrics").body())
        .as("a connection counts once")
        .containsPattern("(?m)^telemetry_http_connections 1(\\.0)?$");
  }

  @Test
  void plainHttp_isNotAnswered() throws Exception {
    try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), uri("/").getPort())) {
      plain.setSoTimeout(20_000);
      plain
          .getOutputStream()
          .write("GET /health HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(new String(plain.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
          .doesNotContain("HTTP/1");
    }
    assertThat(get(client(certificate, "TLSv1.3"), "/health").statusCode()).isEqualTo(200);
  }

  @Test
  void abandonedHandshake_isClosed() throws Exception {
    try (Socket idle = new Socket(InetAddress.getLoopbackAddress(), uri("/").getPort())) {
      idle.setSoTimeout(25_000);
      // The head of a record of a handshake, of which no more comes.
      idle.getOutputStream().write(new byte[] {22, 3, 1, 2, 0});
      long start = System.nanoTime();
      assertThat(idle.getInputStream().read()).isEqualTo(-1);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }
  }

  @Test
  void changedCertificate_isReloaded_unlessCertificateAndKeyDoNotMatch() throws Exception {
    TestCertificate next = TestCertificate.make(directory, "RSA", 60);
    TestCertificate other = TestCertificate.make(directory, "Ed25519", 90);
    assertThat(serial()).isEqualTo(certificate.certificate().getSerialNumber());

    next.write(chain, key);
    Waiting.until(
        "the new one is used", LIMIT, () -> serial().equals(next.certificate().getSerialNumber()));
    assertThat(get(client(next, "TLSv1.3"), "/health").statusCode()).isEqualTo(200);
    HttpClient old = client(certificate, "TLSv1.3");
    assertThatThrownBy(() -> get(old, "/health")).isInstanceOf(SSLHandshakeException.class);

    try (LogCapture log = new LogCapture()) {
      Files.writeString(chain, "no certificate");
      Waiting.until("it is refused", LIMIT, () -> log.text().contains("stays in use: TLS_CERT"));
      next.write(chain, directory.resolve("unused.key"));
      other.write(directory.resolve("unused.crt"), key);
      Waiting.until("no pair is refused", LIMIT, () -> log.text().contains("TLS_KEY is"));
      assertThat(serial()).isEqualTo(next.certificate().getSerialNumber());
    }
    other.write(chain, key);
    Waiting.until(
        "the third is used", LIMIT, () -> serial().equals(other.certificate().getSerialNumber()));
  }

  /** Of the certificate that a new connection is shown. */
  private BigInteger serial() throws Exception {
    SSLContext anybody = SSLContext.getInstance("TLS");
    anybody.init(null, new TrustManager[] {new TrustsAnybody()}, null);
    try (SSLSocket socket =
        (SSLSocket)
            anybody
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), uri("/").getPort())) {
      socket.startHandshake();
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }
  }

  private URI uri(String path) {
    return URI.create("https://localhost:" + server.uri().getPort() + path);
  }

  private HttpResponse<String> get(HttpClient client, String path)
      throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private static HttpClient client(TestCertificate trusted, String protocol) throws Exception {
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(new String[] {protocol});
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(trusted.trusted())
        .sslParameters(parameters)
        .build();
  }

  private static final class TrustsAnybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

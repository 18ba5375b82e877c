package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate of localhost that signs itself, made by the JDK's keytool. */
public record TestCertificate(X509Certificate certificate, Key key) {

  static final String PASSWORD = "changeit";

  /**
   * Makes one.
   *
   * @param algorithm {@code EC}, {@code RSA} or {@code Ed25519}
   * @param days for how long it is valid
   */
  public static TestCertificate make(Path directory, String algorithm, int days) throws Exception {
    Path store = Files.createTempDirectory(directory, "keys").resolve("store.p12");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "server",
            "-keyalg",
            algorithm,
            "-dname",
            "CN=localhost",
            "-ext",
            "SAN=dns:localhost,ip:127.0.0.1",
            "-validity",
            Integer.toString(days),
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            PASSWORD);
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return new TestCertificate(
        (X509Certificate) keys.getCertificate("server"),
        keys.getKey("server", PASSWORD.toCharArray()));
  }

  /** Writes both files. */
  public void write(Path chain, Path key) throws Exception {
    Files.writeString(chain, pem("CERTIFICATE", certificate.getEncoded()));
    Files.writeString(key, pem("PRIVATE KEY", this.key.getEncoded()));
  }

  /** Of a client that trusts it, and nobody else. */
  SSLContext trusted() throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trustedAlone());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /** A file for {@code javax.net.ssl.trustStore}. */
  Path trustStore(Path directory) throws Exception {
    Path file = Files.createTempFile(directory, "trust", ".p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      trustedAlone().store(out, PASSWORD.toCharArray());
    }
    return file;
  }

  private KeyStore trustedAlone() throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", certificate);
    return trusted;
  }

  private static String pem(String label, byte[] bytes) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(
            label,
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(bytes),
            label);
  }
}

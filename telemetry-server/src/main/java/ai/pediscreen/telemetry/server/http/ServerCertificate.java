package ai.pediscreen.telemetry.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of the server and its key, from two files in PEM: the chain with the server's own
 * certificate first, and a key in PKCS #8 without a password. Files that change are read again; if
 * they are no pair, those before stay in use.
 *
 * <p>Thread-safe.
 */
public final class ServerCertificate {

  private static final Logger LOG = LoggerFactory.getLogger(ServerCertificate.class);

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  /** Of the key store in memory, which is used only here. */
  private static final String PASSWORD = "in memory alone";

  private final Path chainFile;
  private final Path keyFile;
  private final SslContextFactory.Server contexts = new SslContextFactory.Server();
  private volatile X509Certificate certificate;
  private Stamp used;
  private Stamp seen;

  /** When both files were changed last. */
  private record Stamp(FileTime chain, FileTime key) {}

  /** What the files hold. */
  private record Pair(List<X509Certificate> chain, PrivateKey key) {
    X509Certificate own() {
      return chain.get(0);
    }
  }

  private ServerCertificate(Path chainFile, Path keyFile) {
    this.chainFile = chainFile;
    this.keyFile = keyFile;
    this.used = stamp();
    this.seen = used;
    Pair pair = read();
    this.certificate = pair.own();
    contexts.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    contexts.setRenegotiationAllowed(false);
    contexts.setSniRequired(false);
    contexts.setKeyStorePassword(PASSWORD);
    contexts.setKeyStore(keyStore(pair));
  }

  /**
   * Reads both files.
   *
   * @throws IllegalArgumentException with the rule if they cannot be used; begins with TLS_CERT or
   *     TLS_KEY
   */
  public static ServerCertificate of(Path chainFile, Path keyFile) {
    return new ServerCertificate(chainFile, keyFile);
  }

  /** Until when the certificate in use is valid. */
  public Instant expires() {
    return certificate.getNotAfter().toInstant();
  }

  SslContextFactory.Server contexts() {
    return contexts;
  }

  /** Takes what the files hold into use if they have changed. To be called now and then. */
  synchronized void reloadIfChanged() {
    try {
      Stamp now = stamp();
      if (now.equals(used) || !now.equals(seen)) {
        // A file that was just written may still be waited for by the other.
        seen = now;
        return;
      }
      used = now;
      Pair pair = read();
      contexts.reload(factory -> factory.setKeyStore(keyStore(pair)));
      certificate = pair.own();
      LOG.info("the certificate was read again and is valid until {}", expires());
    } catch (IllegalArgumentException e) {
      LOG.warn("the previous certificate stays in use: {}", e.getMessage());
    } catch (Exception e) {
      LOG.warn("the previous certificate stays in use", e);
    }
  }

  private Stamp stamp() {
    return new Stamp(changed("TLS_CERT", chainFile), changed("TLS_KEY", keyFile));
  }

  private static FileTime changed(String name, Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(name + " names a file that cannot be read: " + file);
    }
  }

  private Pair read() {
    List<X509Certificate> chain = readChain();
    PrivateKey key = readKey(chain.get(0).getPublicKey());
    if (!belongs(key, chain.get(0).getPublicKey())) {
      throw new IllegalArgumentException(
          "TLS_KEY is not the key of the first certificate in TLS_CERT");
    }
    return new Pair(chain, key);
  }

  private List<X509Certificate> readChain() {
    try (InputStream in = Files.newInputStream(chainFile)) {
      List<X509Certificate> chain =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!chain.isEmpty()) {
        return chain;
      }
    } catch (CertificateException e) {
      LOG.debug("no certificate could be read", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("TLS_CERT names a file that cannot be read: " + chainFile);
    }
    throw new IllegalArgumentException(
        "TLS_CERT must hold certificates in PEM, the server's own first: " + chainFile);
  }

  private PrivateKey readKey(PublicKey publicKey) {
    String text;
    try {
      text = Files.readString(keyFile, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new IllegalArgumentException("TLS_KEY names a file that cannot be read: " + keyFile);
    }
    Matcher key = KEY.matcher(text);
    if (!key.find()) {
      throw new IllegalArgumentException(
          "TLS_KEY must hold a key in PEM that begins with BEGIN PRIVATE KEY (PKCS #8, no"
              + " password); openssl pkcs8 -topk8 -nocrypt makes one of others: "
              + keyFile);
    }
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(key.group(1));
      return KeyFactory.getInstance(publicKey.getAlgorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(bytes));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // Its message may quote the key.
      throw new IllegalArgumentException(
          "TLS_KEY is damaged, or of another kind than the first certificate in TLS_CERT");
    }
  }

  private static boolean belongs(PrivateKey key, PublicKey publicKey) {
    String algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> publicKey.getAlgorithm();
        };
    try {
      byte[] message = "signed by the one, verified by the other".getBytes(StandardCharsets.UTF_8);
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(message);
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(publicKey);
      verifier.update(message);
      return verifier.verify(signer.sign());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static KeyStore keyStore(Pair pair) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "server", pair.key, PASSWORD.toCharArray(), pair.chain.toArray(Certificate[]::new));
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a key store in memory", e);
    }
  }
}

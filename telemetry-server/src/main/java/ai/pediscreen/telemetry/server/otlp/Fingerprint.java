package ai.pediscreen.telemetry.server.otlp;

import com.google.protobuf.Message;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** An id for what has none: the same for the same record of the same resource, sent again. */
final class Fingerprint {

  private static final int BYTES = 16;

  private Fingerprint() {}

  static String of(Message resource, Message record) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(resource.toByteArray());
      byte[] sum = digest.digest(record.toByteArray());
      return HexFormat.of().formatHex(sum, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}

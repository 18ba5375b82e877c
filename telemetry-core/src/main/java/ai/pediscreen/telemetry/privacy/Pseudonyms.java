package ai.pediscreen.telemetry.privacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Replaces ids by pseudonyms: the same id always gets the same pseudonym, so that a user's or a
 * case's events still belong together. Without the key nobody can find out whose they are, not even
 * by trying ids one by one.
 *
 * <p>A pseudonym is {@code user_} or {@code case_} and the first 128 bits of HMAC-SHA-256 over the
 * field's name, a zero byte and the id, in hexadecimal. With another key all of them change.
 * Without the key a person's events cannot be found any more; with a stolen one they can.
 *
 * <p>Immutable and thread-safe.
 */
public final class Pseudonyms {

  /** How many bytes a key must have at least, as many as the hash. */
  public static final int MIN_KEY_BYTES = 32;

  private static final String ALGORITHM = "HmacSHA256";
  private static final int PSEUDONYM_BYTES = 16;
  private static final Pattern CASE =
      Pattern.compile("case_[0-9a-f]{%d}".formatted(2 * PSEUDONYM_BYTES));
  private static final HexFormat HEX = HexFormat.of();

  private final SecretKeySpec key;

  private Pseudonyms(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /**
   * Pseudonyms by a secret key.
   *
   * @param key hard to guess: of random characters, not of words
   * @throws IllegalArgumentException if the key has under {@value #MIN_KEY_BYTES} bytes
   */
  public static Pseudonyms of(String key) {
    byte[] bytes = key.getBytes(UTF_8);
    if (bytes.length < MIN_KEY_BYTES) {
      throw new IllegalArgumentException(
          "must be at least " + MIN_KEY_BYTES + " bytes long, and random");
    }
    return new Pseudonyms(bytes);
  }

  /** The pseudonym of a user's id. */
  public String user(String id) {
    return pseudonym("user", id);
  }

  /** The pseudonym of a case's id. */
  public String caseOf(String id) {
    return pseudonym("case", id);
  }

  /** Whether a case's id has the form of a pseudonym, by this key or another. */
  public static boolean isOfCase(String id) {
    return CASE.matcher(id).matches();
  }

  /**
   * A fingerprint that distinguishes this key from others without revealing it: the same for the
   * same key, and no pseudonym of any id.
   */
  public String fingerprint() {
    return pseudonym("key", "");
  }

  private String pseudonym(String kind, String id) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update((kind + "_id").getBytes(UTF_8));
      mac.update((byte) 0);
      byte[] hash = mac.doFinal(id.getBytes(UTF_8));
      return kind + "_" + HEX.formatHex(Arrays.copyOf(hash, PSEUDONYM_BYTES));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /** Says nothing of the key. */
  @Override
  public String toString() {
    return "Pseudonyms";
  }
}

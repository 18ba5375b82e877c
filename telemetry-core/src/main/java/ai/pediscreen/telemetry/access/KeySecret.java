package ai.pediscreen.telemetry.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key as its holder has it. Generated ones are a prefix and 256 random bits: {@code pst_<16
 * hexadecimal digits>_<64 hexadecimal digits>}. One that an operator chose may be any text of 32 to
 * 256 printable ASCII characters without spaces; its prefix is made of its digest.
 *
 * <p>No store keeps it: {@link #prefix} and {@link #sha256} are enough to know it again. With 256
 * random bits neither salt nor a slow digest would make guessing any harder. Immutable.
 */
public final class KeySecret {

  private static final int PREFIX_BYTES = 8;
  private static final int SECRET_BYTES = 32;
  private static final int MIN_LENGTH = 32;
  private static final int MAX_LENGTH = 256;
  private static final int MIN_DISTINCT = 10;
  private static final int MIN_BITS = 80;

  private static final Pattern GENERATED = Pattern.compile("(pst_[0-9a-f]{16})_[0-9a-f]{64}");
  private static final String CHOSEN_PREFIX = "own_";

  private final String text;
  private final String prefix;
  private final String sha256;

  private KeySecret(String text) {
    this.text = text;
    this.sha256 = digest(text);
    Matcher generated = GENERATED.matcher(text);
    this.prefix =
        generated.matches()
            ? generated.group(1)
            : CHOSEN_PREFIX + sha256.substring(0, 2 * PREFIX_BYTES);
  }

  /** A new key. */
  public static KeySecret generate() {
    SecureRandom random = new SecureRandom();
    return new KeySecret("pst_" + hex(random, PREFIX_BYTES) + "_" + hex(random, SECRET_BYTES));
  }

  /**
   * A key that an operator chose.
   *
   * @throws IllegalArgumentException if it is too weak to be one; says what it must be, without it
   */
  public static KeySecret chosen(String text) {
    return presented(text)
        .filter(secret -> bits(text) >= MIN_BITS)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "must be 32 to 256 random characters, printable ASCII without spaces; the"
                        + " output of 'openssl rand -hex 32' is a good one"));
  }

  /** A key as a caller presents it; empty if it has not the form of a key. */
  public static Optional<KeySecret> presented(String text) {
    boolean plausible =
        text.length() >= MIN_LENGTH
            && text.length() <= MAX_LENGTH
            && text.chars().allMatch(c -> c > ' ' && c <= '~');
    return plausible ? Optional.of(new KeySecret(text)) : Optional.empty();
  }

  /** What the key is called by in lists and logs. */
  public String prefix() {
    return prefix;
  }

  /** SHA-256 of the key, in 64 hexadecimal digits. */
  public String sha256() {
    return sha256;
  }

  /** The key itself. Show it only to its holder, once. */
  public String reveal() {
    return text;
  }

  /** Whether a stored digest is this key's; compared in constant time. */
  public boolean matches(String storedSha256) {
    return MessageDigest.isEqual(
        sha256.getBytes(StandardCharsets.US_ASCII), storedSha256.getBytes(StandardCharsets.UTF_8));
  }

  /** The prefix, since this may end in a log. */
  @Override
  public String toString() {
    return prefix;
  }

  /**
   * How much there is to guess, in bits: as many as its alphabet has for each character that does
   * not follow from those before it, by going on as two of them did (0123, aaaa, 9753) or by
   * repeating three of them. 0 for an alphabet of less than {@value #MIN_DISTINCT} characters.
   */
  private static double bits(String text) {
    int distinct = (int) text.chars().distinct().count();
    if (distinct < MIN_DISTINCT) {
      return 0;
    }
    int free = 0;
    for (int i = 0; i < text.length(); i++) {
      boolean goesOn =
          i >= 2 && text.charAt(i) - text.charAt(i - 1) == text.charAt(i - 1) - text.charAt(i - 2);
      boolean repeats = i >= 3 && text.indexOf(text.substring(i - 2, i + 1)) < i - 2;
      free += goesOn || repeats ? 0 : 1;
    }
    return free * Math.log(distinct) / Math.log(2);
  }

  private static String hex(SecureRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static String digest(String text) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

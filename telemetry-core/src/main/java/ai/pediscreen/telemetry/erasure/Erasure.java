package ai.pediscreen.telemetry.erasure;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request to erase events, and when it is done its receipt. It does not hold the identifier, only
 * a keyed hash of it. Immutable.
 *
 * @param id what it is called
 * @param orgId whose events; null for those of all organisations
 * @param field the field by which they were chosen
 * @param selectionHash the same for two requests with the same organisation, field and value
 * @param keyPrefix the key with which it was asked for; null if none was needed
 * @param requestedAt events that were stored before are erased
 * @param completedAt when all was done; null while something is left
 * @param counts how many rows were erased, by place; {@code held} counts events that a legal hold
 *     has kept
 * @param waitingFor what is still to be done before it is complete, in words; null for nothing
 */
public record Erasure(
    UUID id,
    @Nullable String orgId,
    ErasureField field,
    String selectionHash,
    @Nullable String keyPrefix,
    Instant requestedAt,
    @Nullable Instant completedAt,
    Map<String, Long> counts,
    @Nullable String waitingFor) {

  public Erasure {
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }

  /** Whether nothing is left to do. */
  public boolean isComplete() {
    return completedAt != null;
  }

  /**
   * SHA-256 in hexadecimal digits over lines that end in LF: id, organisation, field, selection
   * hash, key, the two times in ISO 8601, and for each place in alphabetical order its name, an
   * equals sign and the count. What is null is an empty line.
   */
  public String hash() {
    StringBuilder lines = new StringBuilder();
    line(lines, id);
    line(lines, orgId);
    line(lines, field.label());
    line(lines, selectionHash);
    line(lines, keyPrefix);
    line(lines, requestedAt);
    line(lines, completedAt);
    counts.forEach((place, count) -> line(lines, place + "=" + count));
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(lines.toString().getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void line(StringBuilder lines, @Nullable Object value) {
    lines.append(value == null ? "" : value).append('\n');
  }
}

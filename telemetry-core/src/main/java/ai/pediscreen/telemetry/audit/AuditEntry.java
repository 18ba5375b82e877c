package ai.pediscreen.telemetry.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the audit log. Immutable.
 *
 * @param sequence its number; each entry's is one more than that of the entry before
 * @param time when it was entered, to the microsecond
 * @param who as in {@link AuditAct}
 * @param orgId as in {@link AuditAct}
 * @param action what was done
 * @param selection to what, as {@link AuditSelection#text} writes it; empty for nothing
 * @param count how many of it
 * @param traceId of the request; null if there was none
 * @param previousHash the hash of the entry before
 * @param hash as {@link #expectedHash} makes it, if nobody has changed the entry
 */
public record AuditEntry(
    long sequence,
    Instant time,
    String who,
    @Nullable String orgId,
    AuditAction action,
    String selection,
    long count,
    @Nullable String traceId,
    String previousHash,
    String hash) {

  /**
   * The entry of an act, at its place in the chain.
   *
   * @param previous the entry before, or {@link AuditLink#BEGINNING}
   * @param time is cut to microseconds
   * @param selection the text of the act's selection
   */
  public static AuditEntry after(AuditLink previous, Instant time, AuditAct act, String selection) {
    AuditEntry entry =
        new AuditEntry(
            previous.sequence() + 1,
            time.truncatedTo(ChronoUnit.MICROS),
            act.who(),
            act.orgId(),
            act.action(),
            selection,
            act.count(),
            act.traceId(),
            previous.hash(),
            "");
    return entry.withHash(entry.expectedHash());
  }

  /** Its place in the chain. */
  public AuditLink link() {
    return new AuditLink(sequence, hash);
  }

  /**
   * SHA-256 in hexadecimal digits of all fields but {@link #hash}: previous hash, sequence, time in
   * ISO 8601, who, organisation, action, selection, count, trace id. Each is written in UTF-8 as a
   * netstring: the number of its bytes in decimal digits, a colon, the bytes, a comma; what is null
   * is a hyphen and a comma. So no two entries are written alike.
   */
  public String expectedHash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      add(digest, previousHash);
      add(digest, Long.toString(sequence));
      add(digest, time.toString());
      add(digest, who);
      add(digest, orgId);
      add(digest, action.label());
      add(digest, selection);
      add(digest, Long.toString(count));
      add(digest, traceId);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Its fields by the names that answers, files and the log have for them. */
  public Map<String, @Nullable Object> toMap() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("sequence", sequence);
    map.put("time", time.toString());
    map.put("key", who);
    map.put("org_id", orgId);
    map.put("action", action.label());
    map.put("selection", selection);
    map.put("count", count);
    map.put("trace_id", traceId);
    map.put("previous_hash", previousHash);
    map.put("hash", hash);
    return map;
  }

  private AuditEntry withHash(String value) {
    return new AuditEntry(
        sequence, time, who, orgId, action, selection, count, traceId, previousHash, value);
  }

  private static void add(MessageDigest digest, @Nullable String field) {
    if (field == null) {
      digest.update("-,".getBytes(UTF_8));
      return;
    }
    byte[] bytes = field.getBytes(UTF_8);
    digest.update((bytes.length + ":").getBytes(UTF_8));
    digest.update(bytes);
    digest.update(",".getBytes(UTF_8));
  }
}

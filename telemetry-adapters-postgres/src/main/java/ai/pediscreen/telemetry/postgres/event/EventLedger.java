package ai.pediscreen.telemetry.postgres.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Table {@code event_ledger}: which events were ever counted. An event is known by a hash of its
 * organisation and id, so that a row takes half of the place.
 */
public final class EventLedger {

  /** PostgreSQL's order of keys. Rows are entered in it, everywhere, so that no two deadlock. */
  static final Comparator<UUID> ORDER =
      Comparator.comparing(UUID::getMostSignificantBits, Long::compareUnsigned)
          .thenComparing(UUID::getLeastSignificantBits, Long::compareUnsigned);

  private EventLedger() {}

  /**
   * What an event is known by: the first 16 bytes of SHA-256, as the function {@code ledger_key} of
   * the schema says it.
   */
  static UUID key(TelemetryEvent event) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(orNone(event.orgId()).getBytes(UTF_8));
      digest.update((byte) '\n');
      digest.update(event.eventId().getBytes(UTF_8));
      ByteBuffer hash = ByteBuffer.wrap(digest.digest());
      return new UUID(hash.getLong(), hash.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** What a column holds that may not be null: no text that an event can bear is empty. */
  public static String orNone(@Nullable String text) {
    return text == null ? "" : text;
  }

  public static @Nullable String noneAsNull(String text) {
    return text.isEmpty() ? null : text;
  }
}

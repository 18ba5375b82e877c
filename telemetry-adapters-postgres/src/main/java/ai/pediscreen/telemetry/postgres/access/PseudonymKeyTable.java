package ai.pediscreen.telemetry.postgres.access;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Table {@code pseudonym_key}: which key ids of users and cases are replaced with. */
public final class PseudonymKeyTable {

  private PseudonymKeyTable() {}

  public static Optional<String> find(Handle handle) {
    return handle
        .createQuery("SELECT fingerprint FROM pseudonym_key")
        .mapTo(String.class)
        .findOne();
  }

  /** Keeps a fingerprint if there is none; returns the one that is kept. */
  public static String keep(Handle handle, String fingerprint) {
    handle
        .createUpdate(
            "INSERT INTO pseudonym_key (fingerprint) VALUES (:fingerprint) ON CONFLICT DO NOTHING")
        .bind("fingerprint", fingerprint)
        .execute();
    return find(handle).orElseThrow();
  }
}

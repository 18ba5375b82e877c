package ai.pediscreen.telemetry.server.assembly;

import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.privacy.Pseudonyms;
import ai.pediscreen.telemetry.server.config.EventConfig;
import ai.pediscreen.telemetry.server.config.InvalidConfigurationException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks that {@code PSEUDONYM_KEY} is the key that made the pseudonyms in the database. With
 * another key, or none, a person's events would silently not be found.
 */
public final class PseudonymKey {

  private static final String MISSING =
      "PSEUDONYM_KEY must be set: a key made the pseudonyms in this database, and without it no"
          + " events of a user or case are found";
  private static final String ANOTHER =
      "PSEUDONYM_KEY must be the key that made the pseudonyms in this database: with another no"
          + " events of a user or case are found";

  private PseudonymKey() {}

  /**
   * What guards events that are stored. The first key that does so is the database's from then on.
   *
   * @throws InvalidConfigurationException if that is another key
   */
  public static PhiGuard guardOfStored(PostgresTelemetry telemetry, EventConfig config) {
    Pseudonyms key = config.pseudonyms();
    Optional<String> kept =
        key == null
            ? telemetry.pseudonymKey()
            : Optional.of(telemetry.keepPseudonymKey(key.fingerprint()));
    requireSame(kept, key);
    return config.guard();
  }

  /**
   * What finds the forms of an id that events are stored under.
   *
   * @throws InvalidConfigurationException if they were stored with another key
   */
  public static PhiGuard guardOfAsked(PostgresTelemetry telemetry, EventConfig config) {
    requireSame(telemetry.pseudonymKey(), config.pseudonyms());
    return config.guard();
  }

  private static void requireSame(Optional<String> kept, @Nullable Pseudonyms key) {
    if (kept.isEmpty()) {
      return;
    }
    if (key == null) {
      throw new InvalidConfigurationException(List.of(MISSING));
    }
    if (!kept.get().equals(key.fingerprint())) {
      throw new InvalidConfigurationException(List.of(ANOTHER));
    }
  }
}

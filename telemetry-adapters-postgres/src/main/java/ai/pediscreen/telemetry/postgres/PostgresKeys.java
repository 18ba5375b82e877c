package ai.pediscreen.telemetry.postgres;

import ai.pediscreen.telemetry.access.AccessKey;
import ai.pediscreen.telemetry.access.KeyScope;
import ai.pediscreen.telemetry.access.KeySecret;
import ai.pediscreen.telemetry.access.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps keys. All of it goes through the pool that writes, so that no question about figures can
 * keep a sender of events from being let in.
 */
final class PostgresKeys implements KeyStore {

  private final Database database;

  PostgresKeys(Database database) {
    this.database = database;
  }

  @Override
  public AccessKey add(
      KeySecret secret,
      @Nullable String orgId,
      Set<KeyScope> scopes,
      @Nullable Duration validFor,
      @Nullable Integer eventsPerSecond) {
    return database.write(
        handle -> {
          Instant now = database.now(handle).truncatedTo(ChronoUnit.MICROS);
          Instant expiresAt = validFor == null ? null : now.plus(validFor);
          KeyTable.insert(
              handle,
              new AccessKey(secret.prefix(), orgId, scopes, now, expiresAt, null, eventsPerSecond),
              secret);
          return KeyTable.find(handle, secret.prefix()).orElseThrow().key();
        });
  }

  @Override
  public Optional<AccessKey> find(KeySecret presented) {
    return database.write(
        handle ->
            KeyTable.find(handle, presented.prefix())
                .filter(row -> presented.matches(row.sha256()))
                .map(KeyTable.Row::key)
                .filter(key -> key.isValidAt(database.now(handle))));
  }

  @Override
  public List<AccessKey> list() {
    return database.write(KeyTable::list);
  }

  @Override
  public Optional<AccessKey> revoke(String prefix) {
    return database.write(
        handle -> {
          KeyTable.revoke(handle, prefix, database.now(handle));
          return KeyTable.find(handle, prefix).map(KeyTable.Row::key);
        });
  }
}

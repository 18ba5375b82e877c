package ai.pediscreen.telemetry.postgres.access;

import ai.pediscreen.telemetry.access.AccessKey;
import ai.pediscreen.telemetry.access.KeyScope;
import ai.pediscreen.telemetry.access.KeySecret;
import ai.pediscreen.telemetry.access.KeyStore;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps keys. All statements use the pool for writes, so that queries about figures cannot delay
 * the key check of a sender.
 */
public final class PostgresKeys implements KeyStore {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresKeys.class);

  /** The precision of a key's last use. */
  private static final Duration NOTED_EVERY = Duration.ofMinutes(1);

  private final Database database;

  public PostgresKeys(Database database) {
    this.database = database;
  }

  @Override
  public AccessKey add(
      KeySecret secret,
      @Nullable String orgId,
      Set<KeyScope> scopes,
      @Nullable Duration validFor,
      @Nullable Integer eventsPerSecond) {
    return database.write(handle -> add(handle, secret, orgId, scopes, validFor, eventsPerSecond));
  }

  private AccessKey add(
      Handle handle,
      KeySecret secret,
      @Nullable String orgId,
      Set<KeyScope> scopes,
      @Nullable Duration validFor,
      @Nullable Integer eventsPerSecond) {
    Instant now = database.now(handle).truncatedTo(ChronoUnit.MICROS);
    Instant expiresAt = validFor == null ? null : now.plus(validFor);
    KeyTable.insert(
        handle,
        new AccessKey(secret.prefix(), orgId, scopes, now, expiresAt, null, eventsPerSecond, null),
        secret);
    return KeyTable.find(handle, secret.prefix()).orElseThrow().key();
  }

  @Override
  public Optional<AccessKey> find(KeySecret presented) {
    Optional<Found> found =
        database.write(
            handle ->
                KeyTable.find(handle, presented.prefix())
                    .filter(row -> presented.matches(row.sha256()))
                    .map(row -> new Found(row, database.now(handle)))
                    .filter(Found::isValid));
    found.filter(Found::isToBeNoted).ifPresent(this::note);
    return found.map(one -> one.row.key());
  }

  /** In a separate transaction: the request is allowed even if the use is not recorded. */
  private void note(Found found) {
    try {
      database.write(handle -> KeyTable.used(handle, found.row.key().prefix(), found.now));
    } catch (StoreUnavailableException e) {
      LOG.debug("the use of key {} was not recorded", found.row.key().prefix(), e);
    }
  }

  @Override
  public Optional<AccessKey> rotate(String prefix, KeySecret next, Duration overlap) {
    return database.write(
        handle -> {
          Instant now = database.now(handle);
          Optional<AccessKey> old =
              KeyTable.find(handle, prefix)
                  .map(KeyTable.Row::key)
                  .filter(key -> key.isValidAt(now));
          if (old.isEmpty()) {
            return old;
          }
          AccessKey key = old.get();
          KeyTable.expire(handle, prefix, now.plus(overlap));
          return Optional.of(
              add(handle, next, key.orgId(), key.scopes(), key.validFor(), key.eventsPerSecond()));
        });
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

  /** A key that was shown, and when. */
  private record Found(KeyTable.Row row, Instant now) {

    boolean isValid() {
      return row.key().isValidAt(now);
    }

    boolean isToBeNoted() {
      Instant before = row.key().lastUsedAt();
      return !row.readOnly() && (before == null || before.plus(NOTED_EVERY).isBefore(now));
    }
  }
}

package ai.pediscreen.telemetry.postgres.access;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.access.KeyScope;
import ai.pediscreen.telemetry.access.KeySecret;
import ai.pediscreen.telemetry.access.KeyStore;
import ai.pediscreen.telemetry.access.KeyStoreContract;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.postgres.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PostgresKeysIT extends KeyStoreContract {

  private static final AtomicReference<Instant> CLOCK = new AtomicReference<>(NOW);
  private static final TestDatabase DATABASE = TestDatabase.create();
  private static final PostgresTelemetry TELEMETRY = DATABASE.open(CLOCK::get);

  @BeforeEach
  void clear() {
    DATABASE.clear();
    CLOCK.set(NOW);
  }

  @AfterAll
  static void close() {
    TELEMETRY.close();
  }

  @Override
  protected KeyStore keys() {
    return TELEMETRY.keys();
  }

  @Override
  protected void setNow(Instant now) {
    CLOCK.set(now);
  }

  @Test
  @DisplayName("SHA-256 at rest")
  void row_holdsTheDigest_andNotTheKey() {
    KeySecret secret = KeySecret.generate();
    keys().add(secret, "org-a", Set.of(KeyScope.READ), Duration.ofDays(1));

    assertThat(DATABASE.value("SELECT sha256 FROM access_key")).isEqualTo(secret.sha256());
    assertThat(DATABASE.value("SELECT CAST(access_key AS text) FROM access_key"))
        .contains(secret.prefix())
        .doesNotContain(secret.reveal().substring(secret.prefix().length()));
  }
}

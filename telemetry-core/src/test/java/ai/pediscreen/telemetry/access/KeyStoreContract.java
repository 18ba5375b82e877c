package ai.pediscreen.telemetry.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What every {@link KeyStore} promises. An adapter's test extends this class; the store is empty
 * when a test begins, and its clock stands at {@link #NOW}.
 */
public abstract class KeyStoreContract {

  protected static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

  private static final Set<KeyScope> READ = Set.of(KeyScope.READ);

  private final KeySecret secret = KeySecret.generate();

  /** The store, the same one throughout a test. */
  protected abstract KeyStore keys();

  protected abstract void setNow(Instant now);

  @Test
  void find_returnsTheKey_whenItsSecretIsPresented() {
    AccessKey added =
        keys()
            .add(secret, "org-a", Set.of(KeyScope.READ, KeyScope.INGEST), Duration.ofDays(90), 250);

    assertThat(added)
        .isEqualTo(
            new AccessKey(
                secret.prefix(),
                "org-a",
                Set.of(KeyScope.INGEST, KeyScope.READ),
                NOW,
                Instant.parse("2026-06-08T12:00:00Z"),
                null,
                250,
                null));
    assertThat(keys().find(secret)).contains(added);
    assertThat(keys().list()).containsExactly(added.usedAt(NOW));
  }

  @Test
  void find_isEmpty_whenTheKeyIsUnknown() {
    assertThat(keys().find(secret)).isEmpty();
    keys().add(KeySecret.generate(), "org-a", READ, null);
    assertThat(keys().find(secret)).isEmpty();
  }

  @Test
  void find_isEmpty_whenOnlyThePrefixIsRight() {
    keys().add(secret, "org-a", READ, null);
    String last = secret.reveal().endsWith("0") ? "1" : "0";
    String wrong = secret.reveal().substring(0, secret.reveal().length() - 1) + last;

    KeySecret shown = KeySecret.presented(wrong).orElseThrow();

    assertThat(shown.prefix()).isEqualTo(secret.prefix());
    assertThat(keys().find(shown)).isEmpty();
  }

  @Test
  void find_isEmpty_fromTheInstantOfExpiry() {
    keys().add(secret, "org-a", READ, Duration.ofHours(1));

    setNow(NOW.plusSeconds(3_599));
    assertThat(keys().find(secret)).isPresent();
    setNow(NOW.plusSeconds(3_600));
    assertThat(keys().find(secret)).isEmpty();
    assertThat(keys().list()).hasSize(1);
  }

  @Test
  void find_isEmpty_onceTheKeyIsRevoked() {
    AccessKey added = keys().add(secret, "org-a", READ, null);
    setNow(NOW.plusSeconds(60));

    AccessKey revoked = keys().revoke(added.prefix()).orElseThrow();

    assertThat(revoked.revokedAt()).isEqualTo(NOW.plusSeconds(60));
    assertThat(keys().find(secret)).isEmpty();
    assertThat(keys().list()).containsExactly(revoked);
    setNow(NOW.plusSeconds(120));
    assertThat(keys().revoke(added.prefix())).contains(revoked);
    assertThat(keys().revoke("pst_0000000000000000")).isEmpty();
  }

  @Test
  void foundKey_hasItsLastUse_toTheMinute() {
    AccessKey added = keys().add(secret, "org-a", READ, null);
    assertThat(added.lastUsedAt()).isNull();
    assertThat(keys().find(secret)).isPresent();

    setNow(NOW.plusSeconds(3_600));
    assertThat(keys().find(secret)).isPresent();
    assertThat(keys().list()).containsExactly(added.usedAt(NOW.plusSeconds(3_600)));
  }

  @Test
  void rotate_createsAnEqualKey_andKeepsTheOldOneValidForAWhile() {
    AccessKey old = keys().add(secret, "org-a", READ, Duration.ofDays(90), 250);
    KeySecret next = KeySecret.generate();
    setNow(NOW.plus(Duration.ofDays(60)));

    AccessKey made = keys().rotate(old.prefix(), next, Duration.ofDays(7)).orElseThrow();

    assertThat(made)
        .isEqualTo(
            new AccessKey(
                next.prefix(),
                "org-a",
                READ,
                NOW.plus(Duration.ofDays(60)),
                NOW.plus(Duration.ofDays(150)),
                null,
                250,
                null));
    setNow(NOW.plus(Duration.ofDays(67)).minusSeconds(1));
    assertThat(keys().find(secret)).isPresent();
    assertThat(keys().find(next)).isPresent();
    setNow(NOW.plus(Duration.ofDays(67)));
    assertThat(keys().find(secret)).isEmpty();
    assertThat(keys().find(next)).isPresent();
  }

  @Test
  void rotate_neverExtendsAKey_andNeedsAValidOne() {
    AccessKey old = keys().add(secret, null, Set.of(KeyScope.JOBS), Duration.ofDays(1));
    KeySecret next = KeySecret.generate();
    assertThat(keys().rotate(old.prefix(), next, Duration.ofDays(7))).isPresent();

    setNow(NOW.plus(Duration.ofDays(1)));
    assertThat(keys().find(secret)).isEmpty();
    KeySecret third = KeySecret.generate();
    assertThat(keys().rotate(old.prefix(), third, Duration.ofDays(7))).isEmpty();
    assertThat(keys().rotate("pst_0000000000000000", third, Duration.ofDays(7))).isEmpty();
    assertThat(keys().list()).hasSize(2);
  }

  @Test
  void add_changesNothing_whenTheKeyIsThereAlready() {
    AccessKey first = keys().add(secret, "org-a", READ, null);
    setNow(NOW.plusSeconds(60));

    assertThat(keys().add(secret, null, Set.of(KeyScope.ADMIN), Duration.ofDays(1)))
        .isEqualTo(first);

    AccessKey revoked = keys().revoke(first.prefix()).orElseThrow();
    assertThat(keys().add(secret, "org-a", READ, null)).isEqualTo(revoked);
    assertThat(keys().find(secret)).isEmpty();
  }

  @Test
  void add_refuses_impossibleKeys() {
    assertThatThrownBy(() -> keys().add(secret, null, READ, null))
        .hasMessageContaining("must have scope admin");
    assertThatThrownBy(() -> keys().add(secret, null, Set.of(KeyScope.JOBS, KeyScope.READ), null))
        .hasMessageContaining("must have scope admin");
    assertThatThrownBy(() -> keys().add(secret, "org-a", Set.of(KeyScope.METRICS), null))
        .hasMessageContaining("must not name an organisation");
    assertThatThrownBy(() -> keys().add(secret, "org-a", Set.of(), null))
        .hasMessageContaining("at least one scope");
    assertThatThrownBy(() -> keys().add(secret, " ", READ, null))
        .hasMessageContaining("organisation must be");
    assertThatThrownBy(() -> keys().add(secret, "a".repeat(129), READ, null))
        .hasMessageContaining("organisation must be");
    assertThat(keys().list()).isEmpty();
  }

  @Test
  void list_isOldestFirst_andDistinguishesKeysWithoutAnOrganisation() {
    AccessKey oldest = keys().add(KeySecret.generate(), "組織 🙂", READ, null);
    setNow(NOW.plusSeconds(1));
    AccessKey admin = keys().add(KeySecret.generate(), null, Set.of(KeyScope.ADMIN), null);
    setNow(NOW.plusSeconds(2));
    AccessKey newest = keys().add(KeySecret.generate(), "a", Set.of(KeyScope.values()), null);

    assertThat(keys().list()).containsExactly(oldest, admin, newest);
  }
}

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
  void find_answersWhatWasAdded_whenTheKeyIsShown() {
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
                250));
    assertThat(keys().find(secret)).contains(added);
    assertThat(keys().list()).containsExactly(added);
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
  void find_isEmpty_fromTheInstantOnAtWhichTheKeyExpires() {
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
  void add_refuses_whatNoKeyCanBe() {
    assertThatThrownBy(() -> keys().add(secret, null, READ, null))
        .hasMessageContaining("must have scope admin");
    assertThatThrownBy(() -> keys().add(secret, "org-a", Set.of(), null))
        .hasMessageContaining("at least one scope");
    assertThatThrownBy(() -> keys().add(secret, " ", READ, null))
        .hasMessageContaining("organisation must be");
    assertThatThrownBy(() -> keys().add(secret, "a".repeat(129), READ, null))
        .hasMessageContaining("organisation must be");
    assertThat(keys().list()).isEmpty();
  }

  @Test
  void list_isOldestFirst_andTellsKeysWithoutAnOrganisationApart() {
    AccessKey oldest = keys().add(KeySecret.generate(), "組織 🙂", READ, null);
    setNow(NOW.plusSeconds(1));
    AccessKey admin = keys().add(KeySecret.generate(), null, Set.of(KeyScope.ADMIN), null);
    setNow(NOW.plusSeconds(2));
    AccessKey newest = keys().add(KeySecret.generate(), "a", Set.of(KeyScope.values()), null);

    assertThat(keys().list()).containsExactly(oldest, admin, newest);
  }
}

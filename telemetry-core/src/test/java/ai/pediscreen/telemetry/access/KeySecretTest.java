package ai.pediscreen.telemetry.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySecretTest {

  /** SHA-256 of 64 times the letter a, by {@code sha256sum}. */
  private static final String SHA256_OF_64_A =
      "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb";

  @Test
  void generated_isAPrefixAnd256Bits_neverTheSame() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      KeySecret secret = KeySecret.generate();
      assertThat(secret.reveal()).matches("pst_[0-9a-f]{16}_[0-9a-f]{64}");
      assertThat(secret.reveal()).startsWith(secret.prefix() + "_");
      assertThat(seen.add(secret.prefix())).isTrue();
      assertThat(seen.add(secret.reveal().substring(21))).isTrue();
    }
  }

  @Test
  void presentedKey_isRecognised_byPrefixAndDigest() {
    KeySecret secret = KeySecret.generate();
    KeySecret shown = KeySecret.presented(secret.reveal()).orElseThrow();

    assertThat(shown.prefix()).isEqualTo(secret.prefix());
    assertThat(shown.matches(secret.sha256())).isTrue();
    assertThat(KeySecret.generate().matches(secret.sha256())).isFalse();
    assertThat(KeySecret.presented("a".repeat(64)).orElseThrow().sha256())
        .isEqualTo(SHA256_OF_64_A);
  }

  @Test
  void prefixAndTextForm_revealNothingOfAChosenKey() {
    String text = "correct-horse-battery-staple-0123456789";
    KeySecret secret = KeySecret.chosen(text);

    assertThat(secret.prefix()).matches("own_[0-9a-f]{16}");
    assertThat(secret.toString()).isEqualTo(secret.prefix());
    assertThat(KeySecret.generate().toString()).hasSize(20);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "changeme",
        "0123456789012345678901234567890",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "0123456789012345678901234567890123456789",
        "0123456789abcdef0123456789abcdef",
        "abcdefghijklmnopqrstuvwxyz0123456789",
        "changeme-1-changeme-1-changeme-1-changeme-1",
        "with spaces 0123456789012345678901234567890",
        "umläut-0123456789012345678901234567890"
      })
  void chosen_isRefusedWithoutRepeatingIt_whenItIsWeak(String text) {
    assertThatThrownBy(() -> KeySecret.chosen(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32 to 256 random characters")
        .hasMessageNotContaining(text.isEmpty() ? "pst_" : text);
  }

  @Test
  void presentedText_isNoKey_whenTooShortOrTooLong() {
    assertThat(KeySecret.presented("x".repeat(31))).isEmpty();
    assertThat(KeySecret.presented("x".repeat(257))).isEmpty();
    assertThat(KeySecret.presented("x".repeat(32))).isPresent();
  }
}

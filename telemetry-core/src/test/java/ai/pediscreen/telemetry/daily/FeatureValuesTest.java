package ai.pediscreen.telemetry.daily;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FeatureValuesTest {

  @Test
  @DisplayName("A number is a number; a string or boolean a category; anything else no value")
  void values_areNumbersOrTexts_byWhatTheyAre() {
    FeatureValues values =
        count(1, 1L, 1.0, BigInteger.ONE, new BigDecimal("1e0"), "1", true, "true", null)
            .merge(count(List.of(1), Map.of("a", 1), Double.NaN, Double.POSITIVE_INFINITY));
    assertThat(values.numbers().distinct()).isEqualTo(1);
    assertThat(values.numbers().total()).isEqualTo(5);
    assertThat(values.texts()).isEqualTo(Map.of("1", 1L, "true", 2L));
    assertThat(values.total()).isEqualTo(8);
  }

  @Test
  void numbers_areRoundedToFourDigits() {
    FeatureValues values =
        count(9_999, 12_345, 0.123449, -0.123450, 0.99995, "0.99995", 1.7e308, -1.7e308, -0.0);
    assertThat(numbers(values))
        .containsExactly(-1e300, -0.1235, 0.0, 0.1234, 1.0, 9_999.0, 12_350.0, 1e300);
  }

  @Test
  void tooManyNumbers_loseDigits_whateverTheirOrder() {
    List<@Nullable Object> numbers = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < 60_000; i++) {
      numbers.add(Math.pow(10, random.nextDouble() * 12) * (random.nextBoolean() ? 1 : -1));
    }
    FeatureValues values = count(numbers.toArray());
    assertThat(values.total()).isEqualTo(60_000);
    assertThat(values.numbers().distinct()).isBetween(2_000, FeatureValues.MAX_NUMBERS);
    Collections.shuffle(numbers, random);
    assertThat(count(numbers.toArray())).isEqualTo(values);
    numbers.sort((a, b) -> Double.compare((Double) a, (Double) b));
    assertThat(count(numbers.toArray())).isEqualTo(values);
    assertThat(numbers(values)).allMatch(value -> Math.abs(value) >= 1);
  }

  @Test
  void texts_areCut_andTheRarestAreOthers() {
    List<@Nullable Object> texts = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      texts.addAll(Collections.nCopies(i < 200 ? 2 : 1, "t" + i));
    }
    texts.add("\uD83D\uDE42".repeat(65));
    texts.add("\uD83D\uDE42".repeat(66));
    texts.add("\uD83D\uDE42".repeat(64));
    Collections.shuffle(texts, new Random(2));
    FeatureValues values = count(texts.toArray());
    assertThat(values.texts()).hasSize(200).containsEntry("\uD83D\uDE42".repeat(64), 3L);
    assertThat(values.otherTexts()).isEqualTo(2 + 100);
    assertThat(values.total()).isEqualTo(texts.size());
  }

  @Test
  void aFloodOfTexts_isCountedInBoundedSpace_whateverTheirOrder() {
    List<@Nullable Object> texts = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      texts.addAll(Collections.nCopies(1 + i / 1_000, "%05d".formatted(i)));
    }
    FeatureValues values = count(texts.toArray());
    Collections.reverse(texts);
    assertThat(count(texts.toArray())).isEqualTo(values);
    Collections.shuffle(texts, new Random(3));
    assertThat(count(texts.toArray())).isEqualTo(values);
    assertThat(values.total()).isEqualTo(texts.size());
    assertThat(values.texts()).hasSize(200).doesNotContainKey("09999").containsEntry("01000", 2L);
  }

  @Test
  void bytes_areReadBack_andNothingElseIs() {
    FeatureValues values = count(0.25, -3, "low", "low", "", true, "\uD83D\uDE42");
    byte[] bytes = new FeatureValues(values.numbers(), values.texts(), 5).toBytes();
    assertThat(FeatureValues.fromBytes(bytes).toBytes()).isEqualTo(bytes);
    assertThat(FeatureValues.fromBytes(bytes).otherTexts()).isEqualTo(5);
    assertThat(FeatureValues.fromBytes(values.toBytes())).isEqualTo(values);
    assertThat(FeatureValues.fromBytes(FeatureValues.none().toBytes())).isEqualTo(count());
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> FeatureValues.fromBytes(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> FeatureValues.fromBytes(Arrays.copyOf(bytes, bytes.length + 1)))
        .hasMessageContaining("too many");
    bytes[0] = 2;
    assertThatThrownBy(() -> FeatureValues.fromBytes(bytes)).hasMessageContaining("version");
  }

  @Test
  @DisplayName("a×50, b×50 against a×30, c×70")
  void categories_areCompared() {
    FeatureValues reference = FeatureValues.builder().add("a", 50).add("b", 50).build();
    FeatureValues current = FeatureValues.builder().add("a", 30).add("c", 70).build();
    double expected = part(0.5, 0.3) + part(0.5, 1e-6 / 100) + part(1e-6 / 100, 0.7);
    assertThat(current.comparedWith(reference).index()).isCloseTo(expected, within(1e-4));
  }

  @Test
  void aTextAmongNumbers_doesNotHideTheirDrift() {
    FeatureValues.Builder reference = FeatureValues.builder().add("n/a", 1);
    FeatureValues.Builder current = FeatureValues.builder();
    for (int i = 0; i < 1_000; i++) {
      reference.add(i, 1);
      current.add(i + 500, 1);
    }
    double psi = current.build().comparedWith(reference.build()).index();
    assertThat(psi).isGreaterThan(1);
  }

  @Test
  void textsPastTheTwoHundredMostFrequent_areOneBin() {
    FeatureValues reference = FeatureValues.none();
    for (int day = 0; day < 7; day++) {
      FeatureValues.Builder texts = FeatureValues.builder().add("usual", 1_000);
      for (int i = 0; i < 150; i++) {
        texts.add("d" + day + "-" + i, 1);
      }
      reference = reference.merge(texts.build());
    }
    assertThat(reference.texts()).hasSizeGreaterThan(1_000);
    FeatureValues current = FeatureValues.builder().add("usual", 1_000).build();
    assertThat(current.comparedWith(reference).bins()).hasSize(201);
  }

  private static double part(double reference, double current) {
    return (reference - current) * Math.log(reference / current);
  }

  private static FeatureValues count(@Nullable Object... values) {
    FeatureValues.Builder builder = FeatureValues.builder();
    for (Object value : values) {
      builder.add(value, 1);
    }
    return builder.build();
  }

  private static List<Double> numbers(FeatureValues values) {
    List<Double> numbers = new ArrayList<>();
    for (int i = 0; i < values.numbers().distinct(); i++) {
      numbers.add(values.numbers().value(i));
    }
    return numbers;
  }
}

package ai.pediscreen.telemetry.daily;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.pediscreen.telemetry.drift.DriftGate;
import ai.pediscreen.telemetry.drift.DriftVerdict;
import ai.pediscreen.telemetry.event.OrgScope;
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
  void values_areNumbersOrTexts_byTheirType() {
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
  void tooManyNumbers_areRoundedFurther_inAnyOrder() {
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
  void texts_areTruncated_andTheRarestAreOthers() {
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
  void manyTexts_areCountedInBoundedMemory_inAnyOrder() {
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
  void bytes_areReadBack_andOtherBytesRefused() {
    FeatureValues values = count(0.25, -3, "low", "low", "", true, "\uD83D\uDE42");
    byte[] bytes = new FeatureValues(values.numbers(), values.texts(), 5, 4).toBytes();
    assertThat(FeatureValues.fromBytes(bytes).toBytes()).isEqualTo(bytes);
    assertThat(FeatureValues.fromBytes(bytes).otherTexts()).isEqualTo(5);
    assertThat(FeatureValues.fromBytes(values.toBytes())).isEqualTo(values);
    assertThat(FeatureValues.fromBytes(FeatureValues.none().toBytes()))
        .isEqualTo(FeatureValues.none());
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> FeatureValues.fromBytes(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> FeatureValues.fromBytes(Arrays.copyOf(bytes, bytes.length + 1)))
        .hasMessageContaining("too many");
    bytes[0] = 3;
    assertThatThrownBy(() -> FeatureValues.fromBytes(bytes)).hasMessageContaining("version");
  }

  @Test
  @DisplayName("a×50, b×50 against a×30, c×70")
  void categories_areCompared() {
    FeatureValues reference = FeatureValues.builder().add("a", 50).add("b", 50).build();
    FeatureValues current = FeatureValues.builder().add("a", 30).add("c", 70).build();
    double expected = part(0.5, 0.3) + part(0.5, 1e-6 / 100) + part(1e-6 / 100, 0.7);
    assertThat(compare(reference, current).psi().index()).isCloseTo(expected, within(1e-4));
  }

  @Test
  void textAmongNumbers_doesNotHideTheirDrift() {
    FeatureValues.Builder reference = FeatureValues.builder().add("n/a", 1);
    FeatureValues.Builder current = FeatureValues.builder();
    for (int i = 0; i < 1_000; i++) {
      reference.add(i, 1);
      current.add(i + 500, 1);
    }
    double psi = compare(reference.build(), current.build()).psi().index();
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
    assertThat(compare(reference, current).psi().bins()).hasSize(201);
  }

  @Test
  @DisplayName("Texts that one day cut are not compared with a day that kept them")
  void texts_areComparedByName_whereNoDayTruncatedThem() {
    Random random = new Random(11);
    FeatureValues reference = FeatureValues.none();
    List<FeatureValues> days = new ArrayList<>();
    for (int day = 0; day < 8; day++) {
      FeatureValues.Builder texts = FeatureValues.builder();
      for (int i = 0; i < 5_000; i++) {
        texts.add("text-" + random.nextInt(300), 1);
      }
      days.add(texts.build());
    }
    for (FeatureValues day : days.subList(0, 7)) {
      reference = reference.merge(day);
    }
    FeatureValues current = days.get(7);
    assertThat(current.otherTexts()).isPositive();
    DriftComparison comparison = compare(reference, current);
    assertThat(DriftGate.standard().verdict(comparison.evidence())).isEqualTo(DriftVerdict.STABLE);
    assertThat(comparison.psi().index()).isLessThan(0.1);
    assertThat(comparison.reference().texts().keySet())
        .isEqualTo(comparison.current().texts().keySet());
    FeatureValues backwards = FeatureValues.none();
    for (int day = 6; day >= 0; day--) {
      backwards = days.get(day).merge(backwards);
    }
    assertThat(backwards).isEqualTo(reference);
  }

  @Test
  @DisplayName("A day of more values is rounded to fewer digits")
  void numbers_areRoundedToTheCoarserSide_beforeComparison() {
    Random random = new Random(12);
    FeatureValues few = spread(random, 3_000);
    FeatureValues many = spread(random, 120_000);
    assertThat(few.digits()).isEqualTo(4);
    assertThat(many.digits()).isLessThan(4);
    for (DriftComparison comparison : List.of(compare(few, many), compare(many, few))) {
      assertThat(comparison.psi().index()).isLessThan(0.02);
      assertThat(comparison.reference().digits()).isEqualTo(many.digits());
      assertThat(comparison.evidence().pValue()).isGreaterThan(0.001);
    }
    assertThat(few.merge(many)).isEqualTo(many.merge(few));
    assertThat(few.merge(many).digits()).isEqualTo(many.digits());
  }

  @Test
  void bytesOfVersionOne_areReadWithTheirDigits() {
    FeatureValues few = spread(new Random(13), 3_000);
    FeatureValues many = spread(new Random(13), 120_000);
    for (FeatureValues values : List.of(few, many, count("a", 0.5))) {
      byte[] bytes = values.toBytes();
      byte[] old = new byte[bytes.length - 1];
      old[0] = 1;
      System.arraycopy(bytes, 2, old, 1, old.length - 1);
      assertThat(FeatureValues.fromBytes(old)).isEqualTo(values);
    }
  }

  /** Numbers over twelve powers of ten, so that four digits are more than a day keeps. */
  private static FeatureValues spread(Random random, int count) {
    FeatureValues.Builder values = FeatureValues.builder();
    for (int i = 0; i < count; i++) {
      values.add(Math.pow(10, random.nextDouble() * 12), 1);
    }
    return values.build();
  }

  private static DriftComparison compare(FeatureValues reference, FeatureValues current) {
    return DriftComparison.of(
            new DriftSubject(OrgScope.all(), "m", "/response/f"), reference, current)
        .orElseThrow();
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

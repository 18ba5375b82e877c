package ai.pediscreen.telemetry.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LogTextTest {

  @Test
  void plain_keepsEveryScript_andReplacesControlCharacters() {
    assertThat(LogText.plain("Größe 大小 é 🙂")).isEqualTo("Größe 大小 é 🙂");
    assertThat(LogText.plain("a\nb\r\nc\td")).isEqualTo("a b  c d");
    assertThat(LogText.plain("\u0000\u001b[2J\u007f\u0085\u009b\u2028\u2029\u202e\u2066\ufeff"))
        .isEqualTo("??[2J????????");
  }

  @Test
  void plain_leavesNoControlCharacter_whateverTheCharacter() {
    IntStream.rangeClosed(0, 0xffff)
        .filter(c -> !Character.isSurrogate((char) c))
        .forEach(
            c -> {
              String plain = LogText.plain(Character.toString(c));
              assertThat(plain.lines().count()).isLessThanOrEqualTo(1);
              assertThat(plain.chars().noneMatch(Character::isISOControl)).isTrue();
            });
  }

  @Test
  void plain_truncatesLongTexts() {
    assertThat(LogText.plain("x".repeat(100_000))).hasSize(4_001).endsWith("…");
  }

  static List<Throwable> exceptionsThatQuote() {
    Throwable unreadable =
        Assertions.catchThrowable(() -> new ObjectMapper().readTree("{\"name\": s3cr3t}"));
    String word = String.join("", "s3", "cr3t");
    Throwable noDate = Assertions.catchThrowable(() -> LocalDate.parse(word));
    Throwable noNumber = Assertions.catchThrowable(() -> Long.parseLong(word));
    assertThat(unreadable).isInstanceOf(JsonProcessingException.class);
    assertThat(noDate).isInstanceOf(DateTimeParseException.class);
    return List.of(
        unreadable,
        noDate,
        noNumber,
        new IllegalArgumentException("no such thing: s3cr3t"),
        new CompletionException(noNumber),
        new UncheckedIOException((IOException) unreadable),
        new IOException("while reading: " + unreadable.getMessage(), unreadable),
        new SQLException("invalid input syntax for type json: \"s3cr3t\"", "22P02"),
        new SQLException("value violates a constraint: s3cr3t", "23514"),
        new SQLException("s3cr3t"));
  }

  @ParameterizedTest
  @MethodSource("exceptionsThatQuote")
  void stackTrace_omitsMessagesThatMayQuoteAValue(Throwable failure) {
    assertThat(failure).hasMessageContaining("s3cr3t");
    assertThat(LogText.stackTrace(new IllegalStateException("outer", failure)))
        .doesNotContain("s3cr3t")
        .contains("Caused by: " + failure.getClass().getName());
  }

  @Test
  void stackTrace_keepsMessagesThatSayWhatToFix() {
    Throwable failure =
        new StoreUnavailableException(
            "the database is unavailable",
            new SQLException("Connection refused", "08001", new ConnectException("refused")));
    assertThat(LogText.stackTrace(failure))
        .contains("StoreUnavailableException: the database is unavailable\n\tat ")
        .contains("Caused by: java.sql.SQLException: SQL state 08001: Connection refused\n")
        .contains("Caused by: java.net.ConnectException: refused\n");
  }

  @Test
  void stackTrace_hasNoLineFromARequest() {
    Throwable failure =
        new StoreUnavailableException(
            "bad a\r\n2026-01-01T00:00:00Z INFO all is well\u2028\u0085", new IOException("x\ny"));
    failure.addSuppressed(new IOException("s\nt"));
    assertThat(LogText.stackTrace(failure).stripTrailing().split("[\\n\\r\\u2028\\u0085]", -1))
        .allMatch(line -> line.startsWith("\t") || line.contains("Exception: "))
        .contains("Caused by: java.io.IOException: x y", "\tSuppressed: java.io.IOException: s t");
  }

  @Test
  void stackTrace_ends_withCircularCauses() {
    Exception first = new IOException("first");
    Exception second = new IOException("second", first);
    first.initCause(second);
    assertThat(LogText.stackTrace(first).lines().filter(line -> line.contains("IOException")))
        .hasSize(2);
  }
}

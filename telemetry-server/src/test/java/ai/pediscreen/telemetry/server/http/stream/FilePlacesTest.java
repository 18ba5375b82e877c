package ai.pediscreen.telemetry.server.http.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.server.http.protocol.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FilePlacesTest {

  private final FilePlaces places = new FilePlaces(4, 2);

  @Test
  void aKey_hasHalfOfThePlaces() {
    FilePlaces.Place first = places.take("pst_a");
    FilePlaces.Place second = places.take("pst_a");

    assertThatThrownBy(() -> places.take("pst_a")).isInstanceOf(ProblemException.class);
    FilePlaces.Place other = places.take("pst_b");
    first.close();
    first.close();
    FilePlaces.Place again = places.take("pst_a");
    assertThatThrownBy(() -> places.take("pst_a")).isInstanceOf(ProblemException.class);

    for (FilePlaces.Place place : new FilePlaces.Place[] {second, other, again}) {
      place.close();
    }
    for (int i = 0; i < 4; i++) {
      assertThat(places.take(null)).isNotNull();
    }
    assertThatThrownBy(() -> places.take("pst_c")).isInstanceOf(ProblemException.class);
  }

  @ParameterizedTest
  @CsvSource({"9, 0, false", "11, 0, true", "11, 300000, true", "11, 400000, false"})
  void aReader_isTooSlow_whenItTakesTooLittleOfWhatItIsOffered(
      int seconds, long bytes, boolean tooSlow) {
    assertThat(PacedOutput.isTooSlow(Duration.ofSeconds(seconds), bytes)).isEqualTo(tooSlow);
  }

  @Test
  void readers_areCutOff_whenTheServerStops_andNoMoreAreTaken() {
    ByteArrayEndPoint endPoint = new ByteArrayEndPoint();
    FilePlaces.Place place = places.take("pst_a");
    place.reads(new PacedOutput(new ByteArrayOutputStream()), endPoint);

    places.sweep();
    assertThat(endPoint.isOpen()).isTrue();
    places.close();

    assertThat(endPoint.isOpen()).isFalse();
    assertThatThrownBy(() -> places.take("pst_b"))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.problem().status()).isEqualTo(503));
  }

  @Test
  void whatIsWritten_arrives() throws IOException {
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    try (PacedOutput out = new PacedOutput(received)) {
      out.write('a');
      out.write(new byte[] {'b', 'c', 'd'}, 1, 2);
      out.flush();
      assertThat(out.isTooSlow()).isFalse();
    }

    assertThat(received).hasToString("acd");
  }
}

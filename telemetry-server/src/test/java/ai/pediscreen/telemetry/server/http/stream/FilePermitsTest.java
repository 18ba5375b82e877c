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

final class FilePermitsTest {

  private final FilePermits permits = new FilePermits(4, 2);

  @Test
  void key_getsHalfOfThePermits() {
    FilePermits.Permit first = permits.take("pst_a");
    FilePermits.Permit second = permits.take("pst_a");

    assertThatThrownBy(() -> permits.take("pst_a")).isInstanceOf(ProblemException.class);
    FilePermits.Permit other = permits.take("pst_b");
    first.close();
    first.close();
    FilePermits.Permit again = permits.take("pst_a");
    assertThatThrownBy(() -> permits.take("pst_a")).isInstanceOf(ProblemException.class);

    for (FilePermits.Permit permit : new FilePermits.Permit[] {second, other, again}) {
      permit.close();
    }
    for (int i = 0; i < 4; i++) {
      assertThat(permits.take(null)).isNotNull();
    }
    assertThatThrownBy(() -> permits.take("pst_c")).isInstanceOf(ProblemException.class);
  }

  @ParameterizedTest
  @CsvSource({"9, 0, false", "11, 0, true", "11, 300000, true", "11, 400000, false"})
  void reader_isTooSlow_belowTheMinimalRate(int seconds, long bytes, boolean tooSlow) {
    assertThat(PacedOutput.isTooSlow(Duration.ofSeconds(seconds), bytes)).isEqualTo(tooSlow);
  }

  @Test
  void readers_areCutOff_whenTheServerStops_andNoMoreAccepted() {
    ByteArrayEndPoint endPoint = new ByteArrayEndPoint();
    FilePermits.Permit permit = permits.take("pst_a");
    permit.reads(new PacedOutput(new ByteArrayOutputStream()), endPoint);

    permits.sweep();
    assertThat(endPoint.isOpen()).isTrue();
    permits.close();

    assertThat(endPoint.isOpen()).isFalse();
    assertThatThrownBy(() -> permits.take("pst_b"))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.problem().status()).isEqualTo(503));
  }

  @Test
  void writtenBytes_arrive() throws IOException {
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

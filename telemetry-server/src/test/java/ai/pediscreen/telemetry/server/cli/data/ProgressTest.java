package ai.pediscreen.telemetry.server.cli.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

final class ProgressTest {

  private static final LocalDate DAY = LocalDate.of(2026, 2, 1);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, UTF_8);

  @Test
  void progressBar_moves_onATerminal() {
    Progress progress = Progress.of(true, out, 2);
    progress.done(DAY, 3, "aggregates");
    progress.done(DAY.plusDays(1), 0, "aggregates");
    progress.end();
    assertThat(bytes.toString(UTF_8))
        .isEqualTo(
            "\r[===============               ] 1/2  2026-02-01: 3 aggregates "
                + "\r[==============================] 2/2  2026-02-02: 0 aggregates "
                + System.lineSeparator());
  }

  @Test
  void progressBar_movesBySeveralSteps_neverBeyondItsEnd() {
    Progress progress = Progress.of(true, out, 60);
    progress.at(20, "x");
    progress.at(70, "y");
    assertThat(bytes.toString(UTF_8))
        .isEqualTo(
            "\r[==========                    ] 20/60  x "
                + "\r[==============================] 60/60  y ");
  }

  @Test
  void eachDay_isALine_withoutATerminal() {
    Progress progress = Progress.of(false, out, 1);
    progress.done(DAY, 3, "aggregates");
    progress.end();
    assertThat(bytes.toString(UTF_8))
        .isEqualTo("2026-02-01: 3 aggregates" + System.lineSeparator());
  }
}

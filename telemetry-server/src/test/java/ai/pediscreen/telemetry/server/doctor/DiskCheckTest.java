package ai.pediscreen.telemetry.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.doctor.Finding.Level;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskCheckTest {

  private static final long MIB = 1L << 20;

  @TempDir Path directory;

  @Test
  void underAGibibyte_isAWarning_andUnderAHundredMebibytesAFailure() {
    DiskCheck check = new DiskCheck(directory);

    assertThat(check.judge(1_024 * MIB))
        .isEqualTo(Finding.ok("Disk", "1.0 GiB free at " + directory));
    assertThat(check.judge(1_024 * MIB - 1))
        .extracting(Finding::level, Finding::found)
        .containsExactly(Level.WARN, "1023 MiB free at " + directory);
    assertThat(check.judge(100 * MIB).level()).isEqualTo(Level.WARN);
    assertThat(check.judge(100 * MIB - 1))
        .extracting(Finding::level, Finding::found)
        .containsExactly(Level.FAIL, "99 MiB free at " + directory);
  }

  @Test
  void missingDirectory_isJudgedByItsFutureDisk() {
    Path missing = directory.resolve("not").resolve("yet");

    assertThat(new DiskCheck(missing).check())
        .singleElement()
        .satisfies(finding -> assertThat(finding.found()).endsWith("iB free at " + missing));
    assertThat(missing).doesNotExist();
  }
}

package ai.pediscreen.telemetry.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FindingsTest {

  @Test
  void finding_isOneAlignedLine_withItsRemedy() {
    Findings findings =
        new Findings(
            List.of(
                Finding.ok("Clock", "agrees"),
                Finding.warn("Disk", "nearly full", "make room"),
                Finding.fail("Database", "gone:\r\n  refused\u001b[31m.\n", "start it")));

    assertThat(findings.lines())
        .containsExactly(
            "ok    Clock     agrees",
            "warn  Disk      nearly full; make room",
            "FAIL  Database  gone: refused [31m; start it");
  }

  @Test
  void warnings_pass_andFailuresFail() {
    Finding warning = Finding.warn("Disk", "nearly full", "make room");

    assertThat(new Findings(List.of(warning)).passed()).isTrue();
    assertThat(new Findings(List.of(warning, Finding.fail("Redis", "gone", "start it"))).passed())
        .isFalse();
  }
}

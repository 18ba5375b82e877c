package ai.pediscreen.telemetry.server.doctor;

import ai.pediscreen.telemetry.server.doctor.Finding.Level;
import java.util.List;

/**
 * Everything that was found, in the order in which it was looked at. Immutable.
 *
 * @param all the findings
 */
public record Findings(List<Finding> all) {

  public Findings {
    all = List.copyOf(all);
  }

  /** Whether nothing failed; warnings are allowed. */
  public boolean passed() {
    return all.stream().noneMatch(finding -> finding.level() == Level.FAIL);
  }

  /** A line for each, aligned: level, subject, what was found; what to do. */
  public List<String> lines() {
    int width = all.stream().mapToInt(finding -> finding.subject().length()).max().orElse(0);
    return all.stream().map(finding -> line(finding, width)).toList();
  }

  private static String line(Finding finding, int width) {
    return "%-4s  %s%s  %s%s"
        .formatted(
            finding.level().label(),
            finding.subject(),
            " ".repeat(width - finding.subject().length()),
            finding.found(),
            finding.advice() == null ? "" : "; " + finding.advice());
  }
}

package ai.pediscreen.telemetry.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.embedded.host.Host;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;

/**
 * Each test that SECURITY.md names ran and passed in this build. Run by the build itself, after all
 * other tests of this module and those below it.
 */
class SecurityPromises {

  private static final Path ROOT = Path.of("..");

  /** What only root can show is asked for where the build runs as root. */
  private static final String AS_ROOT = " (as root)";

  @Test
  void everyTestThatSecurityNames_passedInThisBuild() throws Exception {
    String document = Files.readString(ROOT.resolve("SECURITY.md"), UTF_8);
    TestReports reports =
        new TestReports(
            ROOT, Instant.parse(requireNonNull(System.getProperty("telemetry.build.begin"))));
    boolean root = Host.detect().root();
    List<String> doubts = new ArrayList<>();
    Matcher named = SecurityDocumentTest.NAMED.matcher(document);
    while (named.find()) {
      if (root || !document.startsWith(AS_ROOT, named.end())) {
        doubts.addAll(reports.doubts(named.group(1), named.group(2)));
      }
    }
    assertThat(doubts).as("promises of SECURITY.md that nothing shows").isEmpty();
  }
}

package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A test passed if its report of this build says so, and for no other reason. */
class TestReportsTest {

  private static final Instant BEGIN = Instant.parse("2026-03-10T12:00:00Z");

  private @TempDir Path root;

  @BeforeEach
  void makeModules() throws IOException {
    write("one/pom.xml", "");
    write("two/pom.xml", "");
    write("one/src/test/java/x/KeptContract.java", "public abstract class KeptContract {}");
    write("one/src/test/java/x/KeptTest.java", "class KeptTest extends KeptContract {}");
    write("two/src/test/java/y/z/KeptIT.java", "final class KeptIT extends KeptContract {}");
  }

  @Test
  void testThatPassed_leavesNoDoubt() throws IOException {
    surefire("one", "x.KeyTest", passed("a"), passed("b(String)[1]"), passed("b(String)[2]"));
    assertThat(doubts("KeyTest", "a")).isEmpty();
    assertThat(doubts("KeyTest", "b")).isEmpty();
    assertThat(reports().doubts("KeyTest", null)).isEmpty();
  }

  @Test
  void testThatDidNotRun_isDoubted() throws IOException {
    assertThat(doubts("KeyTest", "a")).containsExactly("KeyTest.a did not run in this build");
    surefire("one", "x.KeyTest", passed("ab"));
    assertThat(doubts("KeyTest", "a")).containsExactly("KeyTest.a did not run in this build");
    surefire("one", "x.EmptyTest");
    assertThat(reports().doubts("EmptyTest", null))
        .containsExactly("EmptyTest did not run in this build");
  }

  @Test
  void testThatFailedOrWasSkipped_isDoubted_evenOnce() throws IOException {
    surefire(
        "one",
        "x.KeyTest",
        passed("a"),
        ended("b", "failure"),
        passed("c()[1]"),
        ended("c()[2]", "error"),
        passed("c()[3]"),
        ended("d", "skipped"));
    assertThat(doubts("KeyTest", "a")).isEmpty();
    assertThat(doubts("KeyTest", "b")).containsExactly("KeyTest.b: failure");
    assertThat(doubts("KeyTest", "c")).containsExactly("KeyTest.c: error");
    assertThat(doubts("KeyTest", "d")).containsExactly("KeyTest.d: skipped");
    assertThat(reports().doubts("KeyTest", null))
        .containsExactly("KeyTest: failure", "KeyTest: error", "KeyTest: skipped");
  }

  @Test
  void reportOfAnEarlierBuild_doesNotCount() throws IOException {
    Path report = surefire("one", "x.KeyTest", passed("a"));
    Files.setLastModifiedTime(report, FileTime.from(BEGIN.minusSeconds(1)));
    assertThat(doubts("KeyTest", "a")).containsExactly("KeyTest.a did not run in this build");
    Files.setLastModifiedTime(report, FileTime.from(BEGIN));
    assertThat(doubts("KeyTest", "a")).isEmpty();
  }

  @Test
  void contract_passed_whenAllClassesThatRunItDid() throws IOException {
    surefire("one", "x.KeptTest", passed("a"));
    assertThat(doubts("KeptContract", "a")).containsExactly("KeptIT.a did not run in this build");
    write("two/target/failsafe-reports/TEST-y.z.KeptIT.xml", report(ended("a", "skipped")));
    assertThat(doubts("KeptContract", "a")).containsExactly("KeptIT.a: skipped");
    write("two/target/failsafe-reports/TEST-y.z.KeptIT.xml", report(passed("a")));
    assertThat(doubts("KeptContract", "a")).isEmpty();
  }

  @Test
  void contractThatNobodyRuns_isDoubted() throws IOException {
    assertThat(doubts("LostContract", "a"))
        .containsExactly("LostContract.a did not run in this build");
  }

  private List<String> doubts(String test, String method) throws IOException {
    return reports().doubts(test, method);
  }

  private TestReports reports() throws IOException {
    return new TestReports(root, BEGIN);
  }

  private Path surefire(String module, String type, String... cases) throws IOException {
    return write(module + "/target/surefire-reports/TEST-" + type + ".xml", report(cases));
  }

  private static String report(String... cases) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><testsuite name=\"any\"><properties>"
        + "<property name=\"failure\" value=\"none\"/></properties>"
        + String.join("", cases)
        + "</testsuite>";
  }

  private static String passed(String name) {
    return "<testcase name=\"%s\" classname=\"any\" time=\"0.1\"/>".formatted(name);
  }

  private static String ended(String name, String outcome) {
    return "<testcase name=\"%s\" classname=\"any\"><%s message=\"why\"/></testcase>"
        .formatted(name, outcome);
  }

  private Path write(String file, String content) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, content);
  }
}

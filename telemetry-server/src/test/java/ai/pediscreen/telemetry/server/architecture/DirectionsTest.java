package ai.pediscreen.telemetry.server.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DirectionsTest {

  private static final String ROOT = "ai.pediscreen.telemetry";
  private static final String FIXTURE = DirectionsTest.class.getPackageName() + ".fixture";

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("tests.jar"))
          .importPackages(ROOT);

  /** Classes that break each rule once. */
  private static final JavaClasses BROKEN = new ClassFileImporter().importPackages(FIXTURE);

  static Stream<String> names() {
    return new Directions(ROOT).rules().keySet().stream();
  }

  @Test
  void allModules_areChecked() {
    assertThat(HOUSE.stream().map(type -> type.getPackageName()).distinct())
        .contains(
            ROOT + ".event",
            ROOT + ".usage",
            ROOT + ".drift",
            ROOT + ".export",
            ROOT + ".access",
            ROOT,
            ROOT + ".memory",
            ROOT + ".remote",
            ROOT + ".postgres",
            ROOT + ".bigquery",
            ROOT + ".server",
            ROOT + ".server.http");
  }

  @ParameterizedTest
  @MethodSource("names")
  void project_obeysTheRule(String name) {
    rule(ROOT, name).allowEmptyShould(true).check(HOUSE);
  }

  @ParameterizedTest
  @MethodSource("names")
  void rule_fails_whenClassesBreakIt(String name) {
    assertThat(rule(FIXTURE, name).allowEmptyShould(true).evaluate(BROKEN).hasViolation())
        .as(name)
        .isTrue();
  }

  private static ArchRule rule(String root, String name) {
    Map<String, ArchRule> rules = new Directions(root).rules();
    return rules.get(name);
  }
}

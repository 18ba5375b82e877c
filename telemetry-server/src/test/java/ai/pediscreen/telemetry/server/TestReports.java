package ai.pediscreen.telemetry.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** What Surefire and Failsafe reported of the tests of this build, in all modules. */
final class TestReports {

  private static final Pattern REPORT =
      Pattern.compile("target/(?:surefire|failsafe)-reports/TEST-(?:.*\\.)?(\\w+)\\.xml$");

  private static final Pattern RUNS_CONTRACT =
      Pattern.compile(
          "^(?:final |public )*class (\\w+) extends (\\w+Contract) ", Pattern.MULTILINE);

  /** Of a test case's name, which goes on with parameters and the number of a repetition. */
  private static final Pattern METHOD = Pattern.compile("^\\w+");

  private static final Set<String> NOT_PASSED = Set.of("failure", "error", "skipped");

  /** By the name of the class, without its package. */
  private final Map<String, List<Path>> reports = new HashMap<>();

  /** The classes that run a contract, by the contract's name. */
  private final Map<String, List<String>> ofContracts = new HashMap<>();

  /**
   * Looks for them.
   *
   * @param root the folder that the modules are in
   * @param begin when this build began: reports from before are of another
   */
  TestReports(Path root, Instant begin) throws IOException {
    for (Path module : modules(root)) {
      for (Path file : below(module.resolve("target"), 2)) {
        Matcher report = REPORT.matcher(file.toString().replace('\\', '/'));
        if (report.find() && !Files.getLastModifiedTime(file).toInstant().isBefore(begin)) {
          reports.computeIfAbsent(report.group(1), unused -> new ArrayList<>()).add(file);
        }
      }
      for (Path source : below(module.resolve("src/test/java"), Integer.MAX_VALUE)) {
        Matcher heir = RUNS_CONTRACT.matcher(Files.readString(source, UTF_8));
        if (heir.find()) {
          ofContracts
              .computeIfAbsent(heir.group(2), unused -> new ArrayList<>())
              .add(heir.group(1));
        }
      }
    }
  }

  /**
   * Why a test cannot be said to have passed in this build; empty if it did.
   *
   * @param test a class without its package; a contract stands for all classes that run it
   * @param method null for all of the class
   */
  List<String> doubts(String test, @Nullable String method) throws IOException {
    List<String> doubts = new ArrayList<>();
    for (String type : ofContracts.getOrDefault(test, List.of(test))) {
      List<TestCase> cases = new ArrayList<>();
      for (Path report : reports.getOrDefault(type, List.of())) {
        cases.addAll(read(report));
      }
      cases.removeIf(each -> method != null && !each.method().equals(method));
      String name = method == null ? type : type + "." + method;
      if (cases.isEmpty()) {
        doubts.add(name + " did not run in this build");
      }
      cases.stream()
          .flatMap(each -> each.outcome().stream())
          .distinct()
          .forEach(outcome -> doubts.add(name + ": " + outcome));
    }
    return doubts;
  }

  private static List<TestCase> read(Path report) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    List<TestCase> cases = new ArrayList<>();
    try (InputStream in = Files.newInputStream(report)) {
      XMLStreamReader reader = factory.createXMLStreamReader(in);
      while (reader.hasNext()) {
        if (reader.next() != XMLStreamReader.START_ELEMENT) {
          continue;
        }
        String element = reader.getLocalName();
        if ("testcase".equals(element)) {
          cases.add(TestCase.named(reader.getAttributeValue(null, "name")));
        } else if (NOT_PASSED.contains(element)) {
          cases.get(cases.size() - 1).outcome().add(element);
        }
      }
    } catch (XMLStreamException e) {
      throw new IOException("cannot read " + report, e);
    }
    return cases;
  }

  private static List<Path> modules(Path root) throws IOException {
    try (Stream<Path> folders = Files.list(root)) {
      return folders.filter(folder -> Files.exists(folder.resolve("pom.xml"))).toList();
    }
  }

  private static List<Path> below(Path folder, int depth) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder, depth)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  /**
   * A run of a method.
   *
   * @param outcome what is said of it besides that it ran: {@code failure}, {@code error} or {@code
   *     skipped}; empty if it passed
   */
  private record TestCase(String method, List<String> outcome) {

    static TestCase named(String name) {
      Matcher method = METHOD.matcher(name);
      return new TestCase(method.find() ? method.group() : name, new ArrayList<>());
    }
  }
}

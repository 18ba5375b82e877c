package ai.pediscreen.telemetry.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.config.Setting;
import ai.pediscreen.telemetry.server.config.Settings;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What deploys the program, and the README's table of settings, name what the program knows. No
 * engine and no cluster is at hand to run them in.
 */
class DeploymentTest {

  private static final Path ROOT = Path.of("..");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /** One that says what to do with the rest of the line, such as {@code ENV HOST=0.0.0.0}. */
  private static final Pattern INSTRUCTION = Pattern.compile("^([A-Z]+) (.+)$", Pattern.MULTILINE);

  private static final Pattern VARIABLE = Pattern.compile("\\b([A-Z][A-Z_]+)=");

  @Test
  void readme_listsTheSettings() {
    Matcher table =
        Pattern.compile("^\\| setting \\|.*\\n(?:\\|.*\\n)+", Pattern.MULTILINE)
            .matcher(read("README.md"));
    assertThat(table.find()).isTrue();
    StringBuilder expected =
        new StringBuilder("| setting | default | meaning |\n| --- | --- | --- |\n");
    for (Setting<?> setting : Settings.all()) {
      expected.append(
          "| `%s` | %s | %s |%n".formatted(setting.name(), setting.told(), setting.meaning()));
    }
    assertThat(table.group())
        .withFailMessage("the table of settings in README.md must be%n%n%s", expected)
        .isEqualTo(expected.toString());
  }

  @Test
  void kubernetes_namesOnlyExistingSettings() {
    List<JsonNode> objects = documents("deploy/kubernetes.yaml");
    Map<String, String> settings = new HashMap<>();
    object(objects, "ConfigMap")
        .get("data")
        .properties()
        .forEach(entry -> settings.put(entry.getKey(), entry.getValue().asText()));
    assertThat(settings()).containsAll(settings.keySet());

    List<JsonNode> containers = new ArrayList<>();
    objects.forEach(each -> each.at("/spec/template/spec/containers").forEach(containers::add));
    assertThat(containers).hasSize(2);
    for (JsonNode container : containers) {
      assertThat(container.get("image").textValue())
          .isEqualTo("pediscreen-telemetry:" + newestRelease());
      assertThat(Main.commandLine().getSubcommands())
          .containsKey(container.at("/args/0").textValue());
      container
          .path("ports")
          .forEach(
              port ->
                  assertThat(port.get("containerPort").asText())
                      .isEqualTo(
                          settings.get(
                              Map.of("http", "PORT", "metrics", "METRICS_PORT")
                                  .get(port.get("name").textValue()))));
      for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
        assertThat(List.of("", "/livez", "/readyz"))
            .contains(container.at("/" + probe + "/httpGet/path").asText(""));
      }
    }
    assertThat(directoriesOfSecrets(settings)).isNotEmpty().isSubsetOf(mounts(containers));
  }

  @Test
  void compose_namesOnlyExistingSettings() {
    JsonNode services = documents("compose.yaml").get(0).get("services");
    int built = 0;
    for (JsonNode service : services) {
      if (!service.has("build")) {
        continue;
      }
      built++;
      service
          .get("environment")
          .fieldNames()
          .forEachRemaining(name -> assertThat(settings()).contains(name));
      if (service.has("command")) {
        assertThat(Main.commandLine().getSubcommands())
            .containsKey(service.get("command").textValue());
      }
    }
    assertThat(built).isEqualTo(2);
  }

  @Test
  void dockerfile_namesOnlyExistingSettings() {
    Map<String, String> instructions = new HashMap<>();
    Matcher line = INSTRUCTION.matcher(read("Dockerfile"));
    while (line.find()) {
      instructions.put(line.group(1), line.group(2));
    }
    assertThat(settings()).containsAll(variables(instructions.get("ENV")));
    // What the cluster's manifests run it as, and what is written to.
    assertThat(instructions.get("USER"))
        .isEqualTo(
            documents("deploy/kubernetes.yaml").stream()
                .map(each -> each.at("/spec/template/spec/securityContext/runAsUser").asText(""))
                .filter(user -> !user.isEmpty())
                .distinct()
                .reduce((one, other) -> one + " and " + other)
                .orElseThrow());
    assertThat(instructions.get("ENTRYPOINT")).contains("/opt/telemetry-server.jar");
    assertThat(instructions.get("COPY"))
        .endsWith("telemetry-server/target/telemetry-server.jar /opt/telemetry-server.jar");
  }

  @Test
  void systemdUnit_namesOnlyExistingSettings() {
    String unit = read("deploy/pediscreen-telemetry.service");
    Matcher start = Pattern.compile("^ExecStart=.*\\.jar (\\w+)$", Pattern.MULTILINE).matcher(unit);
    assertThat(start.find()).isTrue();
    assertThat(Main.commandLine().getSubcommands()).containsKey(start.group(1));
    Matcher variable = Pattern.compile("^Environment=(\\w+)=", Pattern.MULTILINE).matcher(unit);
    List<String> names = variable.results().map(found -> found.group(1)).toList();
    assertThat(names).isNotEmpty();
    assertThat(settings()).containsAll(names);
  }

  /** Every name that may be set. */
  private static Set<String> settings() {
    Set<String> names = new TreeSet<>();
    for (Setting<?> setting : Settings.all()) {
      names.add(setting.name());
      if (setting.secret()) {
        names.add(setting.nameOfFile());
      }
    }
    return names;
  }

  private static String newestRelease() {
    Matcher release =
        Pattern.compile("^## (\\d+\\.\\d+\\.\\d+) - ", Pattern.MULTILINE)
            .matcher(read("CHANGELOG.md"));
    assertThat(release.find()).isTrue();
    return release.group(1);
  }

  private static Set<String> variables(@Nullable String text) {
    Set<String> names = new TreeSet<>();
    VARIABLE.matcher(String.valueOf(text)).results().forEach(found -> names.add(found.group(1)));
    assertThat(names).isNotEmpty();
    return names;
  }

  /** The directories of the files that settings name. */
  private static Set<String> directoriesOfSecrets(Map<String, String> settings) {
    Set<String> directories = new TreeSet<>();
    settings.forEach(
        (name, value) -> {
          if (name.endsWith("_FILE")) {
            directories.add(String.valueOf(Path.of(value).getParent()));
          }
        });
    return directories;
  }

  private static Set<String> mounts(List<JsonNode> containers) {
    Set<String> paths = new TreeSet<>();
    for (JsonNode container : containers) {
      container.get("volumeMounts").forEach(mount -> paths.add(mount.get("mountPath").asText()));
    }
    return paths;
  }

  private static JsonNode object(List<JsonNode> objects, String kind) {
    return objects.stream()
        .filter(each -> each.get("kind").textValue().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private static List<JsonNode> documents(String file) {
    try {
      return YAML.readerFor(JsonNode.class).<JsonNode>readValues(read(file)).readAll();
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  private static String read(String file) {
    try {
      return Files.readString(ROOT.resolve(file), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }
}

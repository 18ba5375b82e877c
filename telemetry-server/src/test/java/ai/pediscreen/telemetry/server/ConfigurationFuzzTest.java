package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.config.InvalidConfigurationException;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.config.Setting;
import ai.pediscreen.telemetry.server.config.Settings;
import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Any values of settings: a configuration, or a message that lists faults and tells no secret. */
class ConfigurationFuzzTest {

  /** HOST, whose name is looked up, and settings that name files. */
  private static final Set<String> LEFT_OUT =
      Set.of("HOST", "DATA_DIR", "TLS_CERT", "TLS_KEY", "GOOGLE_APPLICATION_CREDENTIALS", "PRICES");

  private static final List<String> SECRETS = names(Setting::secret);

  private static final List<String> OTHERS =
      names(setting -> !setting.secret() && !LEFT_OUT.contains(setting.name()));

  @FuzzTest
  void settings_areRead_orTheirFaultsListed(FuzzedDataProvider data) {
    Map<String, String> variables = new HashMap<>();
    for (int count = data.consumeInt(1, 4); count > 0; count--) {
      variables.put(
          data.pickValue(data.consumeBoolean() ? SECRETS : OTHERS), data.consumeString(120));
    }
    try {
      assertThat(ServerConfig.of(variables).http().listening().port()).isBetween(0, 65_535);
    } catch (InvalidConfigurationException e) {
      String message = String.valueOf(e.getMessage());
      assertThat(message).isNotBlank();
      for (String name : SECRETS) {
        String secret = variables.getOrDefault(name, "").strip();
        // A shorter one may be in the message by chance, and so may what another setting repeats.
        if (secret.length() > 20 && isNowhereElse(secret, name, variables)) {
          assertThat(message).doesNotContain(secret);
        }
      }
    }
  }

  private static List<String> names(Predicate<Setting<?>> chosen) {
    return Settings.all().stream().filter(chosen).<String>map(Setting::name).toList();
  }

  private static boolean isNowhereElse(String secret, String name, Map<String, String> variables) {
    return variables.entrySet().stream()
        .noneMatch(other -> !other.getKey().equals(name) && other.getValue().contains(secret));
  }
}

package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.config.InvalidConfigurationException;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Any values of settings: a configuration, or a message that lists faults and tells no secret. */
class ConfigurationFuzzTest {

  private static final List<String> SECRETS =
      List.of(
          "DATABASE_URL",
          "REDIS_URL",
          "INIT_ADMIN_KEY",
          "PSEUDONYM_KEY",
          "SENTRY_DSN",
          "ALERT_WEBHOOK",
          "ALERT_WEBHOOK_SECRET",
          "ALERT_SMTP");

  /** Without HOST, whose name is looked up, and settings that name files. */
  private static final List<String> OTHERS =
      List.of(
          "ENV",
          "PORT",
          "AUTH",
          "DATABASE_SCHEMA",
          "CORS_ORIGINS",
          "MAX_CONNECTIONS",
          "REQUESTS_PER_SECOND",
          "EVENTS_PER_SECOND",
          "RETENTION_DAYS",
          "NAMES_PER_DAY",
          "DRIFT_FEATURES",
          "DRIFT_BY",
          "DRIFT_SEASON",
          "DRIFT_GATE",
          "DRIFT_BASELINE_GATE",
          "DRIFT_FALSE_ALERTS",
          "DRIFT_INCIDENTS",
          "ALERT_BOUNDS",
          "ALERT_MIN_CALLS",
          "ALERT_SILENCE_HOURS",
          "ALERT_WEBHOOK_FORMAT",
          "ALERT_MAIL_FROM",
          "ALERT_MAIL_TO",
          "PHI",
          "OTLP_CONTENT",
          "METRICS_PORT",
          "METRICS_HOST",
          "ENABLE_BIGQUERY",
          "BIGQUERY_PROJECT",
          "BIGQUERY_DATASET",
          "BIGQUERY_LOCATION",
          "BIGQUERY_ENDPOINT",
          "BIGQUERY_MAX_GIB_PER_DAY",
          "QUERY_ENGINE");

  @FuzzTest
  void settings_areRead_orTheirFaultsAreListed(FuzzedDataProvider data) {
    Map<String, String> variables = new HashMap<>();
    for (int count = data.consumeInt(1, 4); count > 0; count--) {
      variables.put(
          data.pickValue(data.consumeBoolean() ? SECRETS : OTHERS), data.consumeString(120));
    }
    try {
      assertThat(ServerConfig.of(variables).port()).isBetween(0, 65_535);
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

  private static boolean isNowhereElse(String secret, String name, Map<String, String> variables) {
    return variables.entrySet().stream()
        .noneMatch(other -> !other.getKey().equals(name) && other.getValue().contains(secret));
  }
}

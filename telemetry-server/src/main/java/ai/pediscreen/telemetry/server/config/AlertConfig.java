package ai.pediscreen.telemetry.server.config;

import ai.pediscreen.telemetry.alert.AlertBounds;
import ai.pediscreen.telemetry.alert.AlertKind;
import ai.pediscreen.telemetry.alert.AlertRules;
import ai.pediscreen.telemetry.server.alert.AlertSettings;
import ai.pediscreen.telemetry.server.alert.MailSettings;
import ai.pediscreen.telemetry.server.alert.WebhookSettings;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of alerts, whose names begin with {@code ALERT_}. */
final class AlertConfig {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final String RULE =
      "must be JSON such as {\"each\":{\"error_rate\":1},\"together\":{\"cost_per_day_usd\":100},"
          + "\"models\":{\"medgemma-4b\":{\"fallback_rate\":null}}}, with bounds of error_rate,"
          + " fallback_rate, p95_latency_ms and cost_per_day_usd: numbers of at least 0, or null";

  private AlertConfig() {}

  static AlertSettings read(Environment environment) {
    AlertRules standard = AlertRules.standard();
    AlertRules bounds = environment.parsed("ALERT_BOUNDS", standard, AlertConfig::bounds);
    AlertRules rules =
        new AlertRules(
            bounds.together(),
            bounds.each(),
            bounds.byModel(),
            environment.integer("ALERT_MIN_CALLS", standard.minCalls(), 1, 1_000_000),
            environment.integer(
                "ALERT_SILENCE_HOURS", standard.silentHours(), 0, AlertRules.MAX_SILENT_HOURS));
    return new AlertSettings(rules, webhook(environment), mail(environment));
  }

  private static @Nullable WebhookSettings webhook(Environment environment) {
    URI url = environment.parsedSecret("ALERT_WEBHOOK", WebhookSettings::parseUrl);
    String secret = environment.parsedSecret("ALERT_WEBHOOK_SECRET", AlertConfig::secret);
    String format = environment.oneOf("ALERT_WEBHOOK_FORMAT", "json", List.of("json", "slack"));
    boolean allowPrivate = environment.flag("ALERT_ALLOW_PRIVATE", false);
    return url == null
        ? null
        : new WebhookSettings(
            url,
            secret,
            WebhookSettings.Format.valueOf(format.toUpperCase(Locale.ROOT)),
            allowPrivate);
  }

  private static @Nullable MailSettings mail(Environment environment) {
    MailSettings.Server server = environment.parsedSecret("ALERT_SMTP", MailSettings.Server::parse);
    List<String> from =
        environment.parsed("ALERT_MAIL_FROM", List.of(), MailSettings::parseAddresses);
    List<String> to = environment.parsed("ALERT_MAIL_TO", List.of(), MailSettings::parseAddresses);
    if (server == null) {
      return null;
    }
    if (from.size() != 1 || to.isEmpty()) {
      environment.fault("ALERT_SMTP needs one address in ALERT_MAIL_FROM, and ALERT_MAIL_TO");
      return null;
    }
    return new MailSettings(server, from.get(0), to);
  }

  private static String secret(String text) {
    if (text.length() < 16) {
      throw new IllegalArgumentException("must be at least 16 characters");
    }
    return text;
  }

  /** Rules whose bounds are as the JSON says, and the standard ones for what it does not. */
  private static AlertRules bounds(String text) {
    AlertRules standard = AlertRules.standard();
    try {
      JsonNode json = JSON.readTree(text);
      Map<String, AlertBounds> models = new HashMap<>();
      require(json.isObject());
      for (Map.Entry<String, JsonNode> part : json.properties()) {
        require(List.of("each", "together", "models").contains(part.getKey()));
        require(part.getValue().isObject());
      }
      json.path("models").properties().forEach(one -> models.put(one.getKey(), of(one.getValue())));
      return new AlertRules(
          of(json.path("together")),
          of(json.path("each")).or(standard.each()),
          models,
          standard.minCalls(),
          standard.silentHours());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(RULE, e);
    }
  }

  private static AlertBounds of(JsonNode json) {
    Map<AlertKind, Double> bounds = new LinkedHashMap<>();
    require(json.isObject() || json.isMissingNode());
    for (Map.Entry<String, JsonNode> bound : json.properties()) {
      AlertKind kind =
          AlertKind.ofLabel(bound.getKey())
              .filter(AlertKind::hasBound)
              .orElseThrow(() -> new IllegalArgumentException(RULE));
      JsonNode value = bound.getValue();
      require(value.isNull() || (value.isNumber() && value.doubleValue() >= 0));
      bounds.put(kind, value.isNull() ? Double.POSITIVE_INFINITY : value.doubleValue());
    }
    return new AlertBounds(bounds);
  }

  private static void require(boolean rule) {
    if (!rule) {
      throw new IllegalArgumentException(RULE);
    }
  }
}

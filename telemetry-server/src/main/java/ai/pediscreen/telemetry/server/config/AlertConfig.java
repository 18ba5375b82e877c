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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** When to alert, and whom: the settings whose names begin with {@code ALERT_}. */
final class AlertConfig {

  static final Settings SETTINGS = new Settings();

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final String RULE =
      "must be JSON such as {\"each\":{\"error_rate\":1},\"together\":{\"cost_per_day_usd\":100},"
          + "\"models\":{\"medgemma-4b\":{\"fallback_rate\":null}}}, with bounds of error_rate,"
          + " fallback_rate, p95_latency_ms and cost_per_day_usd: numbers of at least 0, or null";

  private static final Setting<URI> ALERT_WEBHOOK =
      SETTINGS.secret(
          "ALERT_WEBHOOK",
          WebhookSettings::parseUrl,
          "a URL that receives alerts; its path may be a secret");

  private static final Setting<String> ALERT_WEBHOOK_SECRET =
      SETTINGS.secret(
          "ALERT_WEBHOOK_SECRET",
          AlertConfig::secret,
          "secret that messages are signed with, at least 16 characters");

  private static final Setting<WebhookSettings.Format> ALERT_WEBHOOK_FORMAT =
      SETTINGS.withDefault(
          "ALERT_WEBHOOK_FORMAT",
          "json",
          Forms.oneOf(WebhookSettings.Format.values()),
          "`slack`: the format of Slack's incoming webhooks");

  private static final Setting<Boolean> ALERT_ALLOW_PRIVATE =
      SETTINGS.withDefault(
          "ALERT_ALLOW_PRIVATE",
          "false",
          Forms::flag,
          "`true`: the URL may have a private address");

  private static final Setting<MailSettings.Server> ALERT_SMTP =
      SETTINGS.secret(
          "ALERT_SMTP",
          MailSettings.Server::parse,
          "`smtp://user:password@host:587` or `smtps://…`: alerts by e-mail. A password needs TLS");

  private static final Setting<List<String>> ALERT_MAIL_FROM =
      SETTINGS.optional(
          "ALERT_MAIL_FROM", MailSettings::parseAddresses, "the sender of the e-mail");

  private static final Setting<List<String>> ALERT_MAIL_TO =
      SETTINGS.optional(
          "ALERT_MAIL_TO", MailSettings::parseAddresses, "its receivers, with commas between");

  private static final Setting<AlertRules> ALERT_BOUNDS =
      SETTINGS.withDefault(
          "ALERT_BOUNDS",
          "{\"each\":{\"error_rate\":1,\"fallback_rate\":5,\"p95_latency_ms\":2000}}",
          AlertConfig::bounds,
          "bounds over which a figure alerts: for each model, for named models, for all together");

  private static final Setting<Integer> ALERT_MIN_CALLS =
      SETTINGS.withDefault(
          "ALERT_MIN_CALLS",
          "20",
          Forms.integer(1, 1_000_000),
          "how many calls a rate or percentile needs to be judged");

  private static final Setting<Integer> ALERT_SILENCE_HOURS =
      SETTINGS.withDefault(
          "ALERT_SILENCE_HOURS",
          "2",
          Forms.integer(0, AlertRules.MAX_SILENT_HOURS),
          "after how many whole UTC hours without a call a model is silent; 0 for never");

  private AlertConfig() {}

  static AlertSettings read(Environment environment) {
    AlertRules bounds = environment.get(ALERT_BOUNDS);
    AlertRules rules =
        new AlertRules(
            bounds.together(),
            bounds.each(),
            bounds.byModel(),
            environment.get(ALERT_MIN_CALLS),
            environment.get(ALERT_SILENCE_HOURS));
    return new AlertSettings(rules, webhook(environment), mail(environment));
  }

  private static @Nullable WebhookSettings webhook(Environment environment) {
    URI url = environment.find(ALERT_WEBHOOK);
    String secret = environment.find(ALERT_WEBHOOK_SECRET);
    WebhookSettings.Format format = environment.get(ALERT_WEBHOOK_FORMAT);
    boolean allowPrivate = environment.get(ALERT_ALLOW_PRIVATE);
    return url == null ? null : new WebhookSettings(url, secret, format, allowPrivate);
  }

  private static @Nullable MailSettings mail(Environment environment) {
    MailSettings.Server server = environment.find(ALERT_SMTP);
    List<String> from = environment.find(ALERT_MAIL_FROM);
    List<String> to = environment.find(ALERT_MAIL_TO);
    if (server == null) {
      return null;
    }
    if (from == null || from.size() != 1 || to == null) {
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

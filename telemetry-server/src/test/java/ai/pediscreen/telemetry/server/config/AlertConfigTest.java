package ai.pediscreen.telemetry.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.alert.AlertBounds;
import ai.pediscreen.telemetry.alert.AlertChannel;
import ai.pediscreen.telemetry.alert.AlertKind;
import ai.pediscreen.telemetry.alert.AlertRules;
import ai.pediscreen.telemetry.server.alert.AlertSettings;
import ai.pediscreen.telemetry.server.alert.MailSettings;
import ai.pediscreen.telemetry.server.alert.WebhookSettings;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertConfigTest {

  @Test
  void channels_areThoseConfigured() {
    AlertSettings settings =
        alerts(
            Map.of(
                "ALERT_WEBHOOK", "https://hooks.example/services/T0/B0/secret",
                "ALERT_WEBHOOK_FORMAT", "slack",
                "ALERT_SMTP", "smtps://me:secret@mail.example",
                "ALERT_MAIL_FROM", "Telemetry <t@clinic.example>",
                "ALERT_MAIL_TO", "a@clinic.example, b@clinic.example"));

    assertThat(settings.channels())
        .containsExactlyInAnyOrder(AlertChannel.WEBHOOK, AlertChannel.MAIL);
    assertThat(settings.webhook())
        .isEqualTo(
            new WebhookSettings(
                URI.create("https://hooks.example/services/T0/B0/secret"),
                null,
                WebhookSettings.Format.SLACK,
                false));
    assertThat(settings.mail())
        .isEqualTo(
            new MailSettings(
                MailSettings.Server.parse("smtps://me:secret@mail.example"),
                "Telemetry <t@clinic.example>",
                List.of("a@clinic.example", "b@clinic.example")));
    assertThat(settings.toString()).doesNotContain("secret");
  }

  @Test
  void bounds_areAddedToTheDefaults() {
    AlertRules rules =
        alerts(
                Map.of(
                    "ALERT_BOUNDS",
                    "{\"each\":{\"error_rate\":2.5},\"together\":{\"cost_per_day_usd\":100},"
                        + "\"models\":{\"a/b:c\":{\"fallback_rate\":null,\"p95_latency_ms\":500}}}",
                    "ALERT_MIN_CALLS",
                    "50",
                    "ALERT_SILENCE_HOURS",
                    "0"))
            .rules();

    assertThat(rules.each().byKind())
        .containsOnly(
            Map.entry(AlertKind.ERROR_RATE, 2.5),
            Map.entry(AlertKind.FALLBACK_RATE, 5.0),
            Map.entry(AlertKind.P95_LATENCY, 2_000.0));
    assertThat(rules.together()).isEqualTo(new AlertBounds(Map.of(AlertKind.COST_PER_DAY, 100.0)));
    assertThat(rules.byModel().get("a/b:c"))
        .isEqualTo(
            new AlertBounds(
                Map.of(
                    AlertKind.FALLBACK_RATE,
                    Double.POSITIVE_INFINITY,
                    AlertKind.P95_LATENCY,
                    500.0)));
    assertThat(rules.minCalls()).isEqualTo(50);
    assertThat(rules.silentHours()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "{\"all\":{}}",
        "{\"each\":1}",
        "{\"each\":{\"drift\":1}}",
        "{\"each\":{\"errors\":1}}",
        "{\"each\":{\"error_rate\":-1}}",
        "{\"each\":{\"error_rate\":\"1\"}}",
        "{\"models\":{\"m\":1}}",
        "{\"each\":{},\"each\":{}}",
        "{} {}"
      })
  void invalidBounds_areRefused(String text) {
    assertThatThrownBy(() -> alerts(Map.of("ALERT_BOUNDS", text)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("ALERT_BOUNDS must be JSON such as");
  }

  @ParameterizedTest
  @CsvSource({
    "ALERT_WEBHOOK,ftp://secret.example/x,must be a URL such as https://",
    "ALERT_WEBHOOK,https://me:secret@h/x,must be a URL such as https://",
    "ALERT_WEBHOOK,https://secret.example:99999/x,must be a URL such as https://",
    "ALERT_SMTP,smtp://me:secret@mail.example:99999,must be a URL such as smtp://",
    "ALERT_WEBHOOK_SECRET,secret,must be at least 16 characters",
    "ALERT_WEBHOOK_FORMAT,secret,must be one of json",
    "ALERT_SMTP,secret,must be a URL such as smtp://user",
    "ALERT_MAIL_TO,secret,must be e-mail addresses",
    "ALERT_MIN_CALLS,0,must be a whole number",
    "ALERT_SILENCE_HOURS,25,must be a whole number"
  })
  void value_isRefusedWithoutRepeatingIt(String name, String value, String rule) {
    assertThatThrownBy(() -> alerts(Map.of(name, value)))
        .hasMessageContaining(name + " " + rule)
        .hasMessageNotContaining("secret");
  }

  @Test
  void mail_needsASenderAndReceivers() {
    assertThatThrownBy(() -> alerts(Map.of("ALERT_SMTP", "smtp://mail.example")))
        .hasMessageContaining("needs one address in ALERT_MAIL_FROM, and ALERT_MAIL_TO");
  }

  private static AlertSettings alerts(Map<String, String> variables) {
    return ServerConfig.of(variables).alerts();
  }
}

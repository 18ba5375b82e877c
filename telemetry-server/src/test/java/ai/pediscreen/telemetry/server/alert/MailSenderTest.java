package ai.pediscreen.telemetry.server.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.alert.Alert;
import ai.pediscreen.telemetry.alert.AlertKind;
import ai.pediscreen.telemetry.alert.AlertMessage;
import ai.pediscreen.telemetry.alert.AlertSubject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailSenderTest {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

  private final FakeMailServer server = new FakeMailServer();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void mail_arrivesAtAllReceivers_withTheMessagesId() throws Exception {
    AlertMessage message = message("medgemma-4b\r\nBcc: all@example.org");
    send("smtp://127.0.0.1:" + server.port(), message);

    assertThat(server.said())
        .contains("MAIL FROM:<telemetry@clinic.example>")
        .contains("RCPT TO:<a@clinic.example>", "RCPT TO:<b@clinic.example>")
        .noneMatch(line -> line.contains("all@example.org"));
    String mail = server.mails().get(0);
    String headers = mail.substring(0, mail.indexOf("\n\n"));
    assertThat(headers)
        .contains("Message-ID: <" + message.id() + "@pediscreen-telemetry>")
        .contains("X-Telemetry-Id: " + message.id())
        .contains("Subject: [pedi-telemetry test] Alert p95_latency_ms: medgemma-4b")
        .contains("Auto-Submitted: auto-generated")
        .doesNotContainPattern("(?m)^Bcc:");
    assertThat(mail.substring(headers.length())).contains("p95 3000 ms of 50 calls");
  }

  @Test
  void mailFails_whenTheServerRefuses_orIsMissing() {
    server.refuse();
    assertThatThrownBy(() -> send("smtp://127.0.0.1:" + server.port(), message("m")))
        .isInstanceOf(AlertNotSentException.class)
        .hasMessage("the mail server refuses the message or a receiver");
    server.close();
    assertThatThrownBy(() -> send("smtp://127.0.0.1:" + server.port(), message("m")))
        .hasMessageStartingWith("the mail server cannot be used");
  }

  @Test
  void password_isNotSent_withoutTls() {
    assertThatThrownBy(() -> send("smtp://me:secret@127.0.0.1:" + server.port(), message("m")))
        .isInstanceOf(AlertNotSentException.class);
    assertThat(server.said()).noneMatch(line -> line.toUpperCase(Locale.ROOT).startsWith("AUTH"));
    assertThat(server.mails()).isEmpty();
  }

  @Test
  void server_isReadFromAUrl() {
    assertThat(MailSettings.Server.parse("smtps://me%40x:p%3As+s@mail.example"))
        .isEqualTo(new MailSettings.Server("mail.example", 465, true, "me@x", "p:s+s"));
    assertThat(MailSettings.Server.parse("smtp://mail.example:25/"))
        .isEqualTo(new MailSettings.Server("mail.example", 25, false, null, null));
    assertThat(MailSettings.Server.parse("smtps://me:secret@mail.example").toString())
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mail.example", "http://secret@h", "smtp://h/secret", "smtp://secret@h"})
  void server_isRefusedWithoutRepeatingIt(String url) {
    assertThatThrownBy(() -> MailSettings.Server.parse(url))
        .hasMessageContaining("must be a URL such as smtp://")
        .hasMessageNotContaining("secret@h")
        .hasMessageNotContaining("h/secret");
  }

  private static void send(String url, AlertMessage message) throws AlertNotSentException {
    MailSettings settings =
        new MailSettings(
            MailSettings.Server.parse(url),
            "telemetry@clinic.example",
            List.of("a@clinic.example", "b@clinic.example"));
    try (MailSender sender = new MailSender(settings, new AlertText("pedi-telemetry test"))) {
      sender.send(message);
    }
  }

  private static AlertMessage message(String model) {
    return new AlertMessage(
        UUID.randomUUID(),
        AlertMessage.Event.OPENED,
        new Alert(
            UUID.randomUUID(),
            AlertSubject.ofModel(AlertKind.P95_LATENCY, model),
            NOW,
            null,
            null,
            3_000.0,
            2_000.0,
            "p95 3000 ms of 50 calls",
            null),
        NOW);
  }
}

package ai.pediscreen.telemetry.server.alert;

import ai.pediscreen.telemetry.alert.AlertChannel;
import ai.pediscreen.telemetry.alert.AlertMessage;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.Properties;

/**
 * Sends messages by SMTP, each over a connection of its own. A password goes over TLS or not at
 * all.
 */
final class MailSender implements AlertSender {

  /** For each step of the conversation. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final MailSettings settings;
  private final AlertText text;
  private final Session session;

  MailSender(MailSettings settings, AlertText text) {
    this.settings = settings;
    this.text = text;
    this.session = Session.getInstance(properties(settings.server()));
  }

  private static Properties properties(MailSettings.Server server) {
    Properties properties = new Properties();
    properties.setProperty("mail.transport.protocol", "smtp");
    properties.setProperty("mail.smtp.host", server.host());
    properties.setProperty("mail.smtp.port", Integer.toString(server.port()));
    properties.setProperty("mail.smtp.ssl.enable", Boolean.toString(server.tls()));
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    properties.setProperty("mail.smtp.starttls.enable", "true");
    properties.setProperty(
        "mail.smtp.starttls.required",
        Boolean.toString(!server.tls() && server.password() != null));
    properties.setProperty("mail.smtp.auth", Boolean.toString(server.password() != null));
    for (String step : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
      properties.setProperty("mail.smtp." + step, Long.toString(TIMEOUT.toMillis()));
    }
    return properties;
  }

  @Override
  public AlertChannel channel() {
    return AlertChannel.MAIL;
  }

  @Override
  public void send(AlertMessage message) throws AlertNotSentException {
    MailSettings.Server server = settings.server();
    try {
      MimeMessage mail = mail(message);
      try (Transport transport = session.getTransport()) {
        transport.connect(server.host(), server.port(), server.user(), server.password());
        transport.sendMessage(mail, mail.getAllRecipients());
      }
    } catch (AuthenticationFailedException e) {
      throw new AlertNotSentException("the mail server refuses the user or the password", e);
    } catch (SendFailedException e) {
      throw new AlertNotSentException("the mail server refuses the message or a receiver", e);
    } catch (MessagingException e) {
      throw new AlertNotSentException(
          "the mail server cannot be used (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  private MimeMessage mail(AlertMessage message) throws MessagingException {
    MimeMessage mail = new IdentifiedMail(session, message.id() + "@pediscreen-telemetry");
    mail.setFrom(new InternetAddress(settings.from(), true));
    for (String to : settings.to()) {
      mail.addRecipient(MimeMessage.RecipientType.TO, new InternetAddress(to, true));
    }
    mail.setSubject(text.subject(message), StandardCharsets.UTF_8.name());
    mail.setSentDate(Date.from(message.at()));
    mail.setHeader(WebhookSender.ID, message.id().toString());
    mail.setHeader("Auto-Submitted", "auto-generated");
    mail.setText(text.mail(message), StandardCharsets.UTF_8.name());
    mail.saveChanges();
    return mail;
  }

  @Override
  public void close() {
    // Each message has had a connection of its own.
  }

  /** Mail with our message id, by which a receiver recognises a repeated one. */
  private static final class IdentifiedMail extends MimeMessage {
    private final String id;

    IdentifiedMail(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", "<" + id + ">");
    }
  }
}

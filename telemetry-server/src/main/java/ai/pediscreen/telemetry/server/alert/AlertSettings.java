package ai.pediscreen.telemetry.server.alert;

import ai.pediscreen.telemetry.alert.AlertChannel;
import ai.pediscreen.telemetry.alert.AlertRules;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When to alert, and whom. Immutable.
 *
 * @param rules when calls alert
 * @param webhook the receiver over HTTP; null for none
 * @param mail the receivers by e-mail; null for none
 */
public record AlertSettings(
    AlertRules rules, @Nullable WebhookSettings webhook, @Nullable MailSettings mail) {

  /** No alerts are sent. */
  public static final AlertSettings NONE = new AlertSettings(AlertRules.standard(), null, null);

  /** The channels that are set up. */
  public Set<AlertChannel> channels() {
    Set<AlertChannel> channels = EnumSet.noneOf(AlertChannel.class);
    if (webhook != null) {
      channels.add(AlertChannel.WEBHOOK);
    }
    if (mail != null) {
      channels.add(AlertChannel.MAIL);
    }
    return channels;
  }

  /**
   * A sender for each channel, to be closed.
   *
   * @param origin the name of this service, which messages bear
   */
  public List<AlertSender> senders(String origin) {
    AlertText text = new AlertText(origin);
    List<AlertSender> senders = new ArrayList<>();
    if (webhook != null) {
      senders.add(new WebhookSender(webhook, text));
    }
    if (mail != null) {
      senders.add(new MailSender(mail, text));
    }
    return senders;
  }
}

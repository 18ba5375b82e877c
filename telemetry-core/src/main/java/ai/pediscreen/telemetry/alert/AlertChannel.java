package ai.pediscreen.telemetry.alert;

import java.util.Locale;

/** A channel for messages. */
public enum AlertChannel {
  /** An HTTP request to a URL. */
  WEBHOOK,
  /** An e-mail. */
  MAIL;

  /** The name in answers and settings. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

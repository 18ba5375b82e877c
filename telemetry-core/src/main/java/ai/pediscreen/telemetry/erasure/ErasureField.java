package ai.pediscreen.telemetry.erasure;

import java.util.Locale;

/** The field by which events are chosen to be erased. */
public enum ErasureField {
  EVENT_ID,
  CASE_ID,
  USER_ID,
  ORG_ID;

  /** The field's name in an event: {@code event_id}, {@code case_id} and so on. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

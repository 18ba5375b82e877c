package ai.pediscreen.telemetry.server.http.access;

/** For how many days keys are valid by default. */
public final class KeyValidity {

  /** A new key. */
  public static final int USUAL_DAYS = 365;

  /** A key that was rotated. */
  public static final int OVERLAP_DAYS = 7;

  private KeyValidity() {}
}

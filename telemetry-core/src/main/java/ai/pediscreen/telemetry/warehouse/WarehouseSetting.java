package ai.pediscreen.telemetry.warehouse;

import static java.util.Objects.requireNonNull;

/**
 * A setting of a warehouse, as documentation lists it. Immutable.
 *
 * @param name the environment's name for it, such as {@code BIGQUERY_PROJECT}
 * @param unset what holds where it is unset, in words or as a value between backticks
 * @param secret whether its value is never repeated, and may also come from a file
 * @param meaning what it is for, in a line; names and values between backticks
 */
public record WarehouseSetting(String name, String unset, boolean secret, String meaning) {

  public WarehouseSetting {
    requireNonNull(name, "name");
    requireNonNull(unset, "unset");
    requireNonNull(meaning, "meaning");
  }
}

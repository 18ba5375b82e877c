package ai.pediscreen.telemetry.warehouse;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is there of a warehouse, and what is not allowed with it. Immutable.
 *
 * @param isThere whether it is; if it is not, nothing else is known of it
 * @param location where it is, such as {@code EU}; null if it has no location
 * @param lackingTables tables and views that are still to be made, by name
 * @param lackingPermissions what the credentials do not grant and exporting or asking needs, in
 *     order
 * @param remedy what grants those permissions, such as the roles that an account needs
 */
public record WarehouseReport(
    boolean isThere,
    @Nullable String location,
    List<String> lackingTables,
    List<String> lackingPermissions,
    String remedy) {

  public WarehouseReport {
    lackingTables = List.copyOf(lackingTables);
    lackingPermissions = List.copyOf(lackingPermissions);
    requireNonNull(remedy, "remedy");
  }
}

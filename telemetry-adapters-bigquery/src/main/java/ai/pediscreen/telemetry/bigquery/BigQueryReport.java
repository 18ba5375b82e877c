package ai.pediscreen.telemetry.bigquery;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is there of a dataset, and what is not allowed with it.
 *
 * @param isThere whether the dataset is; if it is not, nothing else is known of it
 * @param location where it is, such as {@code EU}
 * @param lackingTables tables and views that are still to be made, by name
 * @param lackingPermissions what the credentials do not grant and exporting or asking needs, in
 *     order
 */
public record BigQueryReport(
    boolean isThere,
    @Nullable String location,
    List<String> lackingTables,
    List<String> lackingPermissions) {

  public BigQueryReport {
    lackingTables = List.copyOf(lackingTables);
    lackingPermissions = List.copyOf(lackingPermissions);
  }
}

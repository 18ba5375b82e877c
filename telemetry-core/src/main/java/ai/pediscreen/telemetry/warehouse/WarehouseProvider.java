package ai.pediscreen.telemetry.warehouse;

import java.util.List;
import java.util.Map;

/**
 * One kind of warehouse. The server finds it by {@link java.util.ServiceLoader}: the class is
 * public, has a public constructor without parameters, and is named in {@code META-INF/services} of
 * its module. Implementations are immutable.
 */
public interface WarehouseProvider {

  /**
   * What people call it, such as {@code BigQuery}: ASCII letters and digits. Settings and commands
   * call it so too, in upper or lower case: {@code ENABLE_BIGQUERY}, {@code QUERY_ENGINE=bigquery}.
   */
  String name();

  /**
   * Its settings, in the order in which documentation lists them; at least one. Without the first
   * one there is no such warehouse, and the others are not read.
   */
  List<WarehouseSetting> settings();

  /**
   * Reads where a warehouse is. Connects to nothing.
   *
   * @param values what is set, by the name of the setting; the first setting is
   * @throws IllegalArgumentException if values are wrong; each line of its message is a fault and
   *     begins with the name of the setting
   */
  WarehouseAddress read(Map<String, String> values);
}

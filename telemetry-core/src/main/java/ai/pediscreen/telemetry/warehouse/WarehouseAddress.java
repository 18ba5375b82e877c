package ai.pediscreen.telemetry.warehouse;

/** Where a warehouse is, and how it is reached. Implementations are immutable. */
public interface WarehouseAddress {

  /** Which one it is, in a few words without secrets, such as {@code dataset p-1.telemetry}. */
  String place();

  /** Opens it. Connects to nothing before it is needed, so a warehouse may be away. */
  Warehouse open();
}

package ai.pediscreen.telemetry.warehouse;

import ai.pediscreen.telemetry.erasure.ExportedEvents;
import ai.pediscreen.telemetry.export.EventExporter;
import ai.pediscreen.telemetry.usage.UsageQueries;
import java.util.List;

/**
 * A warehouse that was opened: hands out the ports over it.
 *
 * <p>Implementations are thread-safe. The program that opened it closes it, after everything that
 * uses its ports.
 */
public interface Warehouse extends AutoCloseable {

  /** Where events and aggregates go. For one thread, and always the same one object. */
  EventExporter exporter();

  /** Where questions are answered, from the events that have arrived by then. */
  UsageQueries usage();

  /** The events that have arrived, to be erased. */
  ExportedEvents events();

  /**
   * Makes the tables that are not there, and adds columns that tables lack. Drops nothing and
   * changes no column. Idempotent; exporting does the same automatically.
   *
   * @return the names of the tables and views that are there now
   * @throws ai.pediscreen.telemetry.export.ExportException if that cannot be done
   */
  List<String> prepare();

  /**
   * What is there and what is not allowed with it. Changes nothing and costs nothing.
   *
   * @throws ai.pediscreen.telemetry.export.ExportException if there is no answer
   */
  WarehouseReport inspect();

  /** Ends what is under way. */
  @Override
  void close();
}

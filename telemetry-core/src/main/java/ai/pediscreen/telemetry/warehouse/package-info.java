/**
 * For adapters: a warehouse is where events are exported to, and where questions about usage can be
 * answered.
 *
 * <p>{@link ai.pediscreen.telemetry.warehouse.WarehouseProvider} is what a module of one kind of
 * warehouse brings, so that the server finds it; {@link
 * ai.pediscreen.telemetry.warehouse.Warehouse} hands out the ports over one.
 */
@NullMarked
package ai.pediscreen.telemetry.warehouse;

import org.jspecify.annotations.NullMarked;

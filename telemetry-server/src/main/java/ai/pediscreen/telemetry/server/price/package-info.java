/**
 * What calls cost whose senders do not say: {@link ai.pediscreen.telemetry.server.price.PriceFile}
 * reads a {@link ai.pediscreen.telemetry.server.price.PriceList}, and {@link
 * ai.pediscreen.telemetry.server.price.PricedEvents} puts its prices into events before they are
 * stored.
 */
@NullMarked
package ai.pediscreen.telemetry.server.price;

import org.jspecify.annotations.NullMarked;

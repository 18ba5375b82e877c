/** Contracts and oracles of days, for whoever keeps them. */
@NullMarked
package ai.pediscreen.telemetry.daily;

import org.jspecify.annotations.NullMarked;

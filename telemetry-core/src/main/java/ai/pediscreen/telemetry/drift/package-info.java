/** Drift: how far a sample has moved from a reference, and how sure that is. */
@NullMarked
package ai.pediscreen.telemetry.drift;

import org.jspecify.annotations.NullMarked;

/** Tests of the drift package: recorded figures, independent oracles, invariants. */
@NullMarked
package ai.pediscreen.telemetry.drift;

import org.jspecify.annotations.NullMarked;

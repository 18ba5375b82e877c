/** Tests of the privacy package: each form by itself, whole events, and a labelled set. */
@NullMarked
package ai.pediscreen.telemetry.privacy;

import org.jspecify.annotations.NullMarked;

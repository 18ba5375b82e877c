/** The chain of the audit log, by a fixed vector and by what is done to it. */
@NullMarked
package ai.pediscreen.telemetry.audit;

import org.jspecify.annotations.NullMarked;

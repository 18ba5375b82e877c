/** Tests of export, and the kit that every {@code ExportQueue} runs. */
@NullMarked
package ai.pediscreen.telemetry.export;

import org.jspecify.annotations.NullMarked;

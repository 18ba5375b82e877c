/**
 * What deletes raw events and rows that are past their retention: {@link
 * ai.pediscreen.telemetry.postgres.retention.Retention}.
 *
 * <p>Knows {@code transaction}, {@code partition}, {@code day}, {@code erasure} and {@code audit}.
 */
@NullMarked
package ai.pediscreen.telemetry.postgres.retention;

import org.jspecify.annotations.NullMarked;

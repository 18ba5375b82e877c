package ai.pediscreen.telemetry.export;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A part of a day was queued for export.
 *
 * @param events how many events
 * @param next where to continue; null if the day is done
 */
public record Enqueued(int events, @Nullable Instant next) {}

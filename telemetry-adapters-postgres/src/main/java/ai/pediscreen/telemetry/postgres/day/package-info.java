/**
 * Days and their drift: aggregates, distributions, baselines and drift records, computed by {@link
 * ai.pediscreen.telemetry.postgres.day.PostgresDays}. Ports: {@link
 * ai.pediscreen.telemetry.daily.DailyAggregateStore}, {@link
 * ai.pediscreen.telemetry.daily.DriftBaselines}.
 *
 * <p>Knows {@code transaction}, {@code partition}, {@code event} and {@code usage}.
 */
@NullMarked
package ai.pediscreen.telemetry.postgres.day;

import org.jspecify.annotations.NullMarked;

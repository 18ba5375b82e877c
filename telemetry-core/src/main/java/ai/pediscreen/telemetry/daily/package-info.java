/**
 * What a UTC day comes to, by model: figures that are computed once the day is over, stored, and
 * computed again only if events come late. Among them is drift: how far the day's latencies, and
 * the values of each {@link ai.pediscreen.telemetry.daily.DriftFeature} that is watched, are from
 * those of a {@link ai.pediscreen.telemetry.daily.DriftReference}: the seven days before, the same
 * weekdays, or a {@link ai.pediscreen.telemetry.daily.DriftBaseline}.
 *
 * <p>{@link ai.pediscreen.telemetry.daily.DailyAggregation} is the use case and the entry; it knows
 * which days depend on which. {@link ai.pediscreen.telemetry.daily.DailyAggregateStore} is the port
 * that knows which days are due, and that computes one of them in one step; {@link
 * ai.pediscreen.telemetry.daily.DailyFigures} is the part of it that only reads. All arithmetic is
 * in {@link ai.pediscreen.telemetry.daily.DailyAggregate} and {@link
 * ai.pediscreen.telemetry.daily.DayDrift}, which judges all comparisons of a day together, whatever
 * the store. {@link ai.pediscreen.telemetry.daily.DriftIncidents} makes incidents of alerts.
 */
@NullMarked
package ai.pediscreen.telemetry.daily;

import org.jspecify.annotations.NullMarked;

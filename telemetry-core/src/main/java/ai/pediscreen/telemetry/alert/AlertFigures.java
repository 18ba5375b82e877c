package ai.pediscreen.telemetry.alert;

import java.time.Duration;

/**
 * How alerts stand.
 *
 * @param open alerts that are open
 * @param waiting messages that are still to arrive, counted on each channel
 * @param parked messages that were given up, likewise
 * @param oldestWait how long the oldest of those that wait has; zero without any
 * @param sinceJudged how long ago the figures were last looked at; zero if never
 */
public record AlertFigures(
    long open, long waiting, long parked, Duration oldestWait, Duration sinceJudged) {}

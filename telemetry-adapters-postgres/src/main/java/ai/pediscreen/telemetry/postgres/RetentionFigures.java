package ai.pediscreen.telemetry.postgres;

/**
 * What retention has done since this program started. Immutable.
 *
 * @param waiting whether it deletes nothing until an operator has confirmed the clock, or how much
 *     is to go
 * @param droppedDays days whose raw events were dropped
 * @param deletedRows rows of the ledger and the rollups that were deleted
 * @param progress how much of the tables that are walked through is done; 0 to 1, and 1 while no
 *     run is under way
 */
public record RetentionFigures(
    boolean waiting, long droppedDays, long deletedRows, double progress) {}

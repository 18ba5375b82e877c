package ai.pediscreen.telemetry.server.job.redis;

/**
 * A worker's claim on a message.
 *
 * @param message what it has taken
 * @param consumer its name in the consumer group
 * @param run a unique id of the attempt
 */
record Claim(JobMessage message, String consumer, String run) {}

package ai.pediscreen.telemetry.server.job.redis;

import org.jspecify.annotations.Nullable;

/**
 * What Redis holds of jobs.
 *
 * @param version of Redis, such as {@code 6.2.7}; null if it does not say
 * @param hasWorker whether a worker has written a heartbeat within two minutes
 * @param requests in the stream: those that wait and those under way
 * @param retries requests that failed and return to the stream
 * @param parked requests that were given up, of the newest thousand
 */
public record RedisReport(
    @Nullable String version, boolean hasWorker, long requests, long retries, long parked) {}

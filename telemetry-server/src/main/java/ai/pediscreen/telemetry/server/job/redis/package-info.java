/**
 * Jobs that compute days, queued in the Redis Stream {@code telemetry:jobs} by this program or any
 * other. {@link ai.pediscreen.telemetry.server.job.redis.RedisJobQueue} queues requests and reports
 * their state, {@link ai.pediscreen.telemetry.server.job.redis.RedisJobWorker} does the work, in
 * any number of processes. Needs Redis 6.2 or newer; not a Redis Cluster, since one script touches
 * several keys.
 *
 * <p>What Redis holds:
 *
 * <ul>
 *   <li>{@code telemetry:jobs}, a stream with the consumer group {@code workers}: the requests that
 *       wait or are being worked on, with the fields {@code task}, {@code date} and, if it is not
 *       to be the message's own id, {@code job_id}. Messages are deleted when they are done.
 *   <li>{@code telemetry:jobs:later}, a sorted set: requests that failed, by the time (of Redis, in
 *       milliseconds) at which they return to the stream.
 *   <li>{@code telemetry:jobs:parked}, a stream: the newest thousand requests that were given up.
 *   <li>{@code telemetry:jobs:worker}, the name of a worker that lives, for two minutes.
 *   <li>{@code telemetry:job:<id>}, a hash that lives seven days from its last change: {@code
 *       status}, {@code date}, {@code attempts}, {@code aggregates_count}, {@code error}, and
 *       {@code run}, which tells the attempt that may write from any other.
 * </ul>
 *
 * <p>All of it may be lost at any time: the database knows which days are to be computed.
 */
@NullMarked
package ai.pediscreen.telemetry.server.job.redis;

import org.jspecify.annotations.NullMarked;

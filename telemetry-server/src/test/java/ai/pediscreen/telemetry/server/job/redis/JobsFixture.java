package ai.pediscreen.telemetry.server.job.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.job.DayComputation;
import ai.pediscreen.telemetry.job.ExponentialBackoff;
import ai.pediscreen.telemetry.job.Job;
import ai.pediscreen.telemetry.server.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.resps.StreamEntry;

/** A Redis, the queue on it, another program's client, and the workers that a test starts. */
final class JobsFixture {

  static final LocalDate DAY = LocalDate.of(2026, 2, 1);
  static final Duration LIMIT = Duration.ofSeconds(30);

  /** Everything a hundred times as fast as usual. */
  static final RedisWorkerSettings FAST =
      new RedisWorkerSettings(
          Duration.ofMillis(50),
          Duration.ofMillis(600),
          new ExponentialBackoff(Duration.ofMillis(50), Duration.ofMillis(200)),
          3,
          new ExponentialBackoff(Duration.ofMillis(20), Duration.ofMillis(200)),
          Duration.ofSeconds(5));

  final RedisProcess process;
  final RedisJobQueue queue;
  final RedisClient redis;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  JobsFixture(Path directory) throws IOException {
    process = opened(RedisProcess.start(directory));
    queue = opened(new RedisJobQueue(process.url()));
    redis = opened(process.client());
  }

  RedisJobWorker worker(String name, DayComputation days) {
    return worker(name, days, FAST);
  }

  RedisJobWorker worker(String name, DayComputation days, RedisWorkerSettings settings) {
    RedisJobWorker worker = opened(new RedisJobWorker(process.url(), days, name, settings));
    worker.start();
    return worker;
  }

  <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  /** As another program asks; answers the message's id. */
  String add(Map<String, String> fields) {
    return redis.xadd(RedisJobs.STREAM, StreamEntryID.NEW_ENTRY, fields).toString();
  }

  String addDay(LocalDate day) {
    return add(Map.of("task", "compute_daily_aggregates", "date", day.toString()));
  }

  /** Takes a message as a worker does that dies before it begins. */
  void takeAndDie(String name) {
    try (RedisJobs dying = new RedisJobs(process.url(), Duration.ofSeconds(1))) {
      assertThat(dying.takeNext(name, Duration.ofSeconds(1))).isPresent();
    }
  }

  Job.State state(String id) {
    return queue.find(id).orElseThrow().state();
  }

  Job awaitState(String id, Job.State state) {
    Waiting.until("job " + id + " is " + state, LIMIT, () -> state(id) == state);
    return queue.find(id).orElseThrow();
  }

  /** What a job's hash holds. */
  Map<String, String> hash(String id) {
    return redis.hgetAll("telemetry:job:" + id);
  }

  long inStream() {
    return redis.xlen(RedisJobs.STREAM);
  }

  long pending() {
    return redis.xpending(RedisJobs.STREAM, RedisJobs.GROUP).getTotal();
  }

  List<Map<String, String>> parked() {
    return redis.xrange(RedisJobs.PARKED, "-", "+").stream().map(StreamEntry::getFields).toList();
  }

  void close() throws Exception {
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
  }
}

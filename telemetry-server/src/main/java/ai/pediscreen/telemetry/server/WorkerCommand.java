package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.daily.DailyAggregation;
import ai.pediscreen.telemetry.server.job.redis.RedisJobWorker;
import ai.pediscreen.telemetry.server.job.redis.RedisUrl;
import ai.pediscreen.telemetry.server.job.redis.RedisWorkerSettings;
import ai.pediscreen.telemetry.server.logging.Logging;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;

/** {@code worker}: computes the days that are asked for over Redis, until it is stopped. */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    description = "Compute the days that are asked for over Redis; any number of workers may run.")
final class WorkerCommand implements Runnable {

  private final CountDownLatch closed = new CountDownLatch(1);

  @Override
  public void run() {
    try {
      Main.run(this::work);
    } finally {
      closed.countDown();
    }
  }

  private void work(ServerConfig config, Logging log) {
    RedisUrl redis = requireShared(config);
    try (Store store = Store.open(config, null, null);
        RedisJobWorker worker =
            new RedisJobWorker(
                redis,
                new DailyAggregation(store.telemetry().days())::compute,
                RedisJobWorker.newConsumerName(),
                RedisWorkerSettings.standard())) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(worker), "shutdown"));
      if (!Logging.isJson(config.env())) {
        System.out.println("Worker takes jobs from Redis at " + redis + "; Ctrl-C to stop");
      }
      worker.run();
    }
    log.close();
  }

  /** A worker is of use only beside a server, with which it shares database and Redis. */
  private static RedisUrl requireShared(ServerConfig config) {
    List<String> faults = new ArrayList<>();
    if (config.database() == null) {
      faults.add("DATABASE_URL must be set: an embedded PostgreSQL belongs to its server alone");
    }
    RedisUrl redis = config.redis();
    if (redis == null) {
      faults.add("REDIS_URL must be set: without Redis the server runs its jobs itself");
    }
    if (redis == null || !faults.isEmpty()) {
      throw new InvalidConfigurationException(faults);
    }
    return redis;
  }

  /** Ends the worker, and waits until what it stood on is closed too. */
  private void stop(RedisJobWorker worker) {
    worker.close();
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

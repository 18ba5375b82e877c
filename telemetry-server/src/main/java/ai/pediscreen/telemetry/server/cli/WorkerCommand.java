package ai.pediscreen.telemetry.server.cli;

import ai.pediscreen.telemetry.daily.DailyAggregation;
import ai.pediscreen.telemetry.server.assembly.StartEntries;
import ai.pediscreen.telemetry.server.assembly.Store;
import ai.pediscreen.telemetry.server.config.InvalidConfigurationException;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.job.redis.RedisJobWorker;
import ai.pediscreen.telemetry.server.job.redis.RedisUrl;
import ai.pediscreen.telemetry.server.job.redis.RedisWorkerSettings;
import ai.pediscreen.telemetry.server.logging.Logging;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code worker}: computes the days whose jobs wait in Redis, until it is stopped. */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    description = "Compute the days whose jobs wait in Redis; any number of workers may run.")
public final class WorkerCommand implements Runnable {

  private static final int MAX_CLAIM_SECONDS = 3_600;

  @Option(
      names = "--claim-after",
      paramLabel = "<seconds>",
      defaultValue = "60",
      description =
          "A worker that does not renew its claim for so long, because it was killed or stopped,"
              + " loses its job to another (default: ${DEFAULT-VALUE}). The same for all workers.")
  private int claimAfterSeconds;

  @Spec private @Nullable CommandSpec spec;

  private final CountDownLatch closed = new CountDownLatch(1);

  @Override
  public void run() {
    Duration claimAfter = claimAfter();
    try {
      CommandRunner.run((config, log) -> work(config, log, claimAfter));
    } finally {
      closed.countDown();
    }
  }

  private void work(ServerConfig config, Logging log, Duration claimAfter) {
    RedisUrl redis = requireShared(config);
    try (Store store = Store.openForWorker(config, claimAfter);
        RedisJobWorker worker =
            new RedisJobWorker(
                redis,
                new DailyAggregation(store.telemetry().days())::compute,
                RedisJobWorker.newConsumerName(),
                RedisWorkerSettings.standard().withMinIdle(claimAfter))) {
      StartEntries.ofWorker(store.telemetry().audit(), config);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(worker), "shutdown"));
      if (!Logging.isJson(config.reporting().env())) {
        System.out.println("Worker takes jobs from Redis at " + redis + "; Ctrl-C to stop");
      }
      worker.run();
    }
    log.close();
  }

  private Duration claimAfter() {
    if (claimAfterSeconds < 1 || claimAfterSeconds > MAX_CLAIM_SECONDS) {
      String message = "--claim-after must be between 1 and " + MAX_CLAIM_SECONDS;
      throw CommandLineError.of(spec, message);
    }
    return Duration.ofSeconds(claimAfterSeconds);
  }

  /** A worker is of use only beside a server, with which it shares database and Redis. */
  private static RedisUrl requireShared(ServerConfig config) {
    List<String> faults = new ArrayList<>();
    if (config.storage().database().url() == null) {
      faults.add("DATABASE_URL must be set: an embedded PostgreSQL belongs to its server alone");
    }
    RedisUrl redis = config.storage().redis();
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

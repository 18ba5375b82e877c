package ai.pediscreen.telemetry.server.cli.data;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.export.Backlog;
import ai.pediscreen.telemetry.export.DeadLetter;
import ai.pediscreen.telemetry.export.Enqueued;
import ai.pediscreen.telemetry.export.ExportBatch;
import ai.pediscreen.telemetry.export.ExportException;
import ai.pediscreen.telemetry.export.ExportListener;
import ai.pediscreen.telemetry.export.ExportLog;
import ai.pediscreen.telemetry.export.ExportQueue;
import ai.pediscreen.telemetry.export.Exporter;
import ai.pediscreen.telemetry.server.assembly.Shutdown;
import ai.pediscreen.telemetry.server.assembly.Store;
import ai.pediscreen.telemetry.server.cli.CommandLineError;
import ai.pediscreen.telemetry.server.cli.CommandRunner;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.config.WarehouseConfig;
import ai.pediscreen.telemetry.warehouse.Warehouse;
import ai.pediscreen.telemetry.warehouse.WarehouseAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code export}: sends the days that were stored while export was off. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description =
        "Export the events of some days (UTC) that were not exported yet to the warehouse. May be"
            + " stopped and started again; nothing is sent twice.")
public final class ExportCommand implements Runnable {

  @Option(
      names = "--from",
      required = true,
      paramLabel = "<day>",
      description = "First day, included.")
  private LocalDate from = LocalDate.EPOCH;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "<day>",
      description = "Last day, included.")
  private LocalDate to = LocalDate.EPOCH;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (from.isAfter(to)) {
      throw CommandLineError.of(spec, "--from must not be after --to");
    }
    CommandRunner.runOnce(this::export);
  }

  private void export(ServerConfig config) {
    WarehouseAddress address = config.storage().warehouse().require(WarehouseConfig.providers());
    try (Store store = Store.openBesideServer(config);
        Warehouse warehouse = address.open()) {
      ExportQueue queue = store.telemetry().exports();
      long events = enqueue(queue);
      System.out.println(events + " events queued");
      Refusal refusal = new Refusal();
      try (Exporter exporter = new Exporter(queue, warehouse.exporter(), refusal, () -> false)) {
        exportAll(queue, exporter, refusal);
      }
    }
  }

  private long enqueue(ExportQueue queue) {
    Progress progress = progress(ChronoUnit.DAYS.between(from, to) + 1);
    long total = 0;
    for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
      Shutdown.check();
      long events = 0;
      Instant after = null;
      do {
        Enqueued part = queue.enqueue(day, after);
        events += part.events();
        after = part.next();
      } while (after != null);
      progress.done(day, events, "events");
      total += events;
    }
    progress.end();
    return total;
  }

  /** Until nothing is left, whether this program sends it or a server does. */
  private static void exportAll(ExportQueue queue, Exporter exporter, Refusal refusal) {
    long sinceNanos = System.nanoTime();
    long total = Math.max(1, queue.backlog().events());
    Progress progress = progress(total);
    boolean left = true;
    while (left) {
      Duration pause = exporter.step();
      refusal.throwIfAny();
      pause(pause);
      Duration elapsed = Duration.ofNanos(System.nanoTime() - sinceNanos);
      Backlog backlog = queue.backlog();
      progress.at(total - backlog.events(), "events exported");
      // What waits and is younger than this command came from elsewhere.
      left =
          exporter.figures().active()
              ? !exporter.isIdle()
              : backlog.oldestAge().compareTo(elapsed) >= 0;
    }
    progress.end();
    System.out.println("exported");
  }

  private static Progress progress(long total) {
    return Progress.of(Help.Ansi.AUTO.enabled(), System.out, total);
  }

  private static void pause(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("interrupted", e);
    }
  }

  /** A person runs this: what only they can fix is reported at once. */
  private static final class Refusal implements ExportListener {
    private final ExportLog log = new ExportLog();
    private @Nullable ExportException refusal;

    void throwIfAny() {
      if (refusal != null) {
        throw refusal;
      }
    }

    @Override
    public void failed(ExportException failure, Duration pause) {
      if (failure.reason() == ExportException.Reason.REFUSED) {
        refusal = failure;
      } else {
        log.failed(failure, pause);
      }
    }

    @Override
    public void recovered() {
      log.recovered();
    }

    @Override
    public void gaveUp(List<DeadLetter> deadLetters) {
      log.gaveUp(deadLetters);
    }

    @Override
    public void possiblyTwice(ExportBatch batch) {
      log.possiblyTwice(batch);
    }
  }
}

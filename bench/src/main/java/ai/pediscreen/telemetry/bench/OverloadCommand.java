package ai.pediscreen.telemetry.bench;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What a server with a small heap does with twice the events that it can take, and how soon it is
 * itself again.
 */
@Command(
    name = "overload",
    mixinStandardHelpOptions = true,
    description = "Sends twice what the server can take, to a server with -Xmx256m.")
final class OverloadCommand implements Callable<Integer> {

  private static final int CAPACITY_CONNECTIONS = 256;
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final Duration CAPACITY = Duration.ofSeconds(8);
  private static final Duration RECOVERY = Duration.ofSeconds(10);

  /** An accepted event should not take longer. */
  private static final long SLOW_NANOS = 1_000_000_000;

  @Mixin RunOptions options = new RunOptions();

  @Option(
      names = "--seconds",
      description = "How long it is too much (default: ${DEFAULT-VALUE}).",
      defaultValue = "15")
  int seconds;

  @Option(
      names = "--connections",
      description = "Over how many connections (default: ${DEFAULT-VALUE}).",
      defaultValue = "2000")
  int connections;

  @Option(
      names = "--batch",
      description =
          "How many events a request has (default: ${DEFAULT-VALUE}); with one, most of the machine"
              + " is taken by HTTP before the queue is full.",
      defaultValue = "20")
  int batch;

  /** What the server answers while it has too much to do, and then. */
  private static final class Answers implements LoadGenerator.Listener {
    private final long start = System.nanoTime();
    private final Map<String, Long> hints = new TreeMap<>();
    private long answered;
    private long lastBad = start;
    private long slowest;

    @Override
    public void answered(long sentNanos, long answeredNanos, HttpAnswer answer) {
      answered++;
      slowest = Math.max(slowest, answeredNanos - sentNanos);
      String hint = answer.retryAfter();
      if (answer.status() == 503) {
        hints.merge(hint == null ? "missing" : hint, 1L, Long::sum);
      }
      if (!answer.success() || answeredNanos - sentNanos > SLOW_NANOS) {
        lastBad = answeredNanos;
      }
    }

    double badSeconds() {
      return (lastBad - start) / 1e9;
    }
  }

  @Override
  public Integer call() {
    double load = Machine.loadAverage();
    try (TestBed bed = new TestBed(options)) {
      Machine machine = Machine.describe(bed.postgres(), bed.directory(), load);
      System.out.println(machine.sentence());
      Service server = bed.startServer("-Xmx256m");
      LoadResult warmUp =
          new LoadGenerator(server.port(), CAPACITY_CONNECTIONS, bed.requests(batch)).run(WARM_UP);
      LoadResult capacity =
          new LoadGenerator(server.port(), CAPACITY_CONNECTIONS, bed.requests(batch)).run(CAPACITY);
      double rate = 2 * capacity.perSecond() / batch;
      Answers during = new Answers();
      LoadResult overload =
          new LoadGenerator(server.port(), connections, bed.requests(batch), rate, during)
              .run(Duration.ofSeconds(seconds));
      Answers after = new Answers();
      LoadResult recovery =
          new LoadGenerator(
                  server.port(), CAPACITY_CONNECTIONS, bed.requests(batch), rate / 4, after)
              .run(RECOVERY);
      report(machine, server, capacity, overload, during, recovery, after);
      long accepted =
          warmUp.accepted() + capacity.accepted() + overload.accepted() + recovery.accepted();
      System.out.printf(
          "Accepted %d, stored %d, in the overview %d.%n",
          accepted, bed.storedEvents(), new Questions(server).total());
    }
    return 0;
  }

  private void report(
      Machine machine,
      Service server,
      LoadResult capacity,
      LoadResult overload,
      Answers during,
      LoadResult recovery,
      Answers after) {
    System.out.println("\n| | |\n|---|---|");
    row(
        "capacity, %d connections".formatted(CAPACITY_CONNECTIONS),
        capacity.perSecond(),
        "events/s");
    row(
        "sent, %d connections".formatted(connections),
        during.answered * batch / (double) seconds,
        "events/s");
    row("accepted", overload.perSecond(), "events/s");
    System.out.printf(
        "| accepted ÷ capacity | %s |%n",
        Figures.number(overload.perSecond() / capacity.perSecond(), 2));
    row("p99 of the accepted", overload.latencies().percentileMillis(0.99), "ms");
    row("slowest answer of any kind", during.slowest / 1e6, "ms");
    System.out.printf("| other answers, %d events each | %s |%n", batch, overload.others());
    System.out.printf("| Retry-After of 503, and how often | %s |%n", during.hints);
    row("until all is well again", after.badSeconds() * 1_000, "ms");
    System.out.printf("| other answers then | %s |%n", recovery.others());
    System.out.printf(
        "| most memory, heap of 256 MB | %s |%n",
        ProcFiles.line(server.pid() + "/status", "VmHWM:").orElse("not known"));
    System.out.printf("%n%s%n", machine.sentence());
    Json.write(
        options.results.resolve("overload.json"),
        Map.of(
            "machine", machine,
            "batch", batch,
            "capacityPerSecond", capacity.perSecond(),
            "acceptedPerSecond", overload.perSecond(),
            "acceptedP99Millis", overload.latencies().percentileMillis(0.99),
            "others", overload.others(),
            "retryAfter", during.hints,
            "recoverySeconds", after.badSeconds()));
  }

  private static void row(String what, double value, String unit) {
    System.out.printf("| %s | %s %s |%n", what, Figures.number(value, 0), unit);
  }
}

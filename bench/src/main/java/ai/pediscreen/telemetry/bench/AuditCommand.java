package ai.pediscreen.telemetry.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What ingestion loses by what is entered in the audit log meanwhile. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = "Measures ingestion alone, beside questions, and beside reads that are audited.")
final class AuditCommand implements Callable<Integer> {

  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final int CONNECTIONS = 64;
  private static final int READERS = 4;
  private static final String ALONE = "alone";

  /** What others ask meanwhile; null for nothing. */
  private static final Map<String, @Nullable String> CASES = new LinkedHashMap<>();

  static {
    CASES.put(ALONE, null);
    CASES.put("beside /health, which asks the database nothing", "/health");
    CASES.put("beside overviews, which are not entered", "/telemetry?action=overview&range=1h");
    CASES.put("beside searches, each of which is entered", "/events?event_id=none");
  }

  @Mixin RunOptions options = new RunOptions();

  @Option(
      names = "--rounds",
      description = "How often each is measured, in turn (default: ${DEFAULT-VALUE}).",
      defaultValue = "5")
  int rounds;

  @Option(
      names = "--seconds",
      description = "How long each time (default: ${DEFAULT-VALUE}).",
      defaultValue = "8")
  int seconds;

  @Option(
      names = "--rate",
      description = "Questions or reads a second (default: ${DEFAULT-VALUE}).",
      defaultValue = "20")
  int rate;

  @Override
  public Integer call() {
    double load = Machine.loadAverage();
    ExecutorService reader = Executors.newSingleThreadExecutor();
    try (TestBed bed = new TestBed(options)) {
      Machine machine = Machine.describe(bed.postgres(), bed.directory(), load);
      System.out.println(machine.sentence());
      measure(bed, bed.startServer(), reader, machine);
    } finally {
      reader.shutdownNow();
    }
    return 0;
  }

  private void measure(TestBed bed, Service server, ExecutorService reader, Machine machine) {
    new LoadGenerator(server.port(), CONNECTIONS, bed.requests(1)).run(WARM_UP);
    Map<String, List<Double>> rates = new LinkedHashMap<>();
    Map<String, List<Double>> ratios = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      double alone = 0;
      for (Map.Entry<String, @Nullable String> one : CASES.entrySet()) {
        double perSecond = perSecond(bed, server, reader, one.getValue());
        alone = one.getKey().equals(ALONE) ? perSecond : alone;
        rates.computeIfAbsent(one.getKey(), name -> new ArrayList<>()).add(perSecond);
        ratios.computeIfAbsent(one.getKey(), name -> new ArrayList<>()).add(perSecond / alone);
      }
    }
    System.out.println("\n| single events | events/s | ÷ alone |\n|---|---:|---:|");
    for (String name : CASES.keySet()) {
      System.out.printf(
          "| %s | %s | %s |%n",
          name,
          Figures.spread(Statistics.spread(rates.getOrDefault(name, List.of())), 0),
          Figures.spread(Statistics.spread(ratios.getOrDefault(name, List.of())), 2));
    }
    System.out.printf(
        "%n%d a second, %d rounds of %d s each, %d connections. %s%n",
        rate, rounds, seconds, CONNECTIONS, machine.sentence());
    Json.write(
        options.results.resolve("audit.json"),
        Map.of("machine", machine, "perSecond", rates, "ratios", ratios));
  }

  /** Events a second, while others ask at the rate. */
  private double perSecond(
      TestBed bed, Service server, ExecutorService reader, @Nullable String question) {
    Duration time = Duration.ofSeconds(seconds);
    CompletableFuture<Void> asked =
        question == null
            ? CompletableFuture.completedFuture(null)
            : CompletableFuture.runAsync(() -> ask(server, question, time), reader);
    LoadResult taken = new LoadGenerator(server.port(), CONNECTIONS, bed.requests(1)).run(time);
    asked.join();
    return taken.perSecond();
  }

  private void ask(Service server, String question, Duration time) {
    LoadResult asked =
        new LoadGenerator(
                server.port(),
                READERS,
                new QuestionRequests(question),
                rate,
                (sent, answered, answer) -> {})
            .run(time);
    if (!asked.others().isEmpty()) {
      throw new IllegalStateException(question + " was answered " + asked.others());
    }
  }
}

package ai.pediscreen.telemetry.bench;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Ingestion beside what it stands on: rounds in which each scenario is measured once, one after the
 * other, so that what the machine does meanwhile meets all of them alike.
 */
@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    description = "Measures ingestion and import beside lone commits, a bare route and COPY.")
final class IngestCommand implements Callable<Integer> {

  /** What sends single events. */
  enum Generator {
    AUTO,
    WRK,
    JVM
  }

  private static final int COLD_CONNECTIONS = 64;
  private static final int WARM_UP_CONNECTIONS = 4;
  private static final int WARM_UP_EVENTS = 500;

  /** The server may put work off for a second. */
  private static final Duration SETTLING = Duration.ofMillis(1_500);

  @Mixin RunOptions options = new RunOptions();

  @Option(
      names = "--rounds",
      description = "How often everything is measured (default: ${DEFAULT-VALUE}).",
      defaultValue = "5")
  int rounds;

  @Option(
      names = "--seconds",
      description = "How long a scenario takes (default: ${DEFAULT-VALUE}).",
      defaultValue = "3")
  int seconds;

  @Option(
      names = "--warm-up",
      description =
          "Seconds of warm-up, two thirds of which are the measurement of the cold server"
              + " (default: ${DEFAULT-VALUE}).",
      defaultValue = "45")
  int warmUp;

  @Option(
      names = "--generator",
      description =
          "What sends single events: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}, wrk where"
              + " there is one).",
      defaultValue = "AUTO")
  Generator generator = Generator.AUTO;

  /*
   * The folder telemetry_service of PediScreen's repository, such as it runs with the Python given:
   * its route must be able to store an event.
   */
  @Option(
      names = "--replaced",
      description =
          "The folder of the service that this server replaces, to be measured too; started as:"
              + " DEBUG=false DATABASE_URL=… python3 -m uvicorn app.main:app --port …")
  @Nullable Path replaced;

  @Option(
      names = "--python",
      description = "The Python that runs it (default: ${DEFAULT-VALUE}).",
      defaultValue = "python3")
  String python = "";

  @Option(
      names = "--quick",
      description = "3 rounds of 3 seconds after warm-ups of 30: five minutes.")
  boolean quick;

  @Override
  public Integer call() {
    if (quick) {
      rounds = 3;
      seconds = 3;
      warmUp = 30;
    }
    double load = Machine.loadAverage();
    try (TestBed bed = new TestBed(options)) {
      Machine machine = Machine.describe(bed.postgres(), bed.directory(), load);
      System.out.println(machine.sentence());
      run(bed, machine);
    }
    return 0;
  }

  private void run(TestBed bed, Machine machine) {
    double stolen = Machine.stolenTicks();
    long start = System.nanoTime();
    LoneCommits commits = new LoneCommits(bed.postgres(), bed.directory());
    Service bare = bed.startBareRoute();
    // Warms the generator too, before it measures a server that is cold.
    new LoadGenerator(bare.port(), COLD_CONNECTIONS, bed.requests(1)).run(time(warmUp));
    Wrk wrk = wrk(bed);
    Service server = bed.startServer();
    LoadResult cold = post(bed, wrk, server, COLD_CONNECTIONS, 1, time(warmUp * 2 / 3));
    System.out.printf(
        "cold: %s events/s, other answers %s%n",
        Figures.number(cold.perSecond(), 0), cold.others());
    new LoadGenerator(server.port(), WARM_UP_CONNECTIONS, bed.requests(WARM_UP_EVENTS))
        .run(time(warmUp - warmUp * 2 / 3));
    new LoadGenerator(server.port(), WARM_UP_CONNECTIONS, bed.spans(WARM_UP_EVENTS))
        .run(time(warmUp - warmUp * 2 / 3));
    Service old = replaced == null ? null : bed.startReplaced(replaced, python);
    if (old == null) {
      System.out.println("The replaced service is not measured: --replaced names no folder.");
    } else {
      new LoadGenerator(old.port(), COLD_CONNECTIONS, bed.requests(1)).run(time(warmUp / 3));
    }
    Duration round = time(seconds);
    CopyLoad copy = new CopyLoad(bed.postgres());
    Set<Scenario> scenarios = EnumSet.allOf(Scenario.class);
    if (old == null) {
      scenarios.removeAll(EnumSet.of(Scenario.REPLACED_1, Scenario.REPLACED_64));
    }
    List<Map<Scenario, Measured>> measured;
    try (ImportLoad imports = new ImportLoad(bed)) {
      imports.run(time(warmUp / 3));
      measured =
          rounds(
              scenarios,
              () -> Counters.now(bed.postgres(), server.pid()),
              scenario ->
                  switch (scenario) {
                    case COMMITS_1, COMMITS_64 -> commits.run(scenario.connections(), round);
                    case COPY -> copy.run(round);
                    case IMPORT -> imports.run(round);
                    case BARE_64 -> post(bed, wrk, bare, scenario.connections(), 1, round);
                    case REPLACED_1, REPLACED_64 ->
                        post(bed, wrk, requireNonNull(old), scenario.connections(), 1, round);
                    case SPANS_1, SPANS_4 ->
                        new LoadGenerator(
                                server.port(), scenario.connections(), bed.spans(scenario.events()))
                            .run(round);
                    default ->
                        post(bed, wrk, server, scenario.connections(), scenario.events(), round);
                  });
    }
    IngestReport report =
        new IngestReport(
            machine,
            commits.means(),
            wrk == null ? "this JVM" : "wrk",
            seconds,
            warmUp,
            (Machine.stolenTicks() - stolen) / ((System.nanoTime() - start) / 1e7),
            cold,
            measured);
    System.out.println(report.markdown());
    Json.write(options.results.resolve("ingest.json"), report.json());
  }

  private List<Map<Scenario, Measured>> rounds(
      Set<Scenario> scenarios, Supplier<Counters> counters, Function<Scenario, LoadResult> loads) {
    List<Map<Scenario, Measured>> measured = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      Map<Scenario, Measured> results = new EnumMap<>(Scenario.class);
      for (Scenario scenario : scenarios) {
        Counters before = counters.get();
        LoadResult load = loads.apply(scenario);
        settle();
        results.put(scenario, new Measured(load, counters.get().since(before)));
        System.out.printf(
            "round %d: %s: %s/s, p99 %s ms %s%n",
            round,
            scenario.title(),
            Figures.number(load.perSecond(), 0),
            Figures.number(load.latencies().percentileMillis(0.99), 1),
            load.others().isEmpty() ? "" : load.others());
      }
      measured.add(results);
    }
    return measured;
  }

  private static LoadResult post(
      TestBed bed, @Nullable Wrk wrk, Service server, int connections, int events, Duration time) {
    if (wrk != null && events == 1) {
      return wrk.run(server.port(), connections, time);
    }
    return new LoadGenerator(server.port(), connections, bed.requests(events)).run(time);
  }

  private @Nullable Wrk wrk(TestBed bed) {
    boolean wanted =
        switch (generator) {
          case AUTO -> Programs.inPath("wrk").isPresent();
          case WRK -> true;
          case JVM -> false;
        };
    return wanted ? new Wrk(bed.directory()) : null;
  }

  private static Duration time(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static void settle() {
    LockSupport.parkNanos(SETTLING.toNanos());
  }
}

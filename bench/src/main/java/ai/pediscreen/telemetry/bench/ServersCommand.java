package ai.pediscreen.telemetry.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongUnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Two servers on one database: how much they take together against one alone, and whether their
 * figures are exact when both get the same models, days and, one event in ten, ids.
 */
@Command(
    name = "servers",
    mixinStandardHelpOptions = true,
    description = "Measures two servers on one database against one.")
final class ServersCommand implements Callable<Integer> {

  private static final int BATCH = 500;
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final long THREE_DAYS = Duration.ofDays(3).toMillis();

  /** More than will be sent to one server. */
  private static final long MANY = 1L << 40;

  @Mixin RunOptions options = new RunOptions();

  @Option(
      names = "--rounds",
      description = "How often one and two are measured in turn (default: ${DEFAULT-VALUE}).",
      defaultValue = "5")
  int rounds;

  @Option(
      names = "--seconds",
      description = "How long each time (default: ${DEFAULT-VALUE}).",
      defaultValue = "5")
  int seconds;

  @Option(
      names = "--shared-seconds",
      description = "How long both get ids of each other (default: ${DEFAULT-VALUE}).",
      defaultValue = "30")
  int sharedSeconds;

  /** A load for one server. */
  private record Load(Service server, int connections, EventRequests requests) {
    LoadResult run(Duration time) {
      return new LoadGenerator(server.port(), connections, requests).run(time);
    }
  }

  @Override
  public Integer call() {
    double load = Machine.loadAverage();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (TestBed bed = new TestBed(options)) {
      Machine machine = Machine.describe(bed.postgres(), bed.directory(), load);
      System.out.println(machine.sentence());
      run(bed, machine, threads);
    } finally {
      threads.shutdownNow();
    }
    return 0;
  }

  private void run(TestBed bed, Machine machine, ExecutorService threads) {
    Service first = bed.startServer();
    Service second = bed.startServer();
    Duration time = Duration.ofSeconds(seconds);
    List<LoadResult> all = new ArrayList<>();
    for (int events : List.of(1, BATCH)) {
      for (Service server : List.of(first, second)) {
        all.addAll(halves(bed, threads, WARM_UP, server, server, events));
      }
    }
    Map<String, Object> ratios = new LinkedHashMap<>();
    System.out.println("\n| | one | two | two ÷ one |\n|---|---:|---:|---:|");
    for (int events : List.of(1, BATCH)) {
      int connections = connections(events);
      List<Double> ones = new ArrayList<>();
      List<Double> twos = new ArrayList<>();
      List<Double> ratio = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        // The same senders, half of which turn to the other server the second time.
        List<LoadResult> one = halves(bed, threads, time, first, first, events);
        List<LoadResult> two = halves(bed, threads, time, first, second, events);
        all.addAll(one);
        all.addAll(two);
        ones.add(perSecond(one));
        twos.add(perSecond(two));
        ratio.add(twos.get(round) / ones.get(round));
      }
      String what =
          "events a second, %d in a request, %d connections".formatted(events, connections);
      System.out.printf(
          "| %s | %s | %s | %s |%n",
          what,
          Figures.spread(Statistics.spread(ones), 0),
          Figures.spread(Statistics.spread(twos), 0),
          Figures.spread(Statistics.spread(ratio), 2));
      ratios.put(what, Statistics.spread(ratio));
    }
    all.addAll(shared(bed, threads, first, second));
    report(bed, machine, List.of(first, second), all, ratios);
  }

  private static int connections(int events) {
    return events == 1 ? 64 : 4;
  }

  private List<LoadResult> shared(
      TestBed bed, ExecutorService threads, Service first, Service second) {
    long start = bed.reserve(2 * MANY);
    long now = System.currentTimeMillis();
    LongUnaryOperator millis = number -> now - number * 7_919 % THREE_DAYS;
    long[] next = {start, start};
    EventRequests own = bed.requests(BATCH, () -> next[0]++, millis);
    EventRequests partlyOthers =
        bed.requests(
            BATCH,
            () -> {
              long number = next[1]++;
              return number % 10 == 0 ? number : number + MANY;
            },
            millis);
    return together(
        threads,
        Duration.ofSeconds(sharedSeconds),
        new Load(first, 2, own),
        new Load(second, 2, partlyOthers));
  }

  private static List<LoadResult> halves(
      TestBed bed, ExecutorService threads, Duration time, Service one, Service other, int events) {
    int connections = connections(events) / 2;
    return together(
        threads,
        time,
        new Load(one, connections, bed.requests(events)),
        new Load(other, connections, bed.requests(events)));
  }

  private static double perSecond(List<LoadResult> results) {
    return results.stream().mapToDouble(LoadResult::perSecond).sum();
  }

  private static List<LoadResult> together(
      ExecutorService threads, Duration time, Load one, Load other) {
    try {
      Future<LoadResult> first = threads.submit(() -> one.run(time));
      Future<LoadResult> second = threads.submit(() -> other.run(time));
      return List.of(first.get(), second.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void report(
      TestBed bed,
      Machine machine,
      List<Service> servers,
      List<LoadResult> all,
      Map<String, Object> ratios) {
    long accepted = all.stream().mapToLong(LoadResult::accepted).sum();
    long duplicates = all.stream().mapToLong(LoadResult::duplicates).sum();
    Map<Integer, Long> others = new TreeMap<>();
    all.forEach(
        result -> result.others().forEach((status, n) -> others.merge(status, n, Long::sum)));
    List<Long> overviews = servers.stream().map(server -> new Questions(server).total()).toList();
    long stored = bed.storedEvents();
    String deadlocks =
        bed.postgres()
            .ask("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
    System.out.printf(
        "%nAccepted %d (%d duplicates), stored %d, in the overviews %s. Other answers %s, deadlocks"
            + " %s.%n%s%n",
        accepted, duplicates, stored, overviews, others, deadlocks, machine.sentence());
    Json.write(
        options.results.resolve("servers.json"),
        Map.of(
            "machine", machine,
            "ratios", ratios,
            "accepted", accepted,
            "duplicates", duplicates,
            "stored", stored,
            "overviews", overviews,
            "others", others,
            "deadlocks", deadlocks));
    if (stored != accepted || !overviews.stream().allMatch(total -> total == accepted)) {
      throw new IllegalStateException("figures differ from a recount");
    }
    if (!others.isEmpty() || !deadlocks.equals("0")) {
      throw new IllegalStateException("events were not taken at once");
    }
  }
}

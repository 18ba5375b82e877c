package ai.pediscreen.telemetry.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What an organisation that sends now and then notices of one that floods the server, and of one
 * whose requests are made to cost much.
 */
@Command(
    name = "neighbour",
    mixinStandardHelpOptions = true,
    description = "Measures a normal client alone, beside a flood and beside an attack.")
final class NeighbourCommand implements Callable<Integer> {

  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final int CONNECTIONS = 8;
  private static final int FLOOD_CONNECTIONS = 32;
  private static final int FLOOD_BATCH = 500;

  /** With limits a flood is ten times as much as this. */
  private static final int EVENTS_PER_SECOND = 1_000;

  private static final int REQUESTS_PER_SECOND = 200;
  private static final String ADMIN_KEY = "bench-k7Tq2mXw9ZrB4vNc8sLd3fHj6gPy1aQe5uRo";
  private static final ObjectMapper JSON = new ObjectMapper();

  @Mixin RunOptions options = new RunOptions();

  @Option(
      names = "--rounds",
      description = "How often each is measured, in turn (default: ${DEFAULT-VALUE}).",
      defaultValue = "3")
  int rounds;

  @Option(
      names = "--seconds",
      description = "How long each time (default: ${DEFAULT-VALUE}).",
      defaultValue = "15")
  int seconds;

  @Option(
      names = "--rate",
      description = "Events a second of the normal client (default: ${DEFAULT-VALUE}).",
      defaultValue = "100")
  int rate;

  @Option(
      names = "--limits",
      description =
          "With EVENTS_PER_SECOND=1000 and REQUESTS_PER_SECOND=200; the flood is ten times that,"
              + " else as much as the server takes.")
  boolean limits;

  @Override
  public Integer call() {
    double load = Machine.loadAverage();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (TestBed bed = new TestBed(options)) {
      Machine machine = Machine.describe(bed.postgres(), bed.directory(), load);
      System.out.println(machine.sentence());
      Map<String, String> settings =
          new HashMap<>(Map.of("AUTH", "required", "INIT_ADMIN_KEY", ADMIN_KEY));
      if (limits) {
        settings.put("EVENTS_PER_SECOND", Integer.toString(EVENTS_PER_SECOND));
        settings.put("REQUESTS_PER_SECOND", Integer.toString(REQUESTS_PER_SECOND));
      }
      measure(bed.startServer(settings, "-Xmx256m"), threads, machine);
    } finally {
      threads.shutdownNow();
    }
    return 0;
  }

  private void measure(Service server, ExecutorService threads, Machine machine) {
    double floodRate = limits ? 10.0 * EVENTS_PER_SECOND / FLOOD_BATCH : Double.POSITIVE_INFINITY;
    Other flood =
        new Other(
            new OrganisationRequests("org-flood", key(server, "org-flood"), FLOOD_BATCH),
            floodRate);
    Other attack =
        new Other(new RefusedRequests(key(server, "org-attack")), Double.POSITIVE_INFINITY);
    Requests normal = new OrganisationRequests("org-normal", key(server, "org-normal"), 1);
    beside(server, threads, WARM_UP, normal, flood);
    beside(server, threads, WARM_UP, normal, attack);
    Map<String, @Nullable Other> cases = new LinkedHashMap<>();
    cases.put("alone", null);
    cases.put(
        limits
            ? "beside a flood of %d events a second".formatted(10 * EVENTS_PER_SECOND)
            : "beside a flood, %d connections".formatted(FLOOD_CONNECTIONS),
        flood);
    cases.put("beside an attack, %d connections".formatted(FLOOD_CONNECTIONS), attack);
    Map<String, List<Double>> p50 = new LinkedHashMap<>();
    Map<String, List<Double>> p99 = new LinkedHashMap<>();
    Map<String, List<Double>> ratios = new LinkedHashMap<>();
    Map<String, Map<Integer, Long>> others = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      double alone = 0;
      for (Map.Entry<String, @Nullable Other> one : cases.entrySet()) {
        LoadResult result =
            beside(server, threads, Duration.ofSeconds(seconds), normal, one.getValue());
        double millis = result.latencies().percentileMillis(0.99);
        alone = one.getValue() == null ? millis : alone;
        add(p50, one.getKey(), result.latencies().percentileMillis(0.5));
        add(p99, one.getKey(), millis);
        add(ratios, one.getKey(), millis / alone);
        Map<Integer, Long> seen = others.computeIfAbsent(one.getKey(), key -> new TreeMap<>());
        result.others().forEach((status, count) -> seen.merge(status, count, Long::sum));
      }
    }
    System.out.println("\n| | p50 ms | p99 ms | p99 ÷ alone | other answers |");
    System.out.println("|---|---:|---:|---:|---|");
    for (String name : cases.keySet()) {
      System.out.printf(
          "| %s | %s | %s | %s | %s |%n",
          name,
          spread(p50, name, 1),
          spread(p99, name, 1),
          spread(ratios, name, 2),
          others.get(name));
    }
    System.out.printf(
        "%n%d events a second over %d connections, %d rounds of %d s each. %s%n",
        rate, CONNECTIONS, rounds, seconds, machine.sentence());
    Json.write(
        options.results.resolve("neighbour.json"),
        Map.of(
            "machine", machine, "limits", limits, "p50", p50, "p99", p99, "ratios", ratios,
            "others", others));
  }

  /** What somebody else sends meanwhile. */
  private record Other(Requests requests, double rate) {}

  /** What the normal client met with, while the other did as it liked; null for nobody else. */
  private LoadResult beside(
      Service server,
      ExecutorService threads,
      Duration time,
      Requests normal,
      @Nullable Other other) {
    LoadGenerator client =
        new LoadGenerator(server.port(), CONNECTIONS, normal, rate, (sent, answered, answer) -> {});
    try {
      Future<LoadResult> disturbance =
          threads.submit(
              () ->
                  other == null
                      ? null
                      : new LoadGenerator(
                              server.port(),
                              FLOOD_CONNECTIONS,
                              other.requests(),
                              other.rate(),
                              (sent, answered, answer) -> {})
                          .run(time));
      LoadResult met = threads.submit(() -> client.run(time)).get();
      disturbance.get();
      return met;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A key of an organisation, to send with. */
  private static String key(Service server, String organisation) {
    String body = "{\"org_id\":\"%s\",\"scopes\":[\"ingest\"]}".formatted(organisation);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/keys"))
            .header("apikey", ADMIN_KEY)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      return JSON.readTree(answer.body()).path("key").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static void add(Map<String, List<Double>> values, String name, double value) {
    values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
  }

  private static String spread(Map<String, List<Double>> values, String name, int decimals) {
    return Figures.spread(Statistics.spread(values.getOrDefault(name, List.of())), decimals);
  }
}

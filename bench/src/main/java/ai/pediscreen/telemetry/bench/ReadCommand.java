package ai.pediscreen.telemetry.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How long questions and searches take with few and with many events stored, and while the server
 * ingests. The events are spread over 90 days and sent in their order, as NDJSON.
 */
@Command(
    name = "read",
    mixinStandardHelpOptions = true,
    description = "Measures questions and searches with 100 000 and with more events stored.")
final class ReadCommand implements Callable<Integer> {

  private static final int FEW = 100_000;
  private static final int BATCH = 500;
  private static final int CONNECTIONS = 4;
  private static final int WARM_UPS = 5;

  /** All questions are asked again and again, so that a vacuum meets all of them alike. */
  private static final int PASSES = 3;

  private static final Duration SLICE = Duration.ofSeconds(30);
  private static final long DAYS_90 = Duration.ofDays(90).minusHours(2).toMillis();

  private static final List<String> RANGES = List.of("1h", "24h", "7d", "30d", "90d");
  private static final List<String> QUESTIONS =
      List.of(
          "action=overview",
          "action=overview&org_id=clinic-03",
          "action=models",
          "action=errors",
          "action=fallbacks",
          "action=series");

  private static final List<String> SEARCHED =
      List.of("event_id", "trace_id", "case_id", "user_id");

  private static final String DAYS_WITHOUT_INDEXES =
      """
      SELECT count(*) FROM pg_class
      WHERE relkind = 'r' AND relname ~ '^event_p[0-9]{8}$'
        AND relname < to_char(now() AT TIME ZONE 'UTC', '"event_p"YYYYMMDD')
        AND %d > (SELECT count(*) FROM pg_index JOIN pg_class AS made ON made.oid = indexrelid
          WHERE indrelid = pg_class.oid AND indisvalid AND made.relname ~ '_by_')
      """
          .formatted(SEARCHED.size());

  private static final String AUTOVACUUM_WORKERS =
      "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'";

  /** Longer than the pause between two runs of autovacuum. */
  private static final int SECONDS_OF_REST = 12;

  @Mixin RunOptions options = new RunOptions();

  @Option(
      names = "--events",
      description = "How many events are stored at last (default: ${DEFAULT-VALUE}).",
      defaultValue = "1000000")
  long events;

  @Option(
      names = "--times",
      description =
          "How often each question is asked in each of three passes (default: ${DEFAULT-VALUE}).",
      defaultValue = "15")
  int times;

  @Option(
      names = "--searches",
      description =
          "Search for single events, too, once the days that are over have their indexes. What that"
              + " takes after the last event is printed.")
  boolean searches;

  private List<String> paths = List.of();

  @Override
  public Integer call() {
    double load = Machine.loadAverage();
    try (TestBed bed = new TestBed(options)) {
      Machine machine = Machine.describe(bed.postgres(), bed.directory(), load);
      System.out.println(machine.sentence());
      Service server = bed.startServer();
      paths = paths(store(bed, server, FEW));
      awaitIndexes(bed);
      ask(server, "warm-up");
      awaitRest(bed);
      Map<String, Latencies> few = ask(server, "few");
      store(bed, server, events - FEW);
      awaitIndexes(bed);
      awaitRest(bed);
      Map<String, Latencies> many = ask(server, "many");
      Map<String, Latencies> busy = askWhileIngesting(bed, server);
      report(machine, few, many, busy);
    }
    return 0;
  }

  /** Stores events, and returns the number of the first. */
  private static long store(TestBed bed, Service server, long count) {
    long first = bed.reserve(count);
    long from = System.currentTimeMillis() - DAYS_90;
    long[] next = {first};
    EventRequests requests =
        bed.requests(
                BATCH,
                () -> next[0]++,
                number -> from + (long) ((double) (number - first) / count * DAYS_90))
            .limitedTo(count);
    long stored = 0;
    while (requests.hasNext()) {
      LoadResult slice = new LoadGenerator(server.port(), CONNECTIONS, requests).run(SLICE);
      if (!slice.others().isEmpty()) {
        throw new IllegalStateException("not all was stored: " + slice.others());
      }
      stored += slice.accepted();
      System.out.printf(
          "stored %s of %s, %s/s%n",
          Figures.count(stored), Figures.count(count), Figures.number(slice.perSecond(), 0));
    }
    return first;
  }

  /** A server makes them once a day has rested for a minute. */
  private void awaitIndexes(TestBed bed) {
    if (!searches) {
      return;
    }
    System.out.printf(
        "days that are over have their indexes for searches, %d s after the last event%n",
        awaitZero(bed, DAYS_WITHOUT_INDEXES, 1));
  }

  /** The database vacuums and analyzes what was stored, which takes a processor meanwhile. */
  private static void awaitRest(TestBed bed) {
    System.out.printf(
        "the database rested after %d s%n", awaitZero(bed, AUTOVACUUM_WORKERS, SECONDS_OF_REST));
  }

  /** Asks each second until the answer was 0 so many times running; returns the seconds it took. */
  private static long awaitZero(TestBed bed, String sql, int times) {
    long begun = System.nanoTime();
    int seen = 0;
    try {
      while (seen < times) {
        seen = bed.postgres().ask(sql).equals("0") ? seen + 1 : 0;
        if (seen < times) {
          TimeUnit.SECONDS.sleep(1);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
  }

  /**
   * All questions about figures, and searches for what a stored event names if they are asked for.
   */
  private List<String> paths(long number) {
    List<String> paths = new ArrayList<>();
    for (String question : QUESTIONS) {
      for (String range : RANGES) {
        paths.add("/telemetry?" + question + "&range=" + range);
      }
    }
    if (!searches) {
      return paths;
    }
    JsonNode event = new SampleEvents(1).event(number);
    paths.add("/events/" + event.required("event_id").textValue());
    for (String field : SEARCHED) {
      paths.add("/events?" + field + "=" + event.required(field).textValue());
    }
    return paths;
  }

  private Map<String, Latencies> ask(Service server, String when) {
    Questions questions = new Questions(server);
    Map<String, IntStream.Builder> micros = new LinkedHashMap<>();
    for (int pass = 0; pass < PASSES; pass++) {
      for (String path : paths) {
        IntStream.Builder all = micros.computeIfAbsent(path, any -> IntStream.builder());
        for (int i = -WARM_UPS; i < times; i++) {
          int one = questions.micros(path);
          if (i >= 0) {
            all.add(one);
          }
        }
      }
    }
    Map<String, Latencies> answers = new LinkedHashMap<>();
    micros.forEach((path, all) -> answers.put(path, Latencies.ofMicros(all.build().toArray())));
    System.out.println("asked: " + when);
    return answers;
  }

  private Map<String, Latencies> askWhileIngesting(TestBed bed, Service server) {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      EventRequests requests = bed.requests(BATCH);
      Future<LoadResult> ingesting =
          thread.submit(
              () ->
                  new LoadGenerator(server.port(), CONNECTIONS, requests).run(Duration.ofHours(1)));
      Map<String, Latencies> answers = ask(server, "while ingesting");
      requests.limitedTo(0);
      LoadResult load = ingesting.get();
      System.out.printf(
          "ingested meanwhile: %s/s %s%n", Figures.number(load.perSecond(), 0), load.others());
      return answers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      thread.shutdownNow();
    }
  }

  private void report(
      Machine machine,
      Map<String, Latencies> few,
      Map<String, Latencies> many,
      Map<String, Latencies> busy) {
    System.out.printf(
        "%n| median ms (p95) | %s events | %s | ratio | while ingesting | ratio |%n",
        Figures.count(FEW), Figures.count(events));
    System.out.println("|---|---:|---:|---:|---:|---:|");
    List<Map<String, Object>> rows = new ArrayList<>();
    few.forEach(
        (path, atFew) -> {
          Latencies atMany = many.getOrDefault(path, atFew);
          Latencies atBusy = busy.getOrDefault(path, atFew);
          System.out.printf(
              "| %s | %s | %s | %s | %s | %s |%n",
              name(path),
              cell(atFew),
              cell(atMany),
              Figures.number(median(atMany) / median(atFew), 2),
              cell(atBusy),
              Figures.number(median(atBusy) / median(atMany), 2));
          rows.add(
              Map.of(
                  "question", name(path),
                  "fewMillis", median(atFew),
                  "manyMillis", median(atMany),
                  "ingestingMillis", median(atBusy)));
        });
    System.out.printf("%nEach asked %d times. %s%n", PASSES * times, machine.sentence());
    Json.write(
        options.results.resolve("read.json"),
        Map.of(
            "machine",
            machine,
            "few",
            FEW,
            "many",
            events,
            "times",
            PASSES * times,
            "questions",
            rows));
  }

  /** Without what differs from run to run. */
  private static String name(String path) {
    return path.startsWith("/events")
        ? path.replaceFirst("=.*", "").replaceFirst("/events/.*", "/events/{event_id}")
        : path.replaceFirst(".*action=", "").replace("&", " ");
  }

  private static double median(Latencies latencies) {
    return latencies.percentileMillis(0.5);
  }

  private static String cell(Latencies latencies) {
    return "%s (%s)"
        .formatted(
            Figures.number(median(latencies), 1),
            Figures.number(latencies.percentileMillis(0.95), 1));
  }
}

package ai.pediscreen.telemetry.bench;

import static ai.pediscreen.telemetry.bench.Scenario.BARE_64;
import static ai.pediscreen.telemetry.bench.Scenario.COMMITS_1;
import static ai.pediscreen.telemetry.bench.Scenario.COMMITS_64;
import static ai.pediscreen.telemetry.bench.Scenario.COPY;
import static ai.pediscreen.telemetry.bench.Scenario.IMPORT;
import static ai.pediscreen.telemetry.bench.Scenario.NDJSON_1;
import static ai.pediscreen.telemetry.bench.Scenario.NDJSON_4;
import static ai.pediscreen.telemetry.bench.Scenario.REPLACED_1;
import static ai.pediscreen.telemetry.bench.Scenario.REPLACED_64;
import static ai.pediscreen.telemetry.bench.Scenario.SINGLE_1;
import static ai.pediscreen.telemetry.bench.Scenario.SINGLE_256;
import static ai.pediscreen.telemetry.bench.Scenario.SINGLE_64;
import static ai.pediscreen.telemetry.bench.Scenario.SPANS_1;
import static ai.pediscreen.telemetry.bench.Scenario.SPANS_4;

import ai.pediscreen.telemetry.bench.Statistics.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * The two tables of {@link IngestCommand}, and the same as JSON.
 *
 * @param commits by what lone commits were made
 * @param generator by what single events were sent
 * @param seconds that a scenario took each time
 * @param warmUp seconds of warm-up
 * @param stolen share of one processor that the host gave to other machines meanwhile
 * @param cold single events at 64 connections, just after the start
 * @param rounds what was measured in each
 */
record IngestReport(
    Machine machine,
    String commits,
    String generator,
    int seconds,
    int warmUp,
    double stolen,
    LoadResult cold,
    List<Map<Scenario, Measured>> rounds) {

  /** A row of the second table. */
  private record Row(String what, String aim, Spread spread, int decimals) {}

  String markdown() {
    StringBuilder text = new StringBuilder(1_024);
    text.append("\n| | per second | p50 ms | p99 ms | other answers |\n|---|---:|---:|---:|---|\n");
    for (Scenario scenario : rounds.get(0).keySet()) {
      text.append(
          "| %s | %s | %s | %s | %s |%n"
              .formatted(
                  scenario.title(),
                  Figures.spread(spread(scenario, one -> one.load().perSecond()), 0),
                  Figures.number(percentile(scenario, 0.5).median(), 2),
                  Figures.spread(percentile(scenario, 0.99), 1),
                  others(scenario)));
    }
    text.append("\n| what | at least | measured |\n|---|---|---:|\n");
    for (Row row : rows()) {
      text.append(
          "| %s | %s | %s |%n"
              .formatted(row.what, row.aim, Figures.spread(row.spread, row.decimals)));
    }
    text.append(
        "%nMedian (least–greatest) of %d rounds of %d s each, warm-up %d s. %s. Lone commits by %s, single"
            .formatted(rounds.size(), seconds, warmUp, machine.sentence(), commits));
    text.append(" events by %s.".formatted(generator));
    text.append(
        " Noise: bare route and COPY varied by %s and %s %% of the median; the host took %s %% of a"
            .formatted(
                Figures.number(100 * rate(BARE_64).noise(), 0),
                Figures.number(100 * rate(COPY).noise(), 0),
                Figures.number(100 * stolen, 1)));
    return text.append(" processor.%n".formatted()).toString();
  }

  Map<String, ?> json() {
    Map<String, Object> scenarios = new LinkedHashMap<>();
    for (Scenario scenario : rounds.get(0).keySet()) {
      scenarios.put(
          scenario.name(),
          Map.of(
              "perSecond", rate(scenario),
              "p50Millis", percentile(scenario, 0.5),
              "p99Millis", percentile(scenario, 0.99),
              "others", others(scenario)));
    }
    Map<String, Object> ratios = new LinkedHashMap<>();
    rows().forEach(row -> ratios.put(row.what, Map.of("aim", row.aim, "measured", row.spread)));
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("machine", machine);
    all.put("commits", commits);
    all.put("generator", generator);
    all.put("seconds", seconds);
    all.put("warmUp", warmUp);
    all.put("stolen", stolen);
    all.put("coldPerSecond", cold.perSecond());
    all.put("scenarios", scenarios);
    all.put("ratios", ratios);
    return all;
  }

  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    rows.add(rates(SINGLE_1, COMMITS_1, "0.25"));
    rows.add(rates(SINGLE_64, BARE_64, "0.4"));
    rows.add(rates(SINGLE_256, BARE_64, "0.5"));
    rows.add(
        new Row(
            "p99 at 64 connections ÷ p99 of lone commits at 64",
            "≤ 5",
            ratio(SINGLE_64, COMMITS_64, one -> one.load().latencies().percentileMillis(0.99)),
            1));
    rows.add(rates(NDJSON_1, COPY, "0.4"));
    rows.add(rates(NDJSON_4, COPY, "0.7"));
    rows.add(
        new Row(
            "import ÷ " + NDJSON_4.title(),
            "0.8",
            ratio(IMPORT, NDJSON_4, one -> one.load().perSecond()),
            2));
    rows.add(rates(SPANS_1, NDJSON_1, "0.8"));
    rows.add(rates(SPANS_4, NDJSON_4, "0.8"));
    if (rounds.get(0).containsKey(REPLACED_1)) {
      rows.add(rates(SINGLE_1, REPLACED_1, "3"));
      rows.add(rates(SINGLE_64, REPLACED_64, "20"));
    }
    for (Scenario scenario : List.of(SINGLE_64, NDJSON_4, SPANS_4)) {
      String of = ", " + scenario.title();
      rows.add(
          cost(
              "CPU of server and database, ms an event" + of,
              scenario,
              Measured::millisPerEvent,
              3));
      rows.add(cost("… of the server" + of, scenario, Measured::serverMillisPerEvent, 3));
      rows.add(cost("… of the database" + of, scenario, Measured::databaseMillisPerEvent, 3));
      rows.add(cost("WAL, bytes an event" + of, scenario, Measured::walBytesPerEvent, 0));
      // Bytes an event are megabytes a million.
      rows.add(cost("disk, MB a million events" + of, scenario, Measured::diskBytesPerEvent, 0));
    }
    rows.add(
        new Row(
            "single events at 64 connections, first %d s after the start ÷ warm"
                .formatted(Math.round(cold.seconds())),
            "0.5",
            spread(SINGLE_64, one -> cold.perSecond() / one.load().perSecond()),
            2));
    return rows;
  }

  private Row rates(Scenario above, Scenario below, String aim) {
    return new Row(
        above.title() + " ÷ " + below.title().replaceFirst(",.*", ""),
        aim,
        ratio(above, below, one -> one.load().perSecond()),
        2);
  }

  private Row cost(
      String what, Scenario scenario, ToDoubleFunction<Measured> figure, int decimals) {
    return new Row(what, "", spread(scenario, figure), decimals);
  }

  private Spread rate(Scenario scenario) {
    return spread(scenario, one -> one.load().perSecond());
  }

  private Spread percentile(Scenario scenario, double share) {
    return spread(scenario, one -> one.load().latencies().percentileMillis(share));
  }

  /** Answers that are not 2xx in all rounds, by status; empty if there are none. */
  private String others(Scenario scenario) {
    Map<Integer, Long> all = new TreeMap<>();
    for (Map<Scenario, Measured> round : rounds) {
      measured(round, scenario)
          .load()
          .others()
          .forEach((status, count) -> all.merge(status, count, Long::sum));
    }
    return all.isEmpty() ? "" : all.toString();
  }

  private Spread spread(Scenario scenario, ToDoubleFunction<Measured> figure) {
    return Statistics.spread(
        rounds.stream().map(round -> figure.applyAsDouble(measured(round, scenario))).toList());
  }

  /** Within each round. */
  private Spread ratio(Scenario above, Scenario below, ToDoubleFunction<Measured> figure) {
    return Statistics.spread(
        rounds.stream()
            .map(
                round ->
                    figure.applyAsDouble(measured(round, above))
                        / figure.applyAsDouble(measured(round, below)))
            .toList());
  }

  private static Measured measured(Map<Scenario, Measured> round, Scenario scenario) {
    Measured measured = round.get(scenario);
    if (measured == null) {
      throw new IllegalStateException(scenario + " was not measured");
    }
    return measured;
  }
}

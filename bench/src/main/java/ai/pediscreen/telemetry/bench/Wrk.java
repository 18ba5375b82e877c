package ai.pediscreen.telemetry.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Single events sent by wrk, in place of {@link LoadGenerator}: the same events, with ids that wrk
 * draws and timestamps in whole seconds. Duplicates and broken connections are not told apart.
 */
final class Wrk {

  private static final int EVENTS = 2_000;
  private static final String RESULT = "result ";

  /** Percentiles are asked for in steps of a tenth. */
  private static final String SCRIPT =
      """
      local events = {
      %s}
      local n, second, date = 0, 0, ""
      local threads = 0
      function setup(thread)
        threads = threads + 1
        thread:set("number", threads)
      end
      function init(args)
        math.randomseed(tonumber(args[1]) + number)
      end
      function request()
        n = n + 1
        if n %% 64 == 1 then date = os.date("!%%Y-%%m-%%dT%%H:%%M:%%S") end
        local event = events[n %% #events + 1]
        local id = string.format("%%08x-%%04x-4000-8000-%%04x%%08x", math.random(0, 4294967295),
          math.random(0, 65535), math.random(0, 65535), math.random(0, 4294967295))
        return wrk.format("POST", "/events", {["Content-Type"] = "application/json"},
          event[1] .. id .. event[2] .. date .. event[3])
      end
      function done(summary, latency)
        io.write("result ", summary.duration, " ", summary.requests, " ", summary.errors.status, " ",
          summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout)
        for i = 1, 999 do io.write(" ", math.floor(latency:percentile(i / 10))) end
        io.write("\\n")
      end
      """;

  private final Path program;
  private final Path script;
  private final SplittableRandom seeds = new SplittableRandom();

  /**
   * @param directory for the script
   * @throws IllegalArgumentException if there is no wrk in the path
   */
  Wrk(Path directory) {
    this.program =
        Programs.inPath("wrk")
            .orElseThrow(() -> new IllegalArgumentException("there is no wrk in the path"));
    try {
      this.script = Files.writeString(directory.resolve("events.lua"), script());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends for some time. */
  LoadResult run(int port, int connections, Duration time) {
    String output =
        Programs.output(
            List.of(
                program.toString(),
                "--threads=1",
                "--connections=" + connections,
                "--duration=" + time.toSeconds() + "s",
                "--script=" + script,
                "http://127.0.0.1:" + port,
                "--",
                Integer.toString(seeds.nextInt(1 << 20))),
            Map.of());
    List<Long> figures =
        output
            .lines()
            .filter(line -> line.startsWith(RESULT))
            .findFirst()
            .map(line -> List.of(line.substring(RESULT.length()).split(" ")))
            .orElseThrow(() -> new IllegalStateException("wrk said nothing:\n" + output))
            .stream()
            .map(Long::valueOf)
            .toList();
    int[] micros = figures.stream().skip(4).mapToInt(Long::intValue).toArray();
    long refused = figures.get(2);
    long accepted = figures.get(1) - refused;
    Map<Integer, Long> others =
        refused + figures.get(3) == 0 ? Map.of() : Map.of(0, refused, -1, figures.get(3));
    return new LoadResult(
        figures.get(0) / 1e6, accepted, accepted, Latencies.ofMicros(micros), accepted, 0, others);
  }

  /** Each event in three pieces, between which go its id and the second it happens in. */
  private static String script() {
    SampleEvents samples = new SampleEvents(0);
    StringBuilder events = new StringBuilder(EVENTS * 700);
    byte[] bytes = new byte[2_000];
    for (int number = 0; number < EVENTS; number++) {
      String event = new String(bytes, 0, samples.write(number, 0, bytes, 0), UTF_8);
      int id = event.indexOf("\":\"") + 3;
      String second = "1970-01-01T00:00:00";
      int timestamp = event.indexOf(second);
      events.append(
          "{'%s','%s','%s'},%n"
              .formatted(
                  event.substring(0, id),
                  event.substring(id + 36, timestamp),
                  event.substring(timestamp + second.length())));
    }
    return SCRIPT.formatted(events);
  }
}

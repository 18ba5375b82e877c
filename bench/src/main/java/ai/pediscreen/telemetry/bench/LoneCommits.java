package ai.pediscreen.telemetry.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many transactions a second PostgreSQL commits that insert one small row each, prepared: by
 * pgbench, or by threads of this JVM where there is no pgbench.
 */
final class LoneCommits {

  private static final String INSERT =
      "INSERT INTO bench.lone_commit (sent, note) VALUES (now(), 'one')";

  private final Postgres postgres;
  private final Path directory;
  private final @Nullable Path pgbench;

  /**
   * Makes the table, in a schema apart from the server's.
   *
   * @param directory for what pgbench reads and writes
   */
  LoneCommits(Postgres postgres, Path directory) {
    this.postgres = postgres;
    this.directory = directory;
    this.pgbench = findPgbench().orElse(null);
    postgres.execute("CREATE SCHEMA bench");
    postgres.execute(
        "CREATE TABLE bench.lone_commit (sent timestamptz NOT NULL, note text NOT NULL)");
  }

  /** By what commits are made. */
  String means() {
    return pgbench == null ? "JDBC (there is no pgbench)" : pgbench.toString();
  }

  /** Commits for some time; they count as events. */
  LoadResult run(int connections, Duration time) {
    try {
      return pgbench == null ? byJdbc(connections, time) : byPgbench(pgbench, connections, time);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private LoadResult byPgbench(Path program, int connections, Duration time) throws IOException {
    Path script = Files.writeString(directory.resolve("lone-commit.sql"), INSERT + ";\n");
    Path logs = Files.createTempDirectory(directory, "pgbench");
    int threads = Math.min(connections, Runtime.getRuntime().availableProcessors());
    String output =
        Programs.output(
            List.of(
                program.toString(),
                "--no-vacuum",
                "--protocol=prepared",
                "--client=" + connections,
                "--jobs=" + threads,
                "--time=" + time.toSeconds(),
                "--file=" + script,
                "--log",
                "--log-prefix=" + logs.resolve("log")),
            Map.of(
                "PGHOST", postgres.host(),
                "PGPORT", Integer.toString(postgres.port()),
                "PGUSER", postgres.user(),
                "PGPASSWORD", postgres.password(),
                "PGDATABASE", postgres.database()));
    return result(micros(logs), tps(output));
  }

  /** The third column of pgbench's log is each transaction's time in microseconds. */
  private static int[] micros(Path logs) throws IOException {
    try (Stream<Path> files = Files.list(logs)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("log"))
          .flatMap(LoneCommits::lines)
          .mapToInt(line -> Integer.parseInt(line.split(" ", 4)[2]))
          .toArray();
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.US_ASCII).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double tps(String output) {
    return output
        .lines()
        .filter(line -> line.startsWith("tps = "))
        .mapToDouble(line -> Double.parseDouble(line.split(" ", 4)[2]))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("pgbench said no tps:\n" + output));
  }

  private LoadResult byJdbc(int connections, Duration time) throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    try {
      Callable<int[]> client = () -> commits(time);
      List<int[]> all = new ArrayList<>();
      for (Future<int[]> done :
          threads.invokeAll(Stream.generate(() -> client).limit(connections).toList())) {
        all.add(done.get());
      }
      int[] micros = all.stream().flatMapToInt(Arrays::stream).toArray();
      return result(micros, micros.length / (time.toNanos() / 1e9));
    } catch (ExecutionException e) {
      throw new IllegalStateException("a commit failed", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private int[] commits(Duration time) throws SQLException {
    try (Connection connection = postgres.connect();
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      int[] micros = new int[1 << 20];
      int count = 0;
      long start = System.nanoTime();
      long now = start;
      while (now - start < time.toNanos() && count < micros.length) {
        insert.executeUpdate();
        long done = System.nanoTime();
        micros[count++] = (int) ((done - now) / 1_000);
        now = done;
      }
      return Arrays.copyOf(micros, count);
    }
  }

  private static LoadResult result(int[] micros, double perSecond) {
    return new LoadResult(
        micros.length / perSecond,
        micros.length,
        micros.length,
        Latencies.ofMicros(micros),
        micros.length,
        0,
        Map.of());
  }

  /** In the path, or where Debian's package puts it. */
  private static Optional<Path> findPgbench() {
    return Programs.inPath("pgbench")
        .or(
            () ->
                IntStream.iterate(30, version -> version >= 13, version -> version - 1)
                    .mapToObj(version -> Path.of("/usr/lib/postgresql/" + version + "/bin/pgbench"))
                    .filter(Files::isExecutable)
                    .findFirst());
  }
}

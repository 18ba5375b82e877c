package ai.pediscreen.telemetry.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * How many rows a second PostgreSQL takes into the server's own table {@code event} by COPY, 500 in
 * a transaction, over one connection. The rows are those that the server wrote before.
 */
final class CopyLoad {

  private static final int BATCH = 500;
  private static final int BATCHES = 20;

  private final Postgres postgres;
  private final String table;

  CopyLoad(Postgres postgres) {
    this.postgres = postgres;
    this.table = postgres.eventTable();
  }

  /** Copies for some time; rows count as events. */
  LoadResult run(Duration time) {
    try (Connection connection = postgres.connect()) {
      CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
      List<byte[]> batches = batches(copy);
      int[] micros = new int[1 << 16];
      int count = 0;
      long start = System.nanoTime();
      long now = start;
      while (now - start < time.toNanos() && count < micros.length) {
        var target = copy.copyIn("COPY " + table + " FROM STDIN");
        byte[] batch = batches.get(count % batches.size());
        target.writeToCopy(batch, 0, batch.length);
        target.endCopy();
        long done = System.nanoTime();
        micros[count++] = (int) ((done - now) / 1_000);
        now = done;
      }
      long rows = (long) count * BATCH;
      return new LoadResult(
          (now - start) / 1e9, count, rows, Latencies.ofMicros(micros, count), rows, 0, Map.of());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<byte[]> batches(CopyManager copy) throws SQLException, IOException {
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    copy.copyOut(
        "COPY (SELECT * FROM %s LIMIT %d) TO STDOUT".formatted(table, BATCH * BATCHES), rows);
    List<String> lines = rows.toString(UTF_8).lines().toList();
    if (lines.size() < BATCH) {
      throw new IllegalStateException("only " + lines.size() + " events are stored");
    }
    List<byte[]> batches = new ArrayList<>();
    for (int from = 0; from + BATCH <= lines.size(); from += BATCH) {
      String batch = String.join("\n", lines.subList(from, from + BATCH)) + "\n";
      batches.add(batch.getBytes(UTF_8));
    }
    return batches;
  }
}

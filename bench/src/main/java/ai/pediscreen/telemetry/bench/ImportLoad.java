package ai.pediscreen.telemetry.bench;

import ai.pediscreen.telemetry.postgres.PostgresSettings;
import ai.pediscreen.telemetry.postgres.PostgresTelemetry;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.privacy.PhiMode;
import ai.pediscreen.telemetry.server.http.ingest.EventIntake;
import ai.pediscreen.telemetry.server.takeover.EventImport;
import ai.pediscreen.telemetry.server.takeover.ImportFigures;
import ai.pediscreen.telemetry.server.takeover.RefusedFile;
import ai.pediscreen.telemetry.server.takeover.ReplacedService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;

/**
 * How many events a second {@code import} brings from the tables of the replaced service, which are
 * in the server's database. What the command does is done in this JVM, so that it is warm.
 */
final class ImportLoad implements AutoCloseable {

  /** More than are imported in a second, so that a run takes about as long as it is told. */
  private static final int ROWS_A_SECOND = 30_000;

  private static final int EVENT_BYTES = 1_024;

  /** As the replaced service makes it; what is written to it is JSON of events. */
  private static final String TABLES =
      """
      CREATE TABLE public.telemetry_events (
        id serial PRIMARY KEY, event_id varchar(64) NOT NULL UNIQUE,
        timestamp timestamptz NOT NULL, org_id varchar(128), app varchar(128), user_id varchar(128),
        case_id varchar(128), model_id varchar(256), adapter_id varchar(256), provider varchar(64),
        latency_ms integer, status_code integer, error_flag boolean, fallback_to varchar(256),
        raw_json json);
      CREATE TABLE public.sent (raw_json json)
      """;

  private static final String ROWS =
      """
      TRUNCATE public.telemetry_events;
      INSERT INTO public.telemetry_events (event_id, timestamp, org_id, app, user_id, case_id,
        model_id, adapter_id, provider, latency_ms, status_code, error_flag, fallback_to, raw_json)
      SELECT raw_json ->> 'event_id', CAST(raw_json ->> 'timestamp' AS timestamptz),
        raw_json ->> 'org_id', raw_json ->> 'app', raw_json ->> 'user_id', raw_json ->> 'case_id',
        raw_json -> 'model' ->> 'model_id', raw_json -> 'model' ->> 'adapter_id',
        raw_json -> 'model' ->> 'provider',
        CAST(raw_json -> 'response' ->> 'latency_ms' AS integer),
        CAST(raw_json -> 'response' ->> 'status_code' AS integer),
        raw_json -> 'response' ->> 'status_code' <> '200', raw_json -> 'response' ->> 'fallback_to',
        raw_json
      FROM public.sent;
      TRUNCATE public.sent;
      ANALYZE public.telemetry_events
      """;

  private final TestBed bed;
  private final Postgres postgres;
  private final PostgresTelemetry telemetry;
  private final SampleEvents samples = new SampleEvents(1);

  ImportLoad(TestBed bed) {
    this.bed = bed;
    this.postgres = bed.postgres();
    postgres.execute(TABLES);
    this.telemetry =
        PostgresTelemetry.open(
            PostgresSettings.of(postgres.jdbcUrl(), postgres.user(), postgres.password()),
            Duration.ofSeconds(30));
  }

  /** Imports as many events as take about so long; what is imported is not there before. */
  LoadResult run(Duration time) {
    int rows = (int) (ROWS_A_SECOND * time.toSeconds());
    fill(rows);
    IntStream.Builder micros = IntStream.builder();
    long start = System.nanoTime();
    long[] settled = {start};
    ImportFigures figures =
        imported(
            any -> {
              long now = System.nanoTime();
              micros.add((int) ((now - settled[0]) / 1_000));
              settled[0] = now;
            });
    if (figures.stored() != rows) {
      throw new IllegalStateException("not all was imported: " + figures);
    }
    Latencies batches = Latencies.ofMicros(micros.build().toArray());
    double seconds = (System.nanoTime() - start) / 1e9;
    return new LoadResult(seconds, rows, rows, batches, rows, 0, Map.of());
  }

  private ImportFigures imported(Consumer<ImportFigures> listener) {
    Path list = bed.directory().resolve("refused.ndjson");
    try (ReplacedService source =
            ReplacedService.connect(postgres.jdbcUrl(), postgres.user(), postgres.password());
        RefusedFile refused = RefusedFile.at(list)) {
      EventIntake intake = new EventIntake(new PhiGuard(PhiMode.REDACT, null));
      return new EventImport(telemetry.events(), intake, refused, listener).run(source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void fill(int rows) {
    long first = bed.reserve(rows);
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      var copy =
          connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY public.sent FROM STDIN");
      byte[] line = new byte[EVENT_BYTES];
      for (long number = first; number < first + rows; number++) {
        int end = samples.write(number, System.currentTimeMillis(), line, 0);
        line[end++] = '\n';
        copy.writeToCopy(line, 0, end);
      }
      copy.endCopy();
      statement.execute(ROWS);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    telemetry.close();
  }
}

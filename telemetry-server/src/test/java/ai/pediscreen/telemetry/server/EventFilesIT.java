package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.http.EventFilesContract;
import ai.pediscreen.telemetry.server.http.ServerUnderTest;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of events over PostgreSQL, and from a process whose heap is smaller than the file. */
class EventFilesIT extends EventFilesContract {

  private static final int EVENTS = 1_800;
  private static final int EVENT_BYTES = 60_000;

  @Override
  protected ServerUnderTest startServer() {
    return PostgresServer.start();
  }

  @Test
  void files_canBeLargerThanTheHeap_andTheCommandWritesTheSame(@TempDir Path directory)
      throws Exception {
    long bytes;
    try (ServerProcess small =
        ServerProcess.start(
            directory,
            Map.of("_JAVA_OPTIONS", "-Xmx48m", "RETENTION_DAYS", "10", "PHI", "off"),
            ServerProcess.freePort())) {
      for (int first = 0; first < EVENTS; first += 10) {
        String batch = batch(first);
        // So small a server may be too busy; it is asked again, as senders do.
        Waiting.until(
            "events are stored",
            Duration.ofMinutes(1),
            () -> Http.postJson(small.uri("/events"), batch).statusCode() == 202);
      }
      // Two at once, so that they cannot both be held either.
      CompletableFuture<Long> other =
          CompletableFuture.supplyAsync(() -> read(small.uri("/events.ndjson")));
      bytes = read(small.uri("/events.ndjson"));

      assertThat(bytes).isGreaterThan(2L * 48 * 1_024 * 1_024).isEqualTo(other.join());
      assertThat(small.stop(Duration.ofSeconds(30))).isEqualTo(143);
    }

    Path file = directory.resolve("events.ndjson");
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    ServerProcess command =
        ServerProcess.launch(
            directory,
            Map.of("RETENTION_DAYS", "10"),
            0,
            "events",
            "--from",
            today.minusDays(1).toString(),
            "--to",
            today.toString(),
            "--format",
            "ndjson",
            "--out",
            file.toString());
    assertThat(command.exitCode(Duration.ofSeconds(60))).as(command.output()).isZero();
    assertThat(command.output()).contains(" events");
    assertThat(Files.size(file)).isEqualTo(bytes);
    assertThat(Files.readAllLines(file).size()).isEqualTo(EVENTS);
  }

  private static String batch(int first) {
    StringBuilder array = new StringBuilder("[");
    IntStream.range(first, first + 10)
        .forEach(i -> array.append(i == first ? "" : ",").append(event(i)));
    return array.append(']').toString();
  }

  private static ObjectNode event(int i) {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("event_id", "e-" + i).put("timestamp", Instant.now().toString());
    event.putObject("response").put("status_code", 200);
    // Hexadecimal digits that do not repeat, so that no compression makes them few.
    StringBuilder text = new StringBuilder(EVENT_BYTES);
    for (long x = i; text.length() < EVENT_BYTES; x++) {
      text.append(Long.toHexString(x * 0x9E3779B97F4A7C15L));
    }
    return event.put("own", text.toString());
  }

  /** How long the answer is; one that is broken off fails. */
  private static long read(URI uri) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(uri.toURL().openStream(), StandardCharsets.UTF_8))) {
      long bytes = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        bytes += line.length() + 1;
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package ai.pediscreen.telemetry.server.takeover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.memory.InMemoryTelemetry;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.http.Gzip;
import ai.pediscreen.telemetry.server.http.ingest.EventIntake;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventImportTest {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

  private final InMemoryTelemetry telemetry = new InMemoryTelemetry(InstantSource.fixed(NOW));

  @TempDir private Path directory;

  @Test
  void events_areStoredByTheRules_orListedAsRefused() throws Exception {
    String ndjson =
        """
        {"event_id":"a","timestamp":"2026-03-10T11:00:00Z","org_id":"o","extra":{"kept":1}}

        {"event_id":"a","timestamp":"2026-03-10T11:00:00Z","org_id":"o"}
        {"event_id":"b","timestamp":"2026-03-10T11:00:00Z","response":{"latency_ms":-1}}
        {"event_id":"mail@example.org","timestamp":"2026-03-10T11:00:00Z"}
        {"event_id":"c"
        {"event_id":"d","timestamp":"2026-03-10T11:00:00Z","user_id":"ada@example.org"}\
        """;

    ImportFigures figures = run(telemetry, NdjsonFiles.of(stream(ndjson)));

    assertThat(figures).isEqualTo(new ImportFigures(6, 2, 1, 3));
    assertThat(requests()).isEqualTo(2);
    assertThat(refused())
        .hasSize(3)
        .contains(
            "{\"place\":\"standard input line 4\",\"event_id\":\"b\",\"reasons\":["
                + "{\"field\":\"response.latency_ms\","
                + "\"message\":\"must be a number between 0 and 86400000\"}]}")
        .anyMatch(line -> line.contains("line 5\",\"event_id\":null"))
        .anyMatch(line -> line.contains("line 6\"") && line.contains("one valid JSON document"))
        .noneMatch(line -> line.contains("mail@"));
    assertThat(run(telemetry, NdjsonFiles.of(stream(ndjson))))
        .isEqualTo(new ImportFigures(6, 0, 3, 3));
    assertThat(requests()).isEqualTo(2);
  }

  @Test
  void dryRun_storesNothing_andFindsTheSameFaults() throws Exception {
    assertThat(run(null, NdjsonFiles.of(stream(lines(0, 5) + "[]\n"))))
        .isEqualTo(new ImportFigures(6, 5, 0, 1));
    assertThat(requests()).isZero();
    assertThat(refused()).singleElement().asString().contains("must be an object");
    assertThat(run(null, NdjsonFiles.of(stream(lines(0, 5)))).refused()).isZero();
    assertThat(directory.resolve("refused.ndjson")).as("of the run before").doesNotExist();
  }

  @Test
  void folder_isReadInOrderOfNames_ndjsonFilesOnly() throws Exception {
    Files.write(directory.resolve("1.ndjson.gz"), Gzip.of(lines(0, 3_000)));
    Files.createDirectories(directory.resolve("below"));
    Files.writeString(directory.resolve("below/2.ndjson"), lines(3_000, 5_000));
    Files.writeString(directory.resolve("readme.txt"), "not an event");

    try (NdjsonFiles files = NdjsonFiles.at(directory)) {
      assertThat(run(telemetry, files)).isEqualTo(new ImportFigures(5_000, 5_000, 0, 0));
      assertThat(files.done()).isEqualTo(files.total());
    }
    assertThatThrownBy(() -> NdjsonFiles.at(directory.resolve("none.ndjson")))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> NdjsonFiles.at(Files.createDirectory(directory.resolve("empty"))))
        .hasMessageContaining(".ndjson");
  }

  @Test
  void tooLongLine_isRefusedAlone() throws Exception {
    String tooLong =
        "{\"event_id\":\"long\",\"timestamp\":0,\"x\":\"%s\"}\n"
            .formatted("x".repeat(EventIntake.MAX_EVENT_BYTES));

    assertThat(run(telemetry, NdjsonFiles.of(stream(tooLong + lines(0, 1)))))
        .isEqualTo(new ImportFigures(2, 1, 0, 1));
    assertThat(refused()).singleElement().asString().contains("at most 262144 bytes");
  }

  @Test
  void truncatedFile_isAnError_andEventsBeforeItAreStoredOnce() throws Exception {
    byte[] gzip = Gzip.of(lines(0, 9_000));
    byte[] cut = Arrays.copyOf(gzip, gzip.length * 2 / 3);

    assertThatThrownBy(() -> run(telemetry, NdjsonFiles.of(new ByteArrayInputStream(cut))))
        .isInstanceOf(IOException.class)
        .hasMessage("standard input cannot be read on after line " + (requests() + 1));
    assertThat(requests()).isPositive();
    assertThat(run(telemetry, NdjsonFiles.of(new ByteArrayInputStream(gzip))).read())
        .isEqualTo(9_000);
    assertThat(requests()).isEqualTo(9_000);
  }

  @Test
  void failingStore_endsTheImport_andTheNextRunContinues() throws Exception {
    List<Integer> calls = new ArrayList<>();
    EventStore failing =
        new EventStore() {
          @Override
          public synchronized List<Receipt> append(List<ScopedEvent> events) {
            calls.add(events.size());
            if (calls.size() == 3) {
              throw new StoreUnavailableException("away");
            }
            return telemetry.append(events);
          }
        };
    String all = lines(0, 9_000);

    assertThatThrownBy(() -> run(failing, NdjsonFiles.of(stream(all))))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(calls).isNotEmpty();
    assertThat(requests()).isLessThan(9_000);
    ImportFigures rest = run(telemetry, NdjsonFiles.of(stream(all)));
    assertThat(rest.stored() + rest.known()).isEqualTo(9_000);
    assertThat(requests()).isEqualTo(9_000);
  }

  @Test
  void eventTheStoreRefuses_isListed() throws Exception {
    EventStore refusing =
        new EventStore() {
          @Override
          public List<Receipt> append(List<ScopedEvent> events) {
            return events.stream()
                .map(
                    event ->
                        event.event().eventId().equals("e1")
                            ? Receipt.refused("the database cannot hold it")
                            : Receipt.accepted())
                .toList();
          }
        };

    assertThat(run(refusing, NdjsonFiles.of(stream(lines(0, 3)))))
        .isEqualTo(new ImportFigures(3, 2, 0, 1));
    assertThat(refused()).singleElement().asString().contains("line 2", "cannot hold it");
  }

  @Test
  void otherFile_isNotOverwrittenByRefusedEvents() throws Exception {
    Path events = Files.writeString(directory.resolve("events.ndjson"), lines(0, 3));
    for (Path other : List.of(events, directory)) {
      assertThatThrownBy(() -> RefusedFile.at(other))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("--refused");
    }
    assertThat(events).hasContent(lines(0, 3));
  }

  @Test
  void unparsableNumber_isRefusedAlone() throws Exception {
    String poison =
        "{\"event_id\":\"x\",\"timestamp\":\"2026-03-10T11:00:00Z\",\"x\":1e99999999999999}\n";

    assertThat(run(telemetry, NdjsonFiles.of(stream(lines(0, 1) + poison + lines(1, 2)))))
        .isEqualTo(new ImportFigures(3, 2, 0, 1));
    assertThat(refused()).singleElement().asString().contains("line 2");

    // Nothing is refused any more.
    assertThat(run(telemetry, NdjsonFiles.of(stream(lines(0, 1)))))
        .isEqualTo(new ImportFigures(1, 0, 1, 0));
    assertThat(directory.resolve("refused.ndjson")).doesNotExist();
  }

  private ImportFigures run(@Nullable EventStore store, EventSource source) throws Exception {
    EventIntake intake = new EventIntake(PhiGuard.redacting());
    try (RefusedFile refused = RefusedFile.at(directory.resolve("refused.ndjson"))) {
      return new EventImport(store, intake, refused, figures -> {}).run(source);
    }
  }

  private List<String> refused() throws IOException {
    return Files.readAllLines(directory.resolve("refused.ndjson"));
  }

  private long requests() {
    return telemetry
        .overview(new UsageFilter(OrgFilter.all(), null, TimeWindow.last(UsageRange.WEEK, NOW)))
        .requests();
  }

  private static String lines(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(
            i -> "{\"event_id\":\"e%d\",\"timestamp\":\"2026-03-10T11:00:00Z\"}\n".formatted(i))
        .collect(Collectors.joining());
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}

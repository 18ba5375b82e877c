package ai.pediscreen.telemetry.server.http.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.http.Poison;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.protocol.ProblemException;
import ai.pediscreen.telemetry.server.http.protocol.RefusedEventException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

final class EventDocumentsTest {

  private static final String EVENT =
      "{\"event_id\":\"e-%d\",\"timestamp\":\"2026-03-10T12:00:00Z\",\"note\":\"a \\\"[{\\\\\","
          + "\"request\":{\"list\":[1,{\"x\":\"]}\"},[\"\\u00e4\",\"\u00e4\ud83d\ude00\"]]}}";

  private final EventDecoder decoder = new EventDecoder(PhiGuard.redacting());

  @Test
  void elements_areFound_withoutTheSpaceAroundThem() {
    assertThat(elements("[]")).isEmpty();
    assertThat(elements("[ \n\t\r]")).isEmpty();
    assertThat(elements("[1]")).containsExactly("1");
    assertThat(elements("[ 1 ,\n {\"a\":[1,2]} ,\"x,]\\\"\" ]"))
        .containsExactly("1", "{\"a\":[1,2]}", "\"x,]\\\"\"");
  }

  @Test
  void missingElement_isEmpty_andKeepsTheIndexes() {
    assertThat(elements("[1,,2]")).containsExactly("1", "", "2");
    assertThat(elements("[1,]")).containsExactly("1", "");
    assertThat(elements("[,]")).containsExactly("", "");
  }

  @Test
  void wrongBracket_staysInsideItsElement() {
    assertThat(elements("[{}}, {}]")).containsExactly("{}}", "{}");
    assertThat(elements("[{\"a\":[1}}, {}]")).containsExactly("{\"a\":[1}}", "{}");
  }

  @Test
  void brokenArray_isRefused() {
    for (String body :
        List.of("[", "[1", "[1,", "[\"]", "[\"\\\"]", "[{]", "[1]1", "[1]]", "[]x")) {
      assertThatThrownBy(() -> elements(body))
          .as(body)
          .isInstanceOfSatisfying(
              ProblemException.class,
              e -> assertThat(e.problem().errorCode()).isEqualTo("INVALID_JSON"));
    }
  }

  @Test
  void lines_areFound_andBlankOnesAreNone() {
    assertThat(lines("")).isEmpty();
    assertThat(lines("\n \r\n")).isEmpty();
    assertThat(lines("1\n\n 2 \r\n3")).containsExactly("1", "2", "3");
    assertThat(lines("\uFEFF1\n")).containsExactly("1");
  }

  @Test
  void deepNesting_isSplitFast() {
    String deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);

    assertThat(elements("[" + deep + ",1]")).hasSize(2);
  }

  @Test
  void mutationInsideOneElement_neverAffectsAnother() {
    Random random = seeded();
    int refusedWhole = 0;
    for (int round = 0; round < 20_000; round++) {
      int size = 1 + random.nextInt(5);
      int mutated = random.nextInt(size);
      List<byte[]> documents = documents(size);
      documents.set(mutated, mutate(documents.get(mutated), random));
      byte[] body = Poison.array(documents);

      boolean closed = isOneElement(documents.get(mutated));
      Optional<List<EventDocuments.Span>> spans =
          Assertions.assertTimeout(Duration.ofSeconds(5), () -> spans(body));

      if (closed) {
        assertThat(spans).as(text(body)).isPresent();
        assertNeighboursAreThere(body, spans.orElseThrow(), mutated, size);
      } else if (spans.isEmpty()) {
        refusedWhole++;
      }
    }
    // The test would show little if hardly any mutation were either kind.
    assertThat(refusedWhole).isBetween(500, 15_000);
  }

  @Test
  void mutationOfLines_affectsOnlyThoseLines() {
    Random random = seeded();
    for (int round = 0; round < 5_000; round++) {
      int size = 1 + random.nextInt(5);
      int mutated = random.nextInt(size);
      List<byte[]> documents = documents(size);
      documents.set(mutated, mutate(documents.get(mutated), random));
      byte[] body = Poison.lines(documents);

      List<EventDocuments.Span> lines =
          EventDocuments.ofLines(body, EventDocuments.trimmed(body, body.length));
      List<String> ids = decodedIds(body, lines);

      for (int i = 0; i < size; i++) {
        if (i != mutated) {
          assertThat(ids).as(text(body)).contains("e-" + i);
        }
      }
    }
  }

  @Test
  void anyBytes_areSplitOrRefused() {
    Random random = seeded();
    for (int round = 0; round < 20_000; round++) {
      byte[] body = Poison.array(documents(1 + random.nextInt(3)));
      for (int i = random.nextInt(20); i >= 0; i--) {
        body = mutate(body, random);
      }
      byte[] mutated = body;
      Assertions.assertTimeout(
          Duration.ofSeconds(5),
          () -> spans(mutated).ifPresent(spans -> decodedIds(mutated, spans)));
    }
  }

  private void assertNeighboursAreThere(
      byte[] body, List<EventDocuments.Span> spans, int mutated, int size) {
    assertThat(spans).as(text(body)).hasSize(size);
    for (int i = 0; i < size; i++) {
      if (i != mutated) {
        assertThat(decoder.decode(Caller.ANYBODY, body, spans.get(i)).event().eventId())
            .isEqualTo("e-" + i);
      }
    }
  }

  private List<String> decodedIds(byte[] body, List<EventDocuments.Span> spans) {
    List<String> ids = new ArrayList<>();
    for (EventDocuments.Span span : spans) {
      try {
        TelemetryEvent event = decoder.decode(Caller.ANYBODY, body, span).event();
        ids.add(event.eventId());
      } catch (RefusedEventException e) {
        assertThat(e.description()).isNotBlank();
      }
    }
    return ids;
  }

  private static boolean isOneElement(byte[] document) {
    return spans(Poison.array(List.of(document))).filter(spans -> spans.size() == 1).isPresent();
  }

  /** Empty if the array is refused whole; any other exception fails the test. */
  private static Optional<List<EventDocuments.Span>> spans(byte[] body) {
    EventDocuments.Span whole = EventDocuments.trimmed(body, body.length);
    if (!EventDocuments.isArray(body, whole)) {
      return Optional.empty();
    }
    try {
      return Optional.of(EventDocuments.ofArray(body, whole));
    } catch (ProblemException e) {
      assertThat(e.problem().status()).isEqualTo(400);
      return Optional.empty();
    }
  }

  private static byte[] mutate(byte[] bytes, Random random) {
    byte[] structural = "\"\\{}[],:\n 0eN".getBytes(StandardCharsets.UTF_8);
    int at = random.nextInt(bytes.length + 1);
    byte with =
        random.nextBoolean()
            ? structural[random.nextInt(structural.length)]
            : (byte) random.nextInt(256);
    int removed = Math.min(random.nextInt(3), bytes.length - at);
    int inserted = random.nextInt(3);
    byte[] mutated = Arrays.copyOf(bytes, bytes.length - removed + inserted);
    Arrays.fill(mutated, at, at + inserted, with);
    System.arraycopy(bytes, at + removed, mutated, at + inserted, bytes.length - at - removed);
    return mutated;
  }

  private static List<byte[]> documents(int size) {
    List<byte[]> documents = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      documents.add(EVENT.formatted(i).getBytes(StandardCharsets.UTF_8));
    }
    return documents;
  }

  private static List<String> elements(String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    return texts(body, EventDocuments.ofArray(body, EventDocuments.trimmed(body, body.length)));
  }

  private static List<String> lines(String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    return texts(body, EventDocuments.ofLines(body, EventDocuments.trimmed(body, body.length)));
  }

  private static List<String> texts(byte[] body, List<EventDocuments.Span> spans) {
    return spans.stream()
        .map(span -> new String(body, span.from(), span.length(), StandardCharsets.UTF_8))
        .collect(Collectors.toList());
  }

  private static String text(byte[] body) {
    return new String(body, StandardCharsets.ISO_8859_1);
  }

  private static Random seeded() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("EventDocumentsTest: -Dseed=" + seed);
    return new Random(seed);
  }
}

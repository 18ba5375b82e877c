package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the contract's section "POST /events" says of limits. The names of tests quote it. */
public abstract class IngestLimitsContract extends HttpContract {

  @Test
  @DisplayName("Limits: 10 000 events")
  void tenThousandEvents_areTaken_andOneMoreIsTooMany() {
    String most = events(10_000);

    Answer answer = post("[" + most + "]");
    Answer tooMany = post("[" + most + ",{}]");
    Answer tooManyLines = post("{}\n".repeat(10_001), "Content-Type", "application/x-ndjson");

    assertThat(answer.json().path("accepted").intValue()).isEqualTo(10_000);
    for (Answer refused : List.of(tooMany, tooManyLines)) {
      assertThat(refused.status()).isEqualTo(413);
      assertThat(refused.json().path("error_code").textValue()).isEqualTo("TOO_MANY_EVENTS");
    }
    assertThat(totalRequests()).isEqualTo(10_000);
  }

  @Test
  @DisplayName("Limits: 16 MiB after inflation")
  void sixteenMebibytes_areTaken_andOneByteMoreIsTooLarge() {
    String event = event("e-1").toString();
    byte[] largest =
        ("[" + event + " ".repeat(16 * 1024 * 1024 - event.length() - 2) + "]")
            .getBytes(StandardCharsets.UTF_8);
    byte[] tooLarge = Arrays.copyOf(largest, largest.length + 1);
    tooLarge[largest.length] = ' ';

    assertThat(post(largest).status()).isEqualTo(202);
    assertThat(post(Gzip.of(largest), "Content-Encoding", "gzip").status()).isEqualTo(202);
    assertBodyTooLarge(post(tooLarge));
    assertBodyTooLarge(post(Gzip.of(tooLarge), "Content-Encoding", "gzip"));
    assertBodyTooLarge(
        send(
            "POST",
            "/events",
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooLarge))));
  }

  @Test
  @DisplayName("Limits: 16 MiB after inflation: a bomb is not inflated any further")
  void aGzipBomb_isRefusedWithoutBeingInflated() {
    // A gigabyte of blanks in a megabyte; the heap of this test would not hold what comes of it.
    byte[] bomb = Gzip.blanks(1024L * 1024 * 1024);

    assertBodyTooLarge(post(bomb, "Content-Encoding", "gzip"));
    assertThat(post(event("e-1").toString()).status()).isEqualTo(202);
  }

  @Test
  @DisplayName("an event over 256 KiB [is] refused")
  void anEventOver256KiB_isTooLarge_andCostsItsNeighboursNothing() {
    ObjectNode event = event("e-1").put("note", "");
    String fits = event.put("note", "x".repeat(256 * 1024 - event.toString().length())).toString();
    String tooLarge = event.put("note", event.path("note").textValue() + "x").toString();

    assertThat(fits).hasSize(256 * 1024);
    assertThat(post(fits).status()).isEqualTo(202);
    assertProblem(post(tooLarge), 413, "EVENT_TOO_LARGE");
    Answer batch = post("[" + event("e-2") + "," + tooLarge + "," + event("e-3") + "]");
    assertThat(batch.status()).isEqualTo(207);
    assertThat(batch.json().path("accepted").intValue()).isEqualTo(2);
    assertThat(batch.json().path("errors").get(0))
        .isEqualTo(
            json(
                "{'index':1,'event_id':null,'error_code':'EVENT_TOO_LARGE','field':null,"
                    + "'message':'must be at most 262144 bytes long'}"));
  }

  private static String events(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> event("e-" + i).toString())
        .collect(Collectors.joining(","));
  }

  private static void assertBodyTooLarge(Answer answer) {
    assertProblem(answer, 413, "BODY_TOO_LARGE");
  }

  private static void assertProblem(Answer answer, int status, String errorCode) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).contains("application/problem+json");
    assertThat(answer.json().path("error_code").textValue()).isEqualTo(errorCode);
  }
}

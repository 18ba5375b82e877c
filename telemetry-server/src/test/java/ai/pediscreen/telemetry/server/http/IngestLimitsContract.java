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
  void tenThousandEvents_areAccepted_andOneMoreIsTooMany() {
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
  void sixteenMebibytes_areAccepted_andOneByteMoreIsTooLarge() {
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
  void gzipBomb_isRefusedWithoutBeingInflated() {
    // A gigabyte of blanks in a megabyte; the heap of this test would not hold what comes of it.
    byte[] bomb = Gzip.blanks(1024L * 1024 * 1024);

    assertBodyTooLarge(post(bomb, "Content-Encoding", "gzip"));
    assertThat(post(event("e-1").toString()).status()).isEqualTo(202);
  }

  @Test
  @DisplayName("`errors` names the first 100 faults; beyond them `rejected_indexes`")
  void aBatchOfFaults_hasASmallAnswer() {
    byte[] faults = Gzip.of("[" + "{},".repeat(9_998) + event("e-1") + ",1]");

    Answer answer = post(faults, "Content-Encoding", "gzip");

    assertThat(answer.status()).isEqualTo(207);
    assertThat(answer.text()).hasSizeLessThan(30_000);
    assertThat(answer.json().path("accepted").intValue()).isEqualTo(1);
    assertThat(answer.json().path("rejected").intValue()).isEqualTo(9_999);
    assertThat(answer.json().path("errors")).hasSize(100);
    assertThat(answer.json().path("rejected_indexes").textValue()).isEqualTo("0-9997,9999");
  }

  @Test
  @DisplayName("Nothing is dropped without a word: a damaged gzip member")
  void damagedOrTruncatedGzipMember_isABadRequest_andNothingIsStored() {
    String[] lines = new String[4];
    for (int i = 0; i < 4; i++) {
      lines[i] = event("e-" + i) + "\n";
    }
    byte[] damaged = Gzip.members(lines);
    damaged[Gzip.members(lines[0], lines[1]).length - 8] ^= 1;
    byte[] cut = Arrays.copyOf(Gzip.members(lines), Gzip.members(lines).length - 30);

    for (byte[] body : List.of(damaged, cut)) {
      Answer answer =
          post(body, "Content-Encoding", "gzip", "Content-Type", "application/x-ndjson");
      assertProblem(answer, 400, "INVALID_BODY");
    }
    assertThat(totalRequests()).isZero();
    assertThat(
            post(
                    Gzip.members(lines),
                    "Content-Encoding",
                    "gzip",
                    "Content-Type",
                    "application/x-ndjson")
                .json()
                .path("accepted")
                .intValue())
        .isEqualTo(4);
  }

  @Test
  @DisplayName("Everything within the limits can be stored")
  void manyEventsThatGrowWhenDecoded_areStored() {
    String request = "{\"a\":[" + "{},".repeat(500) + "{}]}";
    String batch =
        IntStream.range(0, 3_000)
            .mapToObj(
                i ->
                    "{\"event_id\":\"e-%d\",\"timestamp\":\"%s\",\"request\":%s}"
                        .formatted(i, NOW, request))
            .collect(Collectors.joining(","));

    // A busy machine may need longer than the server lets a sender wait: what is stored then stays.
    Answer answer = post(Gzip.of("[" + batch + "]"), "Content-Encoding", "gzip");
    for (int resent = 0; answer.status() == 503 && resent < 5; resent++) {
      answer = post(Gzip.of("[" + batch + "]"), "Content-Encoding", "gzip");
    }

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json().path("rejected").intValue()).isZero();
    assertThat(totalRequests()).isEqualTo(3_000);
  }

  @Test
  @DisplayName("an event over 256 KiB [is] refused")
  void eventOver256KiB_isTooLarge_andDoesNotAffectItsNeighbours() {
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

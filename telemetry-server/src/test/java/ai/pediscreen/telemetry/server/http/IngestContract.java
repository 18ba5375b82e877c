package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract's section "POST /events", line by line. The names of tests quote it. */
public abstract class IngestContract extends HttpContract {

  @Test
  @DisplayName("Without keys, a page of another site cannot write through a browser")
  void eventOfAForeignOrigin_isRefused_ofTheOwnOriginAccepted() {
    String own = "http://127.0.0.1:" + server.uri().getPort();
    for (String origin : new String[] {"https://evil.example", "null", own + "1"}) {
      Answer refused = post(event("e").toString(), "Origin", origin);
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.json().path("error_code").textValue()).isEqualTo("FORBIDDEN_ORIGIN");
    }
    assertThat(totalRequests()).isZero();
    assertThat(post(event("e").toString(), "Origin", own).status()).isEqualTo(202);
  }

  @Test
  @DisplayName("Body: one event. 202 {\"status\":\"accepted\",\"event_id\":\"…\"}")
  void oneEvent_isAccepted() {
    Answer answer = post(event("e-1").toString(), "Content-Type", "application/json");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.header("Content-Type")).contains("application/json");
    assertThat(answer.json()).isEqualTo(json("{'status':'accepted','event_id':'e-1'}"));
    assertThat(totalRequests()).isEqualTo(1);
  }

  @Test
  @DisplayName("\"status\":\"duplicate\" when it was already there")
  void oneEvent_sentAgain_isADuplicate() {
    post(event("e-1").toString());

    Answer answer = post(event("e-1").put("region", "elsewhere").toString());

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json()).isEqualTo(json("{'status':'duplicate','event_id':'e-1'}"));
    assertThat(totalRequests()).isEqualTo(1);
  }

  @Test
  @DisplayName("An event is identified by (org_id, event_id)")
  void theSameId_ofAnotherOrganisation_isAnotherEvent() {
    post(event("e-1").put("org_id", "a").toString());

    assertThat(post(event("e-1").put("org_id", "b").toString()).json().path("status").textValue())
        .isEqualTo("accepted");
    assertThat(totalRequests()).isEqualTo(2);
  }

  @Test
  @DisplayName("Body: a JSON array. Batch: 202 when nothing was refused")
  void anArray_isABatch() {
    post(event("e-2").toString());

    Answer answer = post("[" + event("e-1") + " ,\n\t" + event("e-2") + "," + event("e-1") + "] ");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json())
        .isEqualTo(
            json("{'status':'accepted','accepted':1,'duplicates':2,'rejected':0,'errors':[]}"));
    assertThat(totalRequests()).isEqualTo(2);
  }

  @Test
  @DisplayName("Body: NDJSON (`application/x-ndjson`)")
  void ndjson_isABatch_andBlankLinesAreIgnored() {
    String body = "\uFEFF" + event("e-1") + "\r\n\n  \t\r\n" + event("e-2") + "\n" + event("e-3");

    Answer answer = post(body, "Content-Type", "application/x-ndjson; charset=UTF-8");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json().path("accepted").intValue()).isEqualTo(3);
    assertThat(totalRequests()).isEqualTo(3);
  }

  @Test
  @DisplayName("Body: NDJSON, one line")
  void singleNdjsonLine_isABatchOfOne() {
    Answer answer = post(event("e-1").toString(), "Content-Type", "application/x-ndjson");

    assertThat(answer.json().path("accepted").intValue()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "GZIP", "x-gzip"})
  @DisplayName("`Content-Encoding: gzip` accepted")
  void gzip_isAccepted(String encoding) {
    byte[] body = Gzip.of("[" + event("e-1") + "," + event("e-2") + "]");

    Answer answer = post(body, "Content-Encoding", encoding);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(totalRequests()).isEqualTo(2);
  }

  @Test
  @DisplayName("`Content-Encoding: gzip` accepted: of several members too")
  void gzip_ofSeveralMembers_isOneBody() {
    byte[] body = Gzip.members("[" + event("e-1") + ",", event("e-2") + "]");

    assertThat(post(body, "Content-Encoding", "gzip").json().path("accepted").intValue())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "deflate", "gzip, gzip", "zstd"})
  @DisplayName("415: another Content-Encoding")
  void anotherEncoding_isUnsupported(String encoding) {
    Answer answer = post(event("e-1").toString(), "Content-Encoding", encoding);

    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.json().path("error_code").textValue())
        .isEqualTo("UNSUPPORTED_CONTENT_ENCODING");
    assertThat(answer.header("Accept-Encoding")).contains("gzip");
  }

  @Test
  void invalidGzip_isABadRequest() {
    byte[] whole = Gzip.of(event("e-1").toString());
    byte[] half = Arrays.copyOf(whole, whole.length / 2);

    for (byte[] body : List.of(half, "{}".getBytes(StandardCharsets.UTF_8), new byte[0])) {
      Answer answer = post(body, "Content-Encoding", "gzip");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.json().path("error_code").textValue()).isEqualTo("INVALID_BODY");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\";x=y",
        "application/cloudevents+json",
        "APPLICATION/Vnd.PediScreen.v1+JSON"
      })
  @DisplayName("Any `application/*json` type is JSON")
  void anyJsonContentType_isAccepted(String type) {
    assertThat(post(event("e-1").toString(), "Content-Type", type).status()).isEqualTo(202);
  }

  @Test
  void bodyWithoutAContentType_isTakenAsJson() {
    assertThat(post(event("e-1").toString()).status()).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "text/json",
        "application/xml",
        "application/jsonx",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=iso-8859-1",
        "json"
      })
  @DisplayName("another type gets 415")
  void anotherType_isUnsupported(String type) {
    Answer answer = post(event("e-1").toString(), "Content-Type", type);

    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.json().path("error_code").textValue()).isEqualTo("UNSUPPORTED_MEDIA_TYPE");
    assertThat(totalRequests()).isZero();
  }

  @Test
  @DisplayName(
      "207 when some were [refused]: {\"status\":\"…partial…\",\"accepted\":n,\"duplicates\":n,"
          + "\"rejected\":n,\"errors\":[{\"index\":3,\"event_id\":\"…\",\"error_code\":"
          + "\"INVALID_FIELD\",\"field\":\"response.latency_ms\",\"message\":\"…\"}]}")
  void batchWithSomeRefused_isPartial() {
    ObjectNode slow = event("e-4");
    slow.withObject("/response").put("latency_ms", -1).put("status_code", "ok");

    Answer answer =
        post("[" + event("e-1") + "," + event("e-2") + "," + event("e-1") + "," + slow + "]");

    assertThat(answer.status()).isEqualTo(207);
    assertThat(answer.header("Content-Type")).contains("application/json");
    assertThat(answer.json())
        .isEqualTo(
            json(
                "{'status':'partial','accepted':2,'duplicates':1,'rejected':1,'errors':["
                    + "{'index':3,'event_id':'e-4','error_code':'INVALID_FIELD',"
                    + "'field':'response.latency_ms',"
                    + "'message':'must be a number between 0 and 86400000'},"
                    + "{'index':3,'event_id':'e-4','error_code':'INVALID_FIELD',"
                    + "'field':'response.status_code',"
                    + "'message':'must be an integer between 0 and 999'}]}"));
    assertThat(totalRequests()).isEqualTo(2);
  }

  @Test
  @DisplayName("422 when all were [refused]")
  void batchWithAllRefused_isRejected() {
    Answer answer = post("[{}, 7]");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json())
        .isEqualTo(
            json(
                "{'status':'rejected','accepted':0,'duplicates':0,'rejected':2,'errors':["
                    + "{'index':0,'event_id':null,'error_code':'INVALID_FIELD',"
                    + "'field':'event_id','message':'is required'},"
                    + "{'index':0,'event_id':null,'error_code':'INVALID_FIELD',"
                    + "'field':'timestamp','message':'is required'},"
                    + "{'index':1,'event_id':null,'error_code':'INVALID_FIELD',"
                    + "'field':'event','message':'must be an object'}]}"));
  }

  @Test
  void anEmptyBatch_isAcceptedWithNothing() {
    JsonNode nothing =
        json("{'status':'accepted','accepted':0,'duplicates':0,'rejected':0,'errors':[]}");

    assertThat(post(" [ ] ").json()).isEqualTo(nothing);
    assertThat(post("[]").status()).isEqualTo(202);
    assertThat(post("\n\n", "Content-Type", "application/x-ndjson").json()).isEqualTo(nothing);
  }

  @Test
  @DisplayName("A refused event never costs its neighbours: a poison event in each position")
  void poisonEvent_inAnyPosition_losesNothingElse() {
    List<Poison> poisons = Poison.all();
    int size = 5;
    int sent = 0;
    for (Poison poison : poisons) {
      for (int position = 0; position < size; position++) {
        List<byte[]> documents = new ArrayList<>();
        for (int i = 0; i < size; i++) {
          documents.add(
              i == position
                  ? poison.document()
                  : event("e-" + sent++).toString().getBytes(StandardCharsets.UTF_8));
        }
        boolean lines = poison.fitsOneLine() && position % 2 == 0;

        Answer answer =
            lines
                ? post(Poison.lines(documents), "Content-Type", "application/x-ndjson")
                : post(Poison.array(documents));

        assertThat(answer.status()).as("%s at %d: %s", poison, position, answer).isEqualTo(207);
        assertThat(answer.json().path("accepted").intValue()).isEqualTo(size - 1);
        JsonNode error = answer.json().path("errors").get(0);
        assertThat(error.path("index").intValue()).isEqualTo(position);
        assertThat(error.path("error_code").textValue()).isEqualTo(poison.errorCode());
        assertThat(answer.text()).doesNotContain(Poison.SECRET);
      }
    }
    assertThat(totalRequests()).isEqualTo(sent);
  }

  @Test
  @DisplayName("400 unreadable JSON: a batch whose own structure is broken")
  void aBrokenArray_isABadRequest_andNothingIsStored() {
    String event = event("e-1").toString();
    for (String body :
        List.of(
            "[" + event,
            "[" + event + ",",
            "[" + event + "]]",
            "[" + event + "] []",
            "[" + event + "]x",
            "[" + event.substring(0, event.length() - 1) + "]",
            "[" + event.substring(0, event.length() - 1) + ",\"x]",
            "[")) {
      assertProblem(post(body), 400, "INVALID_JSON");
    }
    assertThat(totalRequests()).isZero();
  }

  @Test
  @DisplayName("2xx is sent only after the event is durable: what is answered can be read at once")
  void answeredEvents_areCounted() {
    for (int i = 1; i <= 20; i++) {
      post(event("e-" + i).toString());
      assertThat(totalRequests()).isEqualTo(i);
    }
  }

  @Test
  @DisplayName("Sent again it counts once: 32 threads race one `event_id`")
  void eventSentByThirtyTwoThreads_countsOnce() throws Exception {
    int threads = 32;
    CyclicBarrier start = new CyclicBarrier(threads);
    Callable<String> task =
        () -> {
          start.await();
          return post(event("raced").toString()).json().path("status").textValue();
        };
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<String> statuses = new ArrayList<>();
      List<Callable<String>> tasks = Collections.nCopies(threads, task);
      for (Future<String> status : executor.invokeAll(tasks)) {
        statuses.add(status.get());
      }
      assertThat(statuses).containsOnlyOnce("accepted");
      assertThat(statuses.stream().filter("duplicate"::equals)).hasSize(threads - 1);
    } finally {
      executor.shutdownNow();
    }
    assertThat(totalRequests()).isEqualTo(1);
  }

  private static void assertProblem(Answer answer, int status, String errorCode) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).contains("application/problem+json");
    assertThat(answer.json().path("error_code").textValue()).isEqualTo(errorCode);
  }
}

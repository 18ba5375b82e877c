package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /events.csv} and {@code GET /events.ndjson}. */
public abstract class EventFilesContract extends HttpContract {

  private static final String HEADER =
      "timestamp,event_id,org_id,app,user_id,case_id,model_id,adapter_id,provider,latency_ms,"
          + "status_code,error,fallback_to,error_code,cost_estimate_usd,region,agent,trace_id,"
          + "input_tokens,cache_read_tokens,cache_write_tokens,output_tokens,reasoning_tokens";

  @Test
  void csv_isTheHeaderAlone_whenThereIsNothing() {
    Answer answer = get("/events.csv");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).contains("text/csv; charset=utf-8; header=present");
    assertThat(answer.header("Content-Disposition"))
        .contains("attachment; filename=\"events.csv\"");
    assertThat(answer.text()).isEqualTo(HEADER + "\r\n");
  }

  @Test
  void csv_hasARowForEachEvent_oldestFirst() {
    ObjectNode full = called("e-2", "medgemma-4b");
    full.put("org_id", "clinic-7").put("case_id", "s-1").put("cost_estimate_usd", 0.0012);
    full.withObject("/response").put("fallback_to", "gemini").put("status_code", 503);
    full.withObject("/response").put("output_tokens", 34);
    full.putObject("request").put("input_tokens", 12).put("cache_read_input_tokens", 5);
    assertThat(post(full.toString()).status()).isEqualTo(202);
    postAt("e-1", NOW.minusSeconds(60));

    assertThat(get("/events.csv").text())
        .isEqualTo(
            HEADER
                + "\r\n2026-03-10T11:59:00Z,e-1,,,,,,,,120,200,false,,,,,,,,,,,\r\n"
                + "2026-03-10T12:00:00Z,e-2,clinic-7,,,s-1,medgemma-4b,,,120,503,true,gemini,,"
                + "0.0012,,,,12,5,0,34,0\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\n=1",
        "\u00a0=1",
        "\u200b=1",
        " =1",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff201",
        "\ufeff\uff1d1"
      })
  void csv_escapesFormulas(String text) {
    // Blank space around a text is part of it.
    assertThat(post(event("e-1").put("app", text + ",").toString()).status()).isEqualTo(202);

    assertThat(get("/events.csv").text()).contains(",\"'" + text + ",\",");
  }

  @Test
  @DisplayName("A file that was cut can be told from a whole one, by whoever asks for that")
  void files_endWithTheirCount_onRequest() {
    postAt("e-1", NOW);
    postAt("e-2", NOW);

    assertThat(get("/events.csv?count=true").text()).endsWith("\r\n#events,2\r\n");
    assertThat(get("/events.ndjson?count=true").text()).endsWith("}\n{\"events\":2}\n");
    assertThat(get("/events.csv?count=false").text()).isEqualTo(get("/events.csv").text());
    assertThat(get("/events.csv?count=yes").status()).isEqualTo(400);
  }

  @Test
  void csv_quotesDelimiters() {
    assertThat(post(event("e-1").put("app", "a \"b\", c\nd").toString()).status()).isEqualTo(202);

    assertThat(get("/events.csv").text()).contains(",\"a \"\"b\"\", c\nd\",");
  }

  @Test
  void ndjson_canBePostedAgain() {
    ObjectNode event = called("e-1", "m").put("own", "kept");
    event.putObject("request").put("tokens", 12);
    assertThat(post(event.toString()).status()).isEqualTo(202);
    postAt("e-2", NOW.minusSeconds(1));

    Answer file = get("/events.ndjson");

    assertThat(file.header("Content-Type")).contains("application/x-ndjson");
    assertThat(file.text().lines().map(line -> json(line)))
        .satisfiesExactly(
            first -> assertThat(first.get("event_id").textValue()).isEqualTo("e-2"),
            second -> assertThat(second).isEqualTo(event));
    assertThat(post(file.text(), "Content-Type", "application/x-ndjson").json().get("duplicates"))
        .isEqualTo(json("2"));
  }

  /** Written out in full, each of its numbers would have three hundred digits. */
  @Test
  void ndjson_ofAnEventOfManySmallNumbers_canBePostedAgain() {
    String event = event("e-1").toString();
    String numbers = "1E-300,".repeat(30_000) + "0.5";
    String sent = event.substring(0, event.length() - 1) + ",\"x\":[" + numbers + "]}";
    assertThat(post(sent).status()).isEqualTo(202);

    String file = get("/events.ndjson").text();

    assertThat(file).hasSizeLessThan(sent.length() + 1_000).contains("1E-300");
    assertThat(post(file, "Content-Type", "application/x-ndjson").json().get("duplicates"))
        .isEqualTo(json("1"));
  }

  @Test
  void files_areFilteredByTimeOrganisationAndModel() {
    for (int i = 0; i < 4; i++) {
      ObjectNode event = called("e-" + i, "m-" + i % 2).put("org_id", "org-" + i / 2);
      event.put("timestamp", NOW.minus(Duration.ofDays(i)).toString());
      assertThat(post(event.toString()).status()).isEqualTo(202);
    }

    assertThat(ids("")).containsExactly("e-3", "e-2", "e-1", "e-0");
    assertThat(ids("?from=2026-03-08&to=2026-03-09")).containsExactly("e-2", "e-1");
    assertThat(ids("?from=2026-03-08T12:00:00Z&to=2026-03-09T13:00:00%2B01:00"))
        .containsExactly("e-2");
    assertThat(ids("?to=2026-03-11&org_id=org-0")).containsExactly("e-1", "e-0");
    assertThat(ids("?to=2026-03-11&org_id=org-0&model_id=m-1")).containsExactly("e-1");
  }

  @Test
  void files_areComplete_overManyPages() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 1_203; i++) {
      lines.append(event("e-" + i).put("timestamp", "2026-03-10T11:00:00Z")).append('\n');
    }
    assertThat(post(lines.toString(), "Content-Type", "application/x-ndjson").status())
        .isEqualTo(202);

    assertThat(ids("")).hasSize(1_203).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "from=yesterday",
        "to=2026-03-10T12:00:00",
        "from=2026-03-10&to=2026-03-08",
        "from=2026-03-01&from=2026-03-02"
      })
  void files_areRefused_forABadParameter(String query) {
    Answer answer = get("/events.csv?" + query);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("error_code").textValue()).isEqualTo("INVALID_PARAMETER");
  }

  private List<String> ids(String query) {
    return get("/events.ndjson" + query)
        .text()
        .lines()
        .map(line -> json(line).get("event_id").textValue())
        .toList();
  }
}

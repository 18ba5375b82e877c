package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The contract's section "Daily aggregates", and what `/telemetry` says of drift. The server
 * watches {@link #DRIFT_FEATURES}.
 */
public abstract class DaysContract extends HttpContract {

  /** The setting of that name. */
  protected static final String DRIFT_FEATURES = "/response/confidence,/response/risk_level";

  private static final LocalDate YESTERDAY = LocalDate.of(2026, 3, 9);
  private static final Duration JOB_LIMIT = Duration.ofSeconds(30);

  private int posted;

  @Test
  @DisplayName(
      "`POST /jobs/daily-aggregates` (date optional: yesterday) → 202 `{\"job_id\",\"status\":"
          + "\"queued\"}`, `GET /jobs/{id}` → `{\"job_id\",\"status\",\"result\":{\"date\","
          + "\"aggregates_count\"}|null,\"error\":…|null}`")
  void job_isQueued_andHasItsResult() {
    postLatencies(YESTERDAY, "m", IntStream.of(1, 2));
    Answer queued = postJob("");
    assertThat(queued.status()).as(queued.toString()).isEqualTo(202);
    String id = queued.json().path("job_id").textValue();
    assertThat(queued.json())
        .isEqualTo(AnswerJson.object().put("job_id", id).put("status", "queued"));

    assertThat(awaitJob(id))
        .isEqualTo(
            json(
                "{'job_id':'"
                    + id
                    + "','status':'succeeded','result':{'date':'2026-03-09',"
                    + "'aggregates_count':1},'error':null}"));
    assertThat(compute("2026-03-01").at("/result/aggregates_count").intValue()).isZero();
    assertThat(
            awaitJob(postJob("{\"date\":null}").json().path("job_id").textValue())
                .at("/result/date")
                .textValue())
        .isEqualTo("2026-03-09");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'date':'2026-03-10'}; 422; INVALID_FIELD",
        "{'date':'2026-04-01'}; 422; INVALID_FIELD",
        "{'date':'2026-02-30'}; 422; INVALID_FIELD",
        "{'date':'yesterday'}; 422; INVALID_FIELD",
        "{'date':'1999-12-31'}; 422; INVALID_FIELD",
        "{'date':20260301}; 422; INVALID_FIELD",
        "[]; 422; INVALID_FIELD",
        "{'date'; 400; INVALID_JSON",
        "{'date':'2026-03-01','date':'2026-03-02'}; 400; INVALID_JSON",
        "{} {}; 400; INVALID_JSON",
      })
  @DisplayName("a bad date, or a day that is not over, is refused; never the refused value")
  void aBadRequest_isRefused(String body, int status, String errorCode) {
    Answer answer = postJob(body.replace('\'', '"'));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(answer.header("content-type")).contains("application/problem+json");
    assertThat(answer.json().path("error_code").textValue()).isEqualTo(errorCode);
    assertThat(answer.text()).doesNotContain("yesterday").doesNotContain("2026-04-01");
  }

  @Test
  void unknownJobsTypesAndMethods_areRefused() {
    assertThat(get("/jobs/no-such-job").status()).isEqualTo(404);
    assertThat(get("/jobs/daily-aggregates").status()).isEqualTo(404);
    assertThat(
            send(
                    "POST",
                    "/jobs/daily-aggregates",
                    BodyPublishers.ofString("date=2026-03-01"),
                    "Content-Type",
                    "text/plain")
                .status())
        .isEqualTo(415);
    Answer delete = send("DELETE", "/aggregates/daily", BodyPublishers.noBody());
    assertThat(delete.status()).isEqualTo(405);
    assertThat(delete.header("Allow")).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "from=2026-03-09&to=2026-03-08",
    "from=2026-03-11",
    "from=2026-13-01",
    "to=tomorrow",
    "from=2020-01-01&to=2026-01-01",
    "to=2026-03-01&to=2026-03-02"
  })
  void badRange_isABadParameter(String query) {
    Answer answer = get("/aggregates/daily?" + query);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    assertThat(answer.json().path("error_code").textValue()).isEqualTo("INVALID_PARAMETER");
  }

  @Test
  @DisplayName(
      "`GET /aggregates/daily?from=&to=&model_id=&org_id=` → `{\"aggregates\":[…]}`, by date and"
          + " model; without `org_id` the rows of all together")
  void aggregates_areListedByDateAndModel() {
    List<ObjectNode> events = new ArrayList<>();
    events.add(at(called("a", "m-2"), YESTERDAY).put("org_id", "o").put("cost_estimate_usd", 0.25));
    events.add(using(latency(at(called("b", "m-1"), YESTERDAY), 31), 12, 34));
    ObjectNode failed = latency(at(called("c", "m-1"), YESTERDAY), 30);
    failed.withObject("/response").put("status_code", 500).put("fallback_to", "rules");
    events.add(failed);
    events.add(at(called("d", "m-1"), YESTERDAY.minusDays(1)));
    events.add(at(event("e"), YESTERDAY));
    postAll(events);
    compute("2026-03-09");

    JsonNode all = get("/aggregates/daily").json();
    assertThat(all.path("aggregates"))
        .extracting(one -> one.path("date").textValue() + " " + one.path("model_id").textValue())
        .containsExactly("2026-03-08 m-1", "2026-03-09 m-1", "2026-03-09 m-2");
    assertThat(all.at("/aggregates/1"))
        .isEqualTo(
            json(
                "{'date':'2026-03-09','org_id':null,'model_id':'m-1','calls':2,'avg_latency':30.5,"
                    + "'error_rate':50.0,'fallback_count':1,'psi':null,'p50_latency_ms':30,"
                    + "'p95_latency_ms':31,'p99_latency_ms':31,'cost_estimate_usd':0.0,"
                    + "'unpriced_calls':1,"
                    + tokens(12, 0, 0, 34, 0)
                    + ",'reference_count':1,'current_count':2,'verdict':null}"));
    JsonNode org = get("/aggregates/daily?org_id=o").json().path("aggregates");
    assertThat(org).hasSize(1);
    assertThat(org.get(0).path("org_id").textValue()).isEqualTo("o");
    assertThat(org.get(0).path("cost_estimate_usd").decimalValue()).isEqualByComparingTo("0.25");
    assertThat(get("/aggregates/daily?model_id=m-2").json().path("aggregates")).hasSize(1);
    assertThat(get("/aggregates/daily?to=2026-03-08").json().path("aggregates")).hasSize(1);
    assertThat(get("/aggregates/daily?from=2026-03-09").json().path("aggregates")).hasSize(2);
  }

  @Test
  @DisplayName("A late event reopens its day")
  void lateEvent_isInTheNextRun() {
    postLatencies(YESTERDAY, "m", IntStream.range(0, 10));
    postLatencies(YESTERDAY.minusDays(1), "m", IntStream.range(0, 10));
    compute("2026-03-09");
    postLatencies(YESTERDAY.minusDays(1), "m", IntStream.range(50, 70));

    compute("2026-03-08");

    JsonNode days = get("/aggregates/daily").json().path("aggregates");
    assertThat(days.get(0).path("calls").intValue()).isEqualTo(30);
    assertThat(days.get(1).path("reference_count").intValue()).isEqualTo(30);
  }

  @Test
  @DisplayName("the recorded PSI of `golden/psi.json`, taken through events, store and job")
  void goldenPsi_equalsTheReplacedServices() throws IOException {
    List<JsonNode> cases = integerCases();
    assertThat(cases).hasSizeGreaterThanOrEqualTo(15);
    for (int i = 0; i < cases.size(); i++) {
      JsonNode golden = cases.get(i);
      JsonNode reference = golden.path("reference");
      for (int day = 1; day <= 7; day++) {
        int part = day % 7;
        postLatencies(
            YESTERDAY.minusDays(day),
            "case-" + i,
            IntStream.range(0, reference.size())
                .filter(at -> at % 7 == part)
                .map(at -> reference.get(at).intValue()));
      }
      postLatencies(YESTERDAY, "case-" + i, ints(golden.path("current")));
    }

    compute("2026-03-09");

    for (int i = 0; i < cases.size(); i++) {
      JsonNode one =
          get("/aggregates/daily?from=2026-03-09&to=2026-03-09&model_id=case-" + i)
              .json()
              .at("/aggregates/0");
      double expected = cases.get(i).path("psi").doubleValue();
      assertThat(one.path("psi").doubleValue())
          .as(cases.get(i).path("name").textValue())
          .isCloseTo(expected, within(1e-12 * expected));
      assertThat(one.path("reference_count").intValue())
          .isEqualTo(cases.get(i).path("reference").size());
    }
  }

  @Test
  @DisplayName(
      "**drift**: `drift_records` newest first `{date,model_id,feature,psi_score,severity,alert,"
          + "verdict,reference_count,current_count,critical_value,significant}`, `latest`,"
          + " `drift_detected` (any `alert`), `critical_drift`")
  void drift_isListed_andAnAlertWhenCertain() {
    postLatencies(YESTERDAY.minusDays(1), "small", IntStream.range(0, 10));
    postLatencies(YESTERDAY, "small", IntStream.range(3, 13));
    compute("2026-03-09");

    JsonNode small = get("/telemetry?action=drift").json();
    assertThat(small.at("/latest/psi_score").doubleValue()).isGreaterThan(0.5);
    assertThat(small.at("/latest/severity").textValue()).isEqualTo("critical");
    assertThat(small.at("/latest/verdict").textValue()).isEqualTo("NOT_CERTAIN");
    assertThat(small.at("/latest/alert").booleanValue()).isFalse();
    assertThat(small.path("drift_detected").booleanValue()).isFalse();
    assertThat(small.path("critical_drift").booleanValue()).isFalse();
    assertThat(psiAlert()).isFalse();

    postLatencies(YESTERDAY.minusDays(1), "large", IntStream.range(0, 500));
    postLatencies(YESTERDAY, "large", IntStream.range(300, 800));
    compute("2026-03-09");

    JsonNode drift = get("/telemetry?action=drift").json();
    assertThat(drift.path("drift_records")).hasSize(2);
    assertThat(drift.path("drift_records"))
        .anySatisfy(
            one -> {
              assertThat(one.path("model_id").textValue()).isEqualTo("large");
              assertThat(one.path("alert").booleanValue()).isTrue();
              assertThat(one.path("significant").booleanValue()).isTrue();
              assertThat(one.path("critical_value").doubleValue()).isBetween(0.0, 0.2);
            });
    assertThat(fields(drift.at("/drift_records/0")))
        .containsExactly(
            "date",
            "model_id",
            "feature",
            "psi_score",
            "severity",
            "alert",
            "verdict",
            "reference_count",
            "current_count",
            "critical_value",
            "significant",
            "subgroup",
            "reference",
            "p_value",
            "direction",
            "median_shift",
            "wasserstein",
            "reference_missing_share",
            "missing_share",
            "missing_p_value",
            "summary");
    assertThat(drift.path("latest")).isEqualTo(drift.at("/drift_records/0"));
    assertThat(drift.path("drift_detected").booleanValue()).isTrue();
    assertThat(drift.path("critical_drift").booleanValue()).isTrue();
    JsonNode limited = get("/telemetry?action=drift&limit=1").json();
    assertThat(limited.path("drift_records")).hasSize(1);
    assertThat(limited.path("drift_detected").booleanValue()).isTrue();
    assertThat(get("/telemetry?action=drift&model_id=small").json().path("drift_records"))
        .hasSize(1);
    assertThat(get("/telemetry?action=drift&range=1h").json().path("drift_records")).isEmpty();
    assertThat(get("/telemetry?action=drift&org_id=o").json().path("drift_records")).isEmpty();
    assertThat(psiAlert()).isTrue();
  }

  @Test
  @DisplayName(
      "`drift` (the newest stored PSI `{model_id,date,psi_score,severity}` or null),"
          + " `psi_drift_detected` (the newest day has an `alert`)")
  void overview_showsTheNewestDrift_whateverTheWindow() {
    for (int day = 0; day < 3; day++) {
      postLatencies(
          YESTERDAY.minusDays(2 - day), "m", IntStream.range(day == 1 ? 1_360 : 0, 1_400));
    }
    compute("2026-03-08");
    assertThat(get("/telemetry").json().at("/drift/date").textValue()).isEqualTo("2026-03-08");
    assertThat(psiAlert()).isTrue();

    compute("2026-03-09");
    for (String range : List.of("1h", "90d")) {
      JsonNode overview = get("/telemetry?range=" + range).json();
      assertThat(fields(overview.path("drift")))
          .containsExactly(
              "model_id",
              "date",
              "psi_score",
              "severity",
              "feature",
              "subgroup",
              "reference",
              "alert",
              "summary");
      assertThat(overview.at("/drift/date").textValue()).isEqualTo("2026-03-09");
      assertThat(overview.at("/drift/severity").textValue()).isEqualTo("ok");
      assertThat(overview.at("/alerts/psi_drift_detected").booleanValue()).isFalse();
    }
    assertThat(get("/telemetry?model_id=other").json().path("drift").isNull()).isTrue();
  }

  @Test
  @DisplayName("`GET /drift/bins?date=&model_id=&feature=&org_id=`: what a drift record is made of")
  void driftBins_addUpToTheRecord() {
    postLatencies(YESTERDAY.minusDays(1), "m", IntStream.range(0, 500));
    postLatencies(YESTERDAY, "m", IntStream.range(300, 800));
    compute("2026-03-09");

    JsonNode record = get("/telemetry?action=drift").json().path("latest");
    JsonNode answer = get("/drift/bins?date=2026-03-09&model_id=m").json();

    for (String field : fields(record)) {
      assertThat(answer.path(field)).as(field).isEqualTo(record.path(field));
    }
    assertThat(answer.path("org_id").isNull()).isTrue();
    JsonNode bins = answer.path("bins");
    assertThat(bins).hasSize(10);
    assertThat(fields(bins.get(0)))
        .containsExactly(
            "lower",
            "upper",
            "reference_count",
            "current_count",
            "reference_share",
            "current_share",
            "contribution");
    double sum = 0;
    long reference = 0;
    for (JsonNode bin : bins) {
      sum += bin.path("contribution").doubleValue();
      reference += bin.path("reference_count").longValue();
      assertThat(bin.path("lower").doubleValue()).isLessThan(bin.path("upper").doubleValue());
    }
    assertThat(sum).isCloseTo(record.path("psi_score").doubleValue(), within(1e-12));
    assertThat(reference).isEqualTo(500);
    assertThat(get("/drift/bins?date=2026-03-09&model_id=m&feature=latency_ms").json())
        .isEqualTo(answer);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 400",
    "date=2026-03-09, 400",
    "model_id=m, 400",
    "date=yesterday&model_id=m, 400",
    "date=2026-03-09&model_id=m, 404",
    "date=2026-03-09&model_id=m&feature=mood, 404"
  })
  void driftBins_areRefused_whenMissing_orTheQueryIsBad(String query, int status) {
    Answer answer = get("/drift/bins?" + query);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(answer.header("content-type")).contains("application/problem+json");
  }

  @Test
  @DisplayName(
      "Drift of more than latency: `DRIFT_FEATURES`, each with its own row in `drift_records`"
          + " (`feature`)")
  void features_haveTheirOwnRows() {
    List<ObjectNode> events = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      double confidence = 0.5 + i / 400.0;
      events.add(said(YESTERDAY.minusDays(1), confidence, i % 10 == 0 ? "high" : "low"));
      events.add(said(YESTERDAY, confidence, i % 2 == 0 ? "high" : "low"));
    }
    postAll(events);
    compute("2026-03-09");

    JsonNode drift = get("/telemetry?action=drift").json();
    assertThat(drift.path("drift_records"))
        .extracting(one -> one.path("feature").textValue())
        .containsExactly("/response/risk_level", "/response/confidence", "latency_ms");
    JsonNode risk = drift.at("/drift_records/0");
    // (0.5 − 0.1)·ln(0.5/0.1) + (0.5 − 0.9)·ln(0.5/0.9)
    assertThat(risk.path("psi_score").doubleValue()).isCloseTo(0.8789, within(1e-4));
    assertThat(risk.path("severity").textValue()).isEqualTo("critical");
    assertThat(risk.path("alert").booleanValue()).isTrue();
    assertThat(risk.path("reference_count").intValue()).isEqualTo(200);
    assertThat(risk.path("current_count").intValue()).isEqualTo(200);
    JsonNode bins =
        get("/drift/bins?date=2026-03-09&feature=/response/risk_level&model_id="
                + risk.path("model_id").textValue())
            .json();
    assertThat(bins.path("psi_score")).isEqualTo(risk.path("psi_score"));
    assertThat(bins.path("bins").findValuesAsText("category")).containsExactly("high", "low");
    assertThat(bins.at("/bins/0/reference_count").intValue()).isEqualTo(20);
    assertThat(bins.at("/bins/0/current_count").intValue()).isEqualTo(100);
    assertThat(drift.at("/drift_records/1/psi_score").doubleValue()).isZero();
    assertThat(drift.at("/drift_records/1/current_count").intValue()).isEqualTo(200);
    assertThat(drift.path("latest")).isEqualTo(risk);
    assertThat(drift.path("drift_detected").booleanValue()).isTrue();

    assertThat(get("/telemetry").json().at("/drift/psi_score")).isEqualTo(risk.path("psi_score"));
    assertThat(psiAlert()).isTrue();
    JsonNode day = get("/aggregates/daily?from=2026-03-09").json().at("/aggregates/0");
    assertThat(day.path("psi").doubleValue()).as("of the latency").isZero();
  }

  private boolean psiAlert() {
    return get("/telemetry").json().at("/alerts/psi_drift_detected").booleanValue();
  }

  private static List<String> fields(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private Answer postJob(String body) {
    return send("POST", "/jobs/daily-aggregates", BodyPublishers.ofString(body));
  }

  private JsonNode compute(String date) {
    Answer queued = postJob("{\"date\":\"" + date + "\"}");
    assertThat(queued.status()).as(queued.toString()).isEqualTo(202);
    JsonNode job = awaitJob(queued.json().path("job_id").textValue());
    assertThat(job.path("status").textValue()).as(job.toString()).isEqualTo("succeeded");
    return job;
  }

  private JsonNode awaitJob(String id) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < JOB_LIMIT.toNanos()) {
      JsonNode job = get("/jobs/" + id).json();
      if (!List.of("queued", "running").contains(job.path("status").asText())) {
        return job;
      }
    }
    throw new AssertionError("the job is not done within " + JOB_LIMIT);
  }

  /** One event for each latency, spread over the day. */
  private void postLatencies(LocalDate day, String modelId, IntStream latencies) {
    postAll(
        latencies
            .mapToObj(millis -> latency(at(called("p-" + posted++, modelId), day), millis))
            .toList());
  }

  private ObjectNode said(LocalDate day, double confidence, String riskLevel) {
    ObjectNode event = at(called("s-" + posted++, "m"), day);
    event.withObject("/response").put("confidence", confidence).put("risk_level", riskLevel);
    return event;
  }

  private void postAll(List<ObjectNode> events) {
    if (!events.isEmpty()) {
      assertThat(post(events.toString()).status()).isEqualTo(202);
    }
  }

  private static ObjectNode at(ObjectNode event, LocalDate day) {
    Instant start = day.atStartOfDay(ZoneOffset.UTC).toInstant();
    return event.put("timestamp", start.plusSeconds(3_600).toString());
  }

  private static IntStream ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue);
  }

  /** Cases that a day of latencies can be: ten buckets, whole numbers, ten on each side. */
  private static List<JsonNode> integerCases() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(DaysContract.class.getResourceAsStream("/golden/psi.json"))) {
      return StreamSupport.stream(
              new ObjectMapper().readTree(file).path("cases").spliterator(), false)
          .filter(one -> one.path("buckets").intValue() == 10)
          .filter(one -> one.path("reference").size() >= 10 && one.path("current").size() >= 10)
          .filter(
              one ->
                  Stream.of("reference", "current")
                      .flatMap(side -> StreamSupport.stream(one.path(side).spliterator(), false))
                      .allMatch(
                          value ->
                              value.doubleValue() >= 0
                                  && value.doubleValue() == Math.rint(value.doubleValue())))
          .toList();
    }
  }
}

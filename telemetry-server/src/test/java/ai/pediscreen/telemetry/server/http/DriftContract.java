package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What was once misjudged, from the events on to {@code action=drift}; and references, subgroups
 * and incidents. The server watches {@link #DRIFT_FEATURES}, by {@link #DRIFT_BY}.
 */
public abstract class DriftContract extends HttpContract {

  /** The setting of that name. */
  protected static final String DRIFT_FEATURES = "/response/f";

  /** The setting of that name. */
  protected static final String DRIFT_BY = "/request/age_band";

  private static final LocalDate YESTERDAY = LocalDate.of(2026, 3, 9);
  private static final Duration JOB_LIMIT = Duration.ofSeconds(60);

  private int posted;

  @Test
  @DisplayName("Texts beyond 200 a day, without drift")
  void unchangedTexts_areNoDrift() {
    Random random = new Random(5);
    for (int day = 7; day >= 0; day--) {
      many(day, 2_000, (i, event) -> said(event, "text-" + random.nextInt(300)));
    }
    JsonNode drift = drift();
    assertThat(of(drift, "/response/f", "week").path("alert").booleanValue()).isFalse();
    assertThat(of(drift, "/response/f", "week").path("psi_score").doubleValue()).isLessThan(0.1);
    assertThat(drift.path("critical_drift").booleanValue()).isFalse();
  }

  @Test
  @DisplayName("Numbers with few values: a scale of 1 to 5 whose 4s become 5s")
  void fewDistinctValues_areBinsOfTheirOwn() {
    many(1, 700, (i, event) -> said(event, 1 + i % 5));
    many(0, 700, (i, event) -> said(event, i % 5 == 3 ? 5 : 1 + i % 5));
    JsonNode record = of(drift(), "/response/f", "week");
    assertThat(record.path("alert").booleanValue()).isTrue();
    assertThat(record.path("psi_score").doubleValue()).isGreaterThan(0.5);
    assertThat(record.path("direction").textValue()).isEqualTo("up");
    assertThat(record.path("summary").textValue()).isEqualTo("/response/f = 4: 20 % → 0 %");
    Answer file = get("/drift.csv?from=2026-03-09&to=2026-03-09");
    assertThat(file.status()).isEqualTo(200);
    assertThat(file.text().lines().toList())
        .hasSize(3)
        .anySatisfy(
            row ->
                assertThat(row)
                    .startsWith("2026-03-09,,m,/response/f,,week,")
                    .contains(",critical,true,SIGNIFICANT,")
                    .endsWith(",/response/f = 4: 20 % → 0 %"));
  }

  @Test
  @DisplayName("Latency that is constant, and another constant after")
  void constantLatencyThatChanges_isDrift() {
    many(1, 700, (i, event) -> latency(event, 0));
    many(0, 100, (i, event) -> latency(event, 5_000));
    JsonNode record = of(drift(), "latency_ms", "week");
    assertThat(record.path("psi_score").doubleValue()).as("SEED's one bin").isZero();
    assertThat(record.path("verdict").textValue()).isEqualTo("SIGNIFICANT");
    assertThat(record.path("summary").textValue()).contains("0 ms → 5000 ms");
  }

  @Test
  @DisplayName("Numbers with few values: the two largest are no bin of their own")
  void twoLargestOfFewValues_haveTheirOwnBins() {
    int[] before = {1, 1, 1, 1, 1, 1, 2, 2, 2, 3};
    int[] after = {1, 1, 1, 1, 1, 1, 3, 3, 3, 3};
    both(
        "risk",
        700,
        100,
        (i, event) -> said(event, before[i % 10]),
        (i, e) -> said(e, after[i % 10]));
    both("constant", 1_400, 200, (i, event) -> said(event, 0), (i, event) -> said(event, 1));
    both(
        "rate",
        700,
        100,
        (i, event) -> said(event, i % 100 == 0 ? 1 : 0),
        (i, event) -> said(event, i % 10 < 7 ? 1 : 0));
    JsonNode drift = drift();
    for (String model : List.of("risk", "constant", "rate")) {
      JsonNode record = of(drift, model, "/response/f", "week");
      assertThat(record.path("verdict").textValue()).as(model).isEqualTo("SIGNIFICANT");
      assertThat(record.path("psi_score").doubleValue()).as(model).isGreaterThan(0.2);
    }
  }

  @Test
  @DisplayName("A constant reference: seen both ways")
  void constantReference_findsDriftUpAndDown() {
    both("up", 700, 100, (i, event) -> latency(event, 100), (i, event) -> latency(event, 5_000));
    both("down", 700, 100, (i, event) -> latency(event, 5_000), (i, event) -> latency(event, 100));
    JsonNode drift = drift();
    for (String way : List.of("up", "down")) {
      JsonNode record = of(drift, way, "latency_ms", "week");
      assertThat(record.path("alert").booleanValue()).as(way).isTrue();
      assertThat(record.path("direction").textValue()).isEqualTo(way);
    }
  }

  @Test
  @DisplayName("Rare categories: 3 and 20 rare ones, 300 a day")
  void rareCategories_areNoDrift() {
    Random random = new Random(7);
    for (int day = 7; day >= 0; day--) {
      many(
          day,
          1_800,
          (i, event) -> {
            boolean rare = random.nextInt(50) == 0;
            int text = rare ? 3 + random.nextInt(20) : random.nextInt(3);
            said(model(event, "m-" + i % 6), "text-" + text);
          });
    }
    JsonNode drift = drift();
    int misled = 0;
    for (int i = 0; i < 6; i++) {
      JsonNode record = of(drift, "m-" + i, "/response/f", "week");
      assertThat(record.path("alert").booleanValue()).as(record.toString()).isFalse();
      misled += record.path("psi_score").doubleValue() > 0.2 ? 1 : 0;
    }
    assertThat(misled).as("models whose index alone would alarm").isPositive();
  }

  @Test
  @DisplayName("Just above 97 values a day; and a latency × 10 just below")
  void fewCalls_alertOnlyForDrift() {
    Random random = new Random(8);
    for (int day = 7; day >= 0; day--) {
      many(day, 980, (i, event) -> model(latency(event, lognormal(random)), "m-" + i % 10));
      int factor = day == 0 ? 10 : 1;
      many(day, 90, (i, event) -> model(latency(event, factor * lognormal(random)), "slow"));
    }
    JsonNode drift = drift();
    for (int i = 0; i < 10; i++) {
      JsonNode record = of(drift, "m-" + i, "latency_ms", "week");
      assertThat(record.path("alert").booleanValue()).as(record.toString()).isFalse();
    }
    assertThat(of(drift, "slow", "latency_ms", "week").path("alert").booleanValue()).isTrue();
  }

  @Test
  @DisplayName("Rounding by volume: more different numbers than a day keeps")
  void growingVolume_isNoDrift() {
    wide(1, 4_000);
    wide(0, 22_000);
    JsonNode record = of(drift(), "m", "/response/f", "week");
    assertThat(record.path("current_count").intValue()).isEqualTo(29_337);
    assertThat(record.path("psi_score").doubleValue()).isLessThan(0.1);
    assertThat(record.path("alert").booleanValue()).isFalse();
  }

  /** Numbers over 600 powers of ten, and one for every three of them that has four digits. */
  private void wide(int daysBefore, int count) {
    for (int first = 0; first < count; first += 2_000) {
      int from = first;
      many(
          daysBefore,
          2_000,
          (i, event) -> said(event, Math.pow(10, 600.0 * (from + i) / count - 300)));
      many(daysBefore, 667, (i, event) -> said(event, 0.9467));
    }
  }

  @Test
  @DisplayName("Values gone: 95 % of a feature and of the latency")
  void valuesThatDisappear_areAnAlert() {
    both(
        "m",
        400,
        400,
        (i, event) -> said(event, 0.5),
        (i, event) -> {
          said(event, i % 20 == 0 ? 0.5 : null);
          if (i % 20 != 0) {
            event.withObject("/response").remove("latency_ms");
          }
        });
    JsonNode drift = drift();
    for (String feature : List.of("/response/f", "latency_ms")) {
      JsonNode record = of(drift, "m", feature, "week");
      assertThat(record.path("verdict").textValue()).as(feature).isEqualTo("SIGNIFICANT");
      assertThat(record.path("missing_share").doubleValue()).isCloseTo(0.95, within(1e-9));
      assertThat(record.path("missing_p_value").doubleValue()).isLessThan(1e-9);
    }
  }

  @Test
  @DisplayName("Values gone: all of a feature")
  void missingShare_isItsOwnAlert() {
    many(1, 400, (i, event) -> said(event, 0.5));
    many(0, 400, (i, event) -> said(event, i == 0 ? 0.5 : null));
    JsonNode record = of(drift(), "/response/f", "week");
    assertThat(record.path("psi_score").isNull()).isTrue();
    assertThat(record.path("alert").booleanValue()).isTrue();
    assertThat(record.path("missing_share").doubleValue()).isCloseTo(0.9975, within(1e-9));
    assertThat(record.path("summary").textValue()).isEqualTo("without a value: 0 % → 100 %");
    assertThat(record.path("severity").textValue()).as("of no index").isEqualTo("ok");
    JsonNode overview = get("/telemetry").json();
    assertThat(overview.at("/drift/feature").textValue()).isEqualTo("/response/f");
    assertThat(overview.at("/drift/severity").textValue()).isEqualTo("warning");
    assertThat(overview.at("/alerts/psi_drift_detected").booleanValue()).isTrue();
  }

  @Test
  @DisplayName("The tiniest model does not win: the overview shows the most certain drift")
  void overview_showsTheMostCertainDrift_withItsFeature() {
    Random random = new Random(6);
    for (int day = 7; day >= 0; day--) {
      many(day, 20, (i, event) -> model(latency(event, random.nextInt(1_000)), "tiny"));
      double factor = day == 0 ? 1.3 : 1;
      many(day, 500, (i, event) -> latency(event, (int) (factor * (100 + random.nextInt(900)))));
    }
    compute();
    JsonNode drift = get("/telemetry").json().path("drift");
    assertThat(drift.path("model_id").textValue()).isEqualTo("m");
    assertThat(drift.path("feature").textValue()).isEqualTo("latency_ms");
    assertThat(drift.path("alert").booleanValue()).isTrue();
    JsonNode tiny = get("/telemetry?model_id=tiny").json().path("drift");
    assertThat(tiny.path("psi_score").doubleValue()).isGreaterThan(0.5);
    assertThat(tiny.path("severity").textValue()).as("the gate says no").isEqualTo("ok");
  }

  @Test
  @DisplayName("A model that drifts for infants alone")
  void subgroups_haveRecordsOfTheirOwn() {
    for (int day = 1; day >= 0; day--) {
      boolean drifting = day == 0;
      many(
          day,
          800,
          (i, event) -> {
            boolean infant = i % 8 == 0;
            event.withObject("/request").put("age_band", infant ? "infant" : "school");
            said(event, (drifting && infant && i % 3 != 0) || i % 10 == 0 ? "high" : "low");
          });
    }
    JsonNode drift = drift();
    assertThat(drift.at("/latest/subgroup").isNull()).as("latest is about all events").isTrue();
    JsonNode latest = drift.at("/drift_records/0");
    assertThat(latest.path("subgroup").textValue()).isEqualTo("infant");
    assertThat(latest.path("current_count").intValue()).isEqualTo(100);
    JsonNode bins =
        get("/drift/bins?date=2026-03-09&model_id=m&feature=/response/f&subgroup=infant").json();
    assertThat(bins.path("psi_score")).isEqualTo(latest.path("psi_score"));
    assertThat(bins.path("bins")).hasSize(2);
    assertThat(of(drift, "/response/f", "week").path("alert").booleanValue())
        .as("infants are one of eight: too little among all")
        .isFalse();
  }

  @Test
  void alertsOnTwoOfThreeDays_areAnIncident_untilThreeQuietOnes() {
    for (int day = 12; day >= 0; day--) {
      int latency = day <= 6 && day >= 4 ? 900 : 300;
      many(day, 100, (i, event) -> latency(event, latency + i));
    }
    JsonNode drift = drift();
    assertThat(drift.path("incidents")).hasSize(1);
    assertThat(drift.path("incidents_total").intValue()).isOne();
    JsonNode incident = drift.at("/incidents/0");
    assertThat(incident.path("model_id").textValue()).isEqualTo("m");
    assertThat(incident.path("start").textValue()).isEqualTo("2026-03-03");
    assertThat(incident.path("opened").textValue()).isEqualTo("2026-03-04");
    String id = incident.path("id").textValue();

    LocalDate late = YESTERDAY.minusDays(5);
    assertThat(post(List.of(at(latency(called("late", "m"), 905), late)).toString()).status())
        .isEqualTo(202);
    JsonNode again = drift();
    assertThat(again.at("/incidents/0/id").textValue()).isEqualTo(id);
    assertThat(get("/telemetry").json().path("open_incidents").intValue())
        .isEqualTo("resolved".equals(again.at("/incidents/0/state").textValue()) ? 0 : 1);
  }

  @Test
  @DisplayName("`PUT /baselines/…` from stored days or from values; `GET`, `DELETE`")
  void baselines_areSetComparedAndRemoved() {
    for (int day = 8; day >= 0; day--) {
      int factor = 100 + 5 * (8 - day);
      many(day, 200, (i, event) -> latency(event, factor * (10 + i % 40) / 10));
    }
    compute();
    String path = "/baselines/release-3?model_id=m";
    Answer set = put(path, "{'from':'2026-03-01','to':'2026-03-02'}");
    assertThat(set.status()).as(set.toString()).isEqualTo(200);
    assertThat(set.json().path("values").intValue()).isEqualTo(400);
    StringBuilder values = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      values.append(i == 0 ? "" : ",").append(i % 2 == 0 ? "'low'" : "0.5");
    }
    Answer validation =
        put("/baselines/validation?model_id=m&feature=/response/f", "{'values':[" + values + "]}");
    assertThat(validation.status()).as(validation.toString()).isEqualTo(200);
    assertThat(get("/baselines").json().path("baselines").findValuesAsText("name"))
        .containsExactly("release-3", "validation");

    JsonNode record = of(drift(), "latency_ms", "baseline:release-3");
    assertThat(record.path("alert").booleanValue()).isTrue();
    assertThat(record.path("median_shift").doubleValue()).isGreaterThan(0.25);
    assertThat(
            get("/drift/bins?date=2026-03-09&model_id=m&reference=baseline:release-3")
                .json()
                .path("reference_count")
                .intValue())
        .isEqualTo(400);

    assertThatItIsExportedAndSetAgain(path, "numbers");
    assertThatItIsExportedAndSetAgain(
        "/baselines/validation?model_id=m&feature=/response/f", "texts");

    Answer removed = send("DELETE", path, BodyPublishers.noBody());
    assertThat(removed.status()).isEqualTo(200);
    assertThat(removed.json().path("status").textValue()).isEqualTo("removed");
    assertThat(send("DELETE", path, BodyPublishers.noBody()).status()).isEqualTo(404);
    assertThat(get(path).status()).isEqualTo(404);
    assertThat(put(path, "{'from':'2026-02-17'}").status()).isEqualTo(422);
    assertThat(put(path, "{'from':'2026-02-20','to':'2026-02-17'}").status()).isEqualTo(422);
    assertThat(put(path, "{'from':'2020-02-17','to':'2020-02-18'}").status()).isEqualTo(422);
    assertThat(put(path, "{'values':[1,2,3]}").status()).isEqualTo(422);
    assertThat(put(path, "{'values':['slow']}").status()).isEqualTo(422);
    assertThat(put("/baselines/a%20b?model_id=m", "{}").status()).isEqualTo(400);
    assertThat(put("/baselines/b", "{}").status()).isEqualTo(400);
    assertThat(get("/drift/bins?date=2026-03-09&model_id=m&reference=year").status())
        .isEqualTo(400);
  }

  @Test
  void limit_boundsRecords_notIncidents() {
    for (int day = 9; day >= 0; day--) {
      int latency = day <= 1 ? 900 : 300;
      for (String name : List.of("m", "n", "o")) {
        many(day, 100, (i, event) -> model(latency(event, latency + i), name));
      }
    }
    compute();
    JsonNode drift = get("/telemetry?action=drift&range=30d&limit=1").json();
    assertThat(drift.path("drift_records")).hasSize(1);
    assertThat(drift.path("incidents_total").intValue()).isEqualTo(3);
    assertThat(drift.path("incidents")).hasSize(3);
  }

  @Test
  void baselineOfAnUnknownModel_isKept_withAWarning() {
    many(0, 20, (i, event) -> said(event, 0.5));
    compute();
    String values = "{'values':[1,2,3,4,5,6,7,8,9,10]}";
    assertThat(warnings("/baselines/b?model_id=m", values)).isEmpty();
    assertThat(warnings("/baselines/b?model_id=m&feature=/response/f", values)).isEmpty();
    assertThat(warnings("/baselines/b?model_id=to-be-released", values))
        .singleElement()
        .asString()
        .contains("no day that was computed has calls of this model;");
    assertThat(warnings("/baselines/b?model_id=m&org_id=nobody", values))
        .singleElement()
        .asString()
        .contains("in this organisation");
    assertThat(warnings("/baselines/b?model_id=m&feature=/response/g", values))
        .singleElement()
        .asString()
        .contains("not in DRIFT_FEATURES");
    assertThat(get("/baselines").json().path("baselines")).hasSize(5);

    Answer refused = put("/baselines/b?model_id=m&feature=confidence", values);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.toString()).contains("must be a JSON pointer").contains("or latency_ms");
  }

  private List<String> warnings(String path, String body) {
    Answer set = put(path, body);
    assertThat(set.status()).as(set.toString()).isEqualTo(200);
    List<String> warnings = new ArrayList<>();
    set.json().path("warnings").forEach(one -> warnings.add(one.textValue()));
    return warnings;
  }

  @Test
  void unknownPartOfABaseline_isRefused_andNotIgnored() {
    String ten = "1,2,3,4,5,6,7,8,9,10";
    String of = "{'events':0,'days':1,'digits':4,'other_texts':0,";
    """
    {'values':[%1$s],'valeus':[]} | and no other field
    {'values':[%1$s],'from':'2026-03-01'} | and no other field
    {'from':'2026-03-01','to':'2026-03-02','name':'b'} | and no other field
    {'values':[%1$s,1e999]} | must be numbers that fit a double
    {'values':[%1$s,['x']]} | must be numbers, texts or booleans
    {'values':'%1$s'} | must be an array
    {'from':1,'to':'2026-03-02'} | must be a date
    {'distribution':%2$s'numbers':[[1,20]]},'model':'m'} | has no other fields than
    {'distribution':%2$s'numbers':[[1,20]],'text':{}}} | has no other fields than
    {'distribution':%2$s'numbers':[[1,20]],'texts':['a','b']}} | texts must be an object
    {'distribution':%2$s'numbers':{'1':20}}} | numbers must be an array
    {'distribution':%2$s'numbers':[{'1':20,'2':3}]}} | pairs of a number and its count
    {'distribution':%2$s'numbers':[[1,20]]},'from':20260301,'to':'2026-03-02'} | from must be
    """
        .formatted(ten, of)
        .lines()
        .map(line -> line.split(" \\| "))
        .forEach(
            row -> {
              Answer refused = put("/baselines/b?model_id=m&feature=/response/f", row[0]);
              assertThat(refused.status()).as(row[0] + refused).isEqualTo(422);
              assertThat(refused.toString()).as(row[0]).contains(row[1]);
            });
    assertThat(get("/baselines").json().path("baselines")).isEmpty();
  }

  private void assertThatItIsExportedAndSetAgain(String path, String part) {
    Answer exported = get(path);
    assertThat(exported.status()).as(exported.toString()).isEqualTo(200);
    JsonNode json = exported.json();
    assertThat(json.at("/distribution/" + part)).isNotEmpty();
    assertThat(send("DELETE", path, BodyPublishers.noBody()).status()).isEqualTo(200);
    Answer again = put(path, json.toString());
    assertThat(again.status()).as(again.toString()).isEqualTo(200);
    assertThat(get(path).json()).isEqualTo(json);
  }

  @Test
  void invalidDistribution_isRefused() {
    """
    [] | distribution must be an object
    {'events':0,'days':1,'digits':4,'other_texts':0} | must have at least 10 values
    {'events':0,'days':1,'digits':4,'other_texts':0,'numbers':[[1]]} | pairs of a number and its count
    {'events':0,'days':1,'digits':4,'other_texts':0,'numbers':[[1,0]]} | numbers must be counted
    {'events':0,'days':1,'digits':4,'other_texts':0,'numbers':[[1e999,20]]} | value must be finite
    {'events':0,'days':1,'digits':18,'other_texts':0,'numbers':[[1,20]]} | digits must be a whole number
    {'events':0,'days':1,'digits':0,'other_texts':0,'numbers':[[1,20]]} | digits must be between 1 and 17
    {'events':0,'days':1,'digits':4,'other_texts':0,'texts':{'a':1.5}} | texts must be counted
    {'events':19,'days':1,'digits':4,'other_texts':0,'texts':{'a':20}} | events must be at least
    """
        .lines()
        .map(line -> line.split(" \\| "))
        .forEach(row -> assertThatItIsRefused("&feature=/response/f", row[0], row[1]));
  }

  private void assertThatItIsRefused(String feature, String distribution, String message) {
    Answer refused =
        put("/baselines/b?model_id=m" + feature, "{'distribution':" + distribution + "}");
    assertThat(refused.status()).as(refused.toString()).isEqualTo(422);
    assertThat(refused.toString()).contains(message);
  }

  @Test
  void distributionOfInvalidLatencies_isRefused() {
    for (String numbers : List.of("[[-1,20]]", "[[0.5,20]]", "[[86400001,20]]")) {
      assertThatItIsRefused(
          "",
          "{'events':0,'days':1,'digits':17,'other_texts':0,'numbers':" + numbers + "}",
          "latencies must be whole numbers");
    }
  }

  private Answer put(String path, String body) {
    return send(
        "PUT",
        path,
        BodyPublishers.ofString(body.replace('\'', '"')),
        "Content-Type",
        "application/json");
  }

  /** Events of a model on the day before yesterday and yesterday. */
  private void both(
      String model,
      int before,
      int after,
      BiConsumer<Integer, ObjectNode> first,
      BiConsumer<Integer, ObjectNode> second) {
    many(1, before, first.andThen((i, event) -> model(event, model)));
    many(0, after, second.andThen((i, event) -> model(event, model)));
  }

  private static int lognormal(Random random) {
    return (int) Math.round(800 * Math.exp(0.6 * random.nextGaussian()));
  }

  /** Events of model m, so many days before yesterday, spread over the day. */
  private void many(int daysBefore, int count, BiConsumer<Integer, ObjectNode> change) {
    List<ObjectNode> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ObjectNode event = at(called("d-" + posted++, "m"), YESTERDAY.minusDays(daysBefore));
      change.accept(i, event);
      events.add(event);
    }
    assertThat(post(events.toString()).status()).isEqualTo(202);
  }

  private JsonNode drift() {
    compute();
    return get("/telemetry?action=drift&range=90d&limit=1000").json();
  }

  /** All days that are due, by asking for a day of the beginning and for yesterday. */
  private void compute() {
    for (int day = 21; day >= 0; day -= 7) {
      String date = YESTERDAY.minusDays(day).toString();
      Answer queued =
          send(
              "POST",
              "/jobs/daily-aggregates",
              BodyPublishers.ofString("{\"date\":\"" + date + "\"}"));
      assertThat(queued.status()).as(queued.toString()).isEqualTo(202);
      await(queued.json().path("job_id").textValue());
    }
  }

  private void await(String id) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < JOB_LIMIT.toNanos()) {
      String status = get("/jobs/" + id).json().path("status").asText();
      if (!List.of("queued", "running").contains(status)) {
        assertThat(status).isEqualTo("succeeded");
        return;
      }
    }
    throw new AssertionError("the job is not done within " + JOB_LIMIT);
  }

  /** The record of yesterday, model m and all events. */
  private static JsonNode of(JsonNode drift, String feature, String reference) {
    return of(drift, "m", feature, reference);
  }

  private static JsonNode of(JsonNode drift, String model, String feature, String reference) {
    for (JsonNode one : drift.path("drift_records")) {
      if (one.path("date").textValue().equals(YESTERDAY.toString())
          && one.path("model_id").textValue().equals(model)
          && one.path("feature").textValue().equals(feature)
          && one.path("reference").textValue().equals(reference)
          && one.path("subgroup").isNull()) {
        return one;
      }
    }
    throw new AssertionError("no record of " + feature + " and " + reference + " in " + drift);
  }

  private static ObjectNode model(ObjectNode event, String model) {
    event.withObject("/model").put("model_id", model);
    return event;
  }

  private static void said(ObjectNode event, @Nullable Object value) {
    ObjectNode response = event.withObject("/response");
    if (value == null) {
      response.remove("f");
    } else if (value instanceof Integer number) {
      response.put("f", number);
    } else if (value instanceof Double number) {
      response.put("f", number);
    } else {
      response.put("f", value.toString());
    }
  }

  private static ObjectNode at(ObjectNode event, LocalDate day) {
    return event.put(
        "timestamp", day.atStartOfDay(ZoneOffset.UTC).toInstant().plusSeconds(3_600).toString());
  }
}

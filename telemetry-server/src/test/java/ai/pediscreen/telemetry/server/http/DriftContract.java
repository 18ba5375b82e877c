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
  void evenTexts_areNoDrift() {
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
  void fewValues_areBinsOfTheirOwn() {
    many(1, 700, (i, event) -> said(event, 1 + i % 5));
    many(0, 700, (i, event) -> said(event, i % 5 == 3 ? 5 : 1 + i % 5));
    JsonNode record = of(drift(), "/response/f", "week");
    assertThat(record.path("alert").booleanValue()).isTrue();
    assertThat(record.path("psi_score").doubleValue()).isGreaterThan(0.5);
    assertThat(record.path("direction").textValue()).isEqualTo("up");
    assertThat(record.path("summary").textValue()).isEqualTo("/response/f 4: 20 % → 0 %");
  }

  @Test
  @DisplayName("Latency that is constant, and another constant after")
  void constantLatency_keepsItsPsi_andIsSeen() {
    many(1, 700, (i, event) -> latency(event, 0));
    many(0, 100, (i, event) -> latency(event, 5_000));
    JsonNode record = of(drift(), "latency_ms", "week");
    assertThat(record.path("psi_score").doubleValue()).as("SEED's one bin").isZero();
    assertThat(record.path("verdict").textValue()).isEqualTo("SIGNIFICANT");
    assertThat(record.path("summary").textValue()).contains("0 ms → 5000 ms");
  }

  @Test
  @DisplayName("Values gone: 95 % of a feature, and all of it")
  void missingValues_areAnAlertOfTheirOwn() {
    many(1, 400, (i, event) -> said(event, 0.5));
    many(0, 400, (i, event) -> said(event, i == 0 ? 0.5 : null));
    JsonNode record = of(drift(), "/response/f", "week");
    assertThat(record.path("psi_score").isNull()).isTrue();
    assertThat(record.path("alert").booleanValue()).isTrue();
    assertThat(record.path("missing_share").doubleValue()).isCloseTo(0.9975, within(1e-9));
    assertThat(record.path("summary").textValue()).isEqualTo("without a value: 0 % → 100 %");
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
  void baselines_areSetComparedAndForgotten() {
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

    Answer removed = send("DELETE", path, BodyPublishers.noBody());
    assertThat(removed.status()).isEqualTo(200);
    assertThat(removed.json().path("status").textValue()).isEqualTo("removed");
    assertThat(send("DELETE", path, BodyPublishers.noBody()).status()).isEqualTo(404);
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

  private Answer put(String path, String body) {
    return send(
        "PUT",
        path,
        BodyPublishers.ofString(body.replace('\'', '"')),
        "Content-Type",
        "application/json");
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

  /** The record of yesterday and all events. */
  private static JsonNode of(JsonNode drift, String feature, String reference) {
    for (JsonNode one : drift.path("drift_records")) {
      if (one.path("date").textValue().equals(YESTERDAY.toString())
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

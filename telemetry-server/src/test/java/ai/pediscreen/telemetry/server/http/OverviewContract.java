package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What the contract's section "GET /telemetry" says of the overview. The names of tests quote it.
 */
public abstract class OverviewContract extends HttpContract {

  @Test
  @DisplayName("**overview**: every field, without events")
  void overview_withoutEvents_isZeros() {
    JsonNode answer = withoutEnvelope(get("/telemetry?range=1h"));

    assertThat(answer)
        .isEqualTo(
            json(
                "{'active_connection':false,'last_used':null,'total_requests':0,"
                    + "'success_count':0,'error_count':0,'fallback_count':0,'avg_latency_ms':0,"
                    + "'p50_latency_ms':0,'p95_latency_ms':0,'p99_latency_ms':0,"
                    + "'latency_histogram':{'le_50':0,'le_100':0,'le_250':0,'le_500':0,"
                    + "'le_1000':0,'le_2000':0,'le_5000':0,'le_inf':0},'total_cost_usd':0.0,"
                    + tokens(0, 0, 0, 0, 0)
                    + ",'unpriced_calls':0,"
                    + "'number_of_models':0,'top_model':null,'timeseries':[{'date':'2026-03-10',"
                    + "'calls':0,'errors':0,'fallbacks':0,'cost':0.0,"
                    + tokens(0, 0, 0, 0, 0)
                    + "}],'drift':null,"
                    + "'alerts':{'p95_latency_above_2s':false,'error_rate_above_1pct':false,"
                    + "'fallback_rate_above_5pct':false,'psi_drift_detected':false},'open_incidents':0}"));
  }

  @Test
  @DisplayName(
      "**overview**: `total_requests`, `success_count`, `error_count`, `fallback_count`, "
          + "`avg_latency_ms` (integer), `latency_histogram` (non-cumulative), `top_model` "
          + "`{model_id,calls}` (of events with a model; ties by `model_id`)")
  void overview_countsEvents() {
    post(latency(called("e-1", "m-2"), 50).toString());
    post(latency(called("e-2", "m-1"), 51).toString());
    ObjectNode failed = latency(event("e-3"), 5_001);
    failed.withObject("/response").put("status_code", 500).put("fallback_to", "rules");
    post(failed.toString());
    ObjectNode unknown = event("e-4");
    unknown.remove("response");
    post(unknown.toString());
    post(latency(event("e-5"), 7).toString());

    JsonNode answer = get("/telemetry").json();

    assertThat(answer.path("total_requests").intValue()).isEqualTo(5);
    assertThat(answer.path("success_count").intValue()).isEqualTo(3);
    assertThat(answer.path("error_count").intValue()).isEqualTo(2);
    assertThat(answer.path("fallback_count").intValue()).isEqualTo(1);
    assertThat(answer.path("avg_latency_ms").intValue()).isEqualTo(1_277);
    assertThat(answer.path("avg_latency_ms").isIntegralNumber()).isTrue();
    assertThat(answer.path("latency_histogram"))
        .isEqualTo(
            json(
                "{'le_50':2,'le_100':1,'le_250':0,'le_500':0,'le_1000':0,'le_2000':0,"
                    + "'le_5000':0,'le_inf':1}"));
    assertThat(answer.path("number_of_models").intValue()).isEqualTo(2);
    assertThat(answer.path("top_model")).isEqualTo(json("{'model_id':'m-1','calls':1}"));
  }

  @Test
  @DisplayName(
      "`p50_latency_ms` `p95_latency_ms` `p99_latency_ms` (within 1 % of the exact rank value)")
  void percentiles_areWithinOnePercent() {
    List<String> events = new ArrayList<>();
    for (int i = 1; i <= 1_000; i++) {
      events.add(latency(event("e-" + i), i * 10).toString());
    }
    post("[" + String.join(",", events) + "]");

    JsonNode answer = get("/telemetry").json();

    assertThat(answer.path("p50_latency_ms").doubleValue()).isCloseTo(5_000, within(50.0));
    assertThat(answer.path("p95_latency_ms").doubleValue()).isCloseTo(9_500, within(95.0));
    assertThat(answer.path("p99_latency_ms").doubleValue()).isCloseTo(9_900, within(99.0));
    assertThat(answer.path("p99_latency_ms").isIntegralNumber()).isTrue();
  }

  @Test
  @DisplayName("`active_connection` (an event's timestamp within the last 5 minutes)")
  void connection_isActiveForFiveMinutes() {
    postAt("e-1", NOW.minus(Duration.ofMinutes(5)).minusNanos(1_000));
    boolean justOver = get("/telemetry").json().path("active_connection").booleanValue();
    postAt("e-2", NOW.minus(Duration.ofMinutes(5)));
    boolean justWithin = get("/telemetry").json().path("active_connection").booleanValue();

    assertThat(justOver).isFalse();
    assertThat(justWithin).isTrue();
  }

  @Test
  @DisplayName("`last_used` (newest timestamp in the window or null)")
  void lastUsed_isTheNewestTimestamp_inAnyOrderOfArrival() {
    postAt("e-1", NOW.minusSeconds(60).plusNanos(1_000));
    postAt("e-2", NOW.minusSeconds(3_000));
    postAt("e-3", NOW.plusSeconds(1));

    assertThat(get("/telemetry?range=1h").json().path("last_used").textValue())
        .isEqualTo("2026-03-10T11:59:00.000001+00:00");
  }

  @Test
  @DisplayName("`total_cost_usd` (the exact decimal sum, then rounded to 6 places)")
  void cost_isAnExactSum_writtenWithoutExponent() {
    for (String cost : List.of("0.1", "0.2", "0.0000004", "\"0.0000004\"", "999999.7")) {
      ObjectNode event = called("e-" + cost.hashCode(), "m-1");
      post(event.toString().replaceFirst("}$", ",\"cost_estimate_usd\":" + cost + "}"));
    }
    post(called("tiny", "m-2").put("cost_estimate_usd", 0.00001).toString());

    assertThat(get("/telemetry").text()).contains("\"total_cost_usd\":1000000.000011,");
    assertThat(get("/telemetry?model_id=m-2").text()).contains("\"total_cost_usd\":0.00001,");
  }

  @Test
  @DisplayName(
      "`timeseries` (one `{date,calls,errors,fallbacks,cost}` for each UTC day the window touches,"
          + " oldest first, days without events included)")
  void timeseries_hasEachDayOfTheWindow() {
    postAt("e-1", Instant.parse("2026-03-09T23:59:59.999999Z"));
    postAt("e-2", Instant.parse("2026-03-10T00:00:00Z"));

    JsonNode days = get("/telemetry?range=7d").json().path("timeseries");

    assertThat(days).hasSize(8);
    assertThat(days.get(0).path("date").textValue()).isEqualTo("2026-03-03");
    assertThat(days.get(6))
        .isEqualTo(
            json(
                "{'date':'2026-03-09','calls':1,'errors':0,'fallbacks':0,'cost':0.0,"
                    + tokens(0, 0, 0, 0, 0)
                    + "}"));
    assertThat(days.get(7).path("calls").intValue()).isEqualTo(1);
  }

  @Test
  void tokens_areSummed_andUnpricedCallsCounted() {
    ObjectNode cached = using(called("e-1", "m"), 130_213, 300).put("cost_estimate_usd", 0.5);
    cached.withObject("/request").put("cache_read_input_tokens", 128_955);
    cached.withObject("/request").put("cache_creation_input_tokens", 1_253);
    cached.withObject("/response").put("reasoning_output_tokens", 100);
    post(cached.toString());
    post(using(called("e-2", "m"), 7, 2).toString());
    post(called("e-3", "m").toString());

    JsonNode answer = get("/telemetry").json();

    JsonNode expected = json("{" + tokens(130_220, 128_955, 1_253, 302, 100) + "}").get("tokens");
    assertThat(answer.get("tokens")).isEqualTo(expected);
    assertThat(answer.get("unpriced_calls").intValue()).isEqualTo(1);
    assertThat(answer.get("total_cost_usd").decimalValue()).isEqualByComparingTo("0.5");
    assertThat(get("/telemetry?action=series&by=model").json().at("/groups/0/series"))
        .anySatisfy(point -> assertThat(point.get("tokens")).isEqualTo(expected));
  }

  @Test
  @DisplayName("`alerts`: `p95_latency_above_2s` (when over, not at, its bound)")
  void slowAnswers_areAnAlert() {
    post(latency(event("e-1"), 2_100).toString());

    assertThat(get("/telemetry").json().at("/alerts/p95_latency_above_2s").booleanValue()).isTrue();
  }

  @Test
  @DisplayName(
      "`alerts`: `p95_latency_above_2s`, `error_rate_above_1pct`, `fallback_rate_above_5pct` (each"
          + " when over, not at, its bound)")
  void alerts_areRaised_overTheirBounds_notAtThem() {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ObjectNode event = latency(event("e-" + i), 2_000);
      if (i < 1) {
        event.withObject("/response").put("status_code", 404);
      }
      if (i < 5) {
        event.withObject("/response").put("fallback_to", "rules");
      }
      events.add(event.toString());
    }
    post("[" + String.join(",", events) + "]");
    JsonNode at = get("/telemetry").json().path("alerts");
    ObjectNode one = latency(event("one-more"), 86_400_000);
    one.withObject("/response").put("status_code", 404).put("fallback_to", "rules");
    post("[" + one + "," + called("two-more", "m").toString() + "]");
    JsonNode over = get("/telemetry").json().path("alerts");

    assertThat(at.path("p95_latency_above_2s").booleanValue()).isFalse();
    assertThat(at.path("error_rate_above_1pct").booleanValue()).isFalse();
    assertThat(at.path("fallback_rate_above_5pct").booleanValue()).isFalse();
    assertThat(over.path("error_rate_above_1pct").booleanValue()).isTrue();
    assertThat(over.path("fallback_rate_above_5pct").booleanValue()).isTrue();
    assertThat(over.path("psi_drift_detected").booleanValue()).isFalse();
  }
}

package ai.pediscreen.telemetry.server.takeover;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.takeover.Comparison.Finding;
import ai.pediscreen.telemetry.server.takeover.Comparison.Result;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> FIELDS = List.of("timestamp", "model_id", "fallback_reason");

  private static final String OVERVIEW =
      """
      {"active_connection":true,"last_used":"2026-03-10T11:00:00+00:00","total_requests":10,
       "success_count":8,"error_count":2,"fallback_count":1,"avg_latency_ms":120,
       "total_cost_usd":0.5,"number_of_models":2,"top_model":{"model_id":"a","calls":6},
       "timeseries":[{"date":"2026-03-09","calls":10,"errors":2,"fallbacks":1,"cost":0.5}]}
      """;

  @Test
  void equalAnswers_areEqualInEveryField() throws Exception {
    Comparison comparison = new Comparison(0, 0, 0);
    comparison.overview(json(OVERVIEW), json(OVERVIEW), 0);

    assertThat(comparison.findings()).hasSize(14).allMatch(one -> one.result() == Result.EQUAL);
  }

  @Test
  void eachChangedFigure_isADifference() throws Exception {
    Comparison comparison = new Comparison(0, 0, 0);
    comparison.overview(
        json(OVERVIEW),
        json(
            """
            {"active_connection":false,"last_used":"2026-03-10T11:00:00+00:00","total_requests":11,
             "success_count":9,"error_count":3,"fallback_count":2,"avg_latency_ms":122,
             "total_cost_usd":0.6,"number_of_models":2,"top_model":{"model_id":"b","calls":7},
             "timeseries":[]}
            """),
        0);

    assertThat(of(comparison, Result.DIFFERENT))
        .extracting(Finding::field)
        .containsExactly(
            "overview total_requests",
            "overview success_count",
            "overview error_count",
            "overview fallback_count",
            "overview avg_latency_ms",
            "overview total_cost_usd",
            "overview top_model",
            "overview active_connection",
            "overview timeseries 2026-03-09 calls",
            "overview timeseries 2026-03-09 errors",
            "overview timeseries 2026-03-09 fallbacks",
            "overview timeseries 2026-03-09 cost");
  }

  @Test
  void intendedDifferences_areExplained() throws Exception {
    Comparison comparison = new Comparison(0, 0, 0);
    comparison.overview(
        json(OVERVIEW),
        json(
            """
            {"active_connection":true,"last_used":"2026-03-10T11:59:00+00:00","total_requests":10,
             "success_count":8,"error_count":2,"fallback_count":0,"avg_latency_ms":120,
             "total_cost_usd":0.500001,"number_of_models":2,"top_model":{"model_id":"b","calls":6},
             "timeseries":[{"date":"2026-03-09","calls":10,"errors":2,"fallbacks":1,"cost":0.5},
               {"date":"2026-03-10","calls":3,"errors":0,"fallbacks":0,"cost":0}]}
            """),
        1);

    assertThat(of(comparison, Result.DIFFERENT)).isEmpty();
    assertThat(of(comparison, Result.EXPLAINED))
        .extracting(Finding::reason)
        .containsExactly(
            "blank fallbacks are none here",
            "sum of floats there, of decimals here",
            "both have as many calls",
            "the newest timestamp here, the row read last there",
            "today is included here");
  }

  @Test
  void eventsInOneServiceOnly_explainAsManyDifferences() throws Exception {
    String two = OVERVIEW.replace("\"total_requests\":10", "\"total_requests\":12");
    Comparison comparison = new Comparison(1, 1, 0);
    comparison.overview(json(OVERVIEW), json(two), 0);
    assertThat(of(comparison, Result.EXPLAINED))
        .singleElement()
        .extracting(Finding::reason)
        .asString()
        .contains("1 before the old window began", "1 refused by the import");

    String three = two.replace("\"total_requests\":12", "\"total_requests\":13");
    Comparison more = new Comparison(1, 1, 0);
    more.overview(json(OVERVIEW), json(three), 0);
    assertThat(of(more, Result.DIFFERENT)).hasSize(1);
  }

  @Test
  void models_areComparedByTheirIds() throws Exception {
    JsonNode old =
        json(
            """
            {"models":[{"model_id":"a","calls":6,"avg_latency_ms":12.4,"error_rate":16.67,
               "fallback_count":1},
              {"model_id":null,"calls":2,"avg_latency_ms":1.0,"error_rate":0.0,"fallback_count":0},
              {"model_id":"","calls":1,"avg_latency_ms":1.0,"error_rate":0.0,"fallback_count":0}]}
            """);
    JsonNode now =
        json(
            """
            {"models":[{"model_id":"a","calls":7,"avg_latency_ms":12,"error_rate":16.66,
               "fallback_count":1},
              {"model_id":null,"calls":2,"avg_latency_ms":1,"error_rate":0.0,"fallback_count":0}]}
            """);
    Comparison comparison = new Comparison(0, 0, 0);
    comparison.models(old, now, true);

    assertThat(of(comparison, Result.DIFFERENT))
        .extracting(Finding::field)
        .containsExactly("models a calls");
    assertThat(of(comparison, Result.EXPLAINED))
        .extracting(Finding::field)
        .containsExactly("models a avg_latency_ms", "models a error_rate", "models ");
  }

  @Test
  void listsOfEvents_areEqualInAnyOrder_andWithoutBlankFallbacks() throws Exception {
    String first =
        "{\"timestamp\":\"2026-03-10T11:00:00+00:00\",\"model_id\":\"a\",\"fallback_reason\":\"r\"}";
    String second = first.replace("\"a\"", "null");
    String blank = first.replace("\"r\"", "\"\"");
    Comparison comparison = new Comparison(0, 0, 0);
    comparison.list("fallbacks", list(first, second, blank), list(second, first), FIELDS);
    comparison.list("fallbacks", list(first), list(second), FIELDS);

    assertThat(comparison.findings())
        .extracting(Finding::result)
        .containsExactly(Result.EQUAL, Result.DIFFERENT);
  }

  @Test
  void fallbackReasons_areCompared_unlessTheOldListIsTruncated() throws Exception {
    JsonNode old = json("{\"reason_summary\":{\"rules\":2,\"other\":1,\"unknown\":3}}");
    Comparison comparison = new Comparison(0, 0, 0);
    comparison.reasons(old, json("{\"reason_summary\":{\"rules\":2,\"other\":2}}"));
    assertThat(comparison.findings())
        .extracting(Finding::result)
        .containsExactly(Result.EQUAL, Result.DIFFERENT, Result.EXPLAINED);

    String rows = String.join(",", Collections.nCopies(100, "{}"));
    JsonNode cut = json("{\"fallbacks\":[" + rows + "],\"reason_summary\":{\"rules\":100}}");
    Comparison ofCut = new Comparison(0, 0, 0);
    ofCut.reasons(cut, json("{\"reason_summary\":{\"rules\":4711}}"));
    assertThat(of(ofCut, Result.EXPLAINED)).hasSize(1);
  }

  private static List<Finding> of(Comparison comparison, Result result) {
    return comparison.findings().stream().filter(one -> one.result() == result).toList();
  }

  private static JsonNode list(String... events) throws Exception {
    return json("{\"fallbacks\":[" + String.join(",", events) + "]}");
  }

  private static JsonNode json(String text) throws Exception {
    return JSON.readTree(text);
  }
}

package ai.pediscreen.telemetry.server.http;

import static ai.pediscreen.telemetry.server.http.AllowedDifference.added;
import static ai.pediscreen.telemetry.server.http.AllowedDifference.changed;
import static ai.pediscreen.telemetry.server.http.AllowedDifference.now;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * "We reproduce both, except where 'On purpose different' says otherwise": what the replaced
 * service answered to twelve events, field by field. A difference that is not in {@link #ALLOWED}
 * fails, and so does an entry of that list that allows nothing.
 */
public abstract class GoldenAnswersContract extends HttpContract {

  private static final JsonNode GOLDEN = golden();

  private static final String ANY = "";
  private static final String OVERVIEW = "action=overview";
  private static final String MODELS = "action=models";
  private static final String ERRORS = "action=errors";
  private static final String FALLBACKS = "action=fallbacks";
  private static final String HOUR = "&range=1h$";

  private static final String HOUR_IS_AN_HOUR = "`1h` is one hour (was a day)";
  private static final String WITH_TODAY = "`timeseries` includes today";
  private static final String NEWEST =
      "`last_used` is the newest timestamp (was the last inserted)";
  private static final String BLANK = "blank `fallback_to` is no fallback";

  private static final List<AllowedDifference> ALLOWED =
      List.of(
          // Every answer.
          added(OVERVIEW, "/since"),
          added(OVERVIEW, "/trace_id"),
          added(ANY, "/until"),
          added(ANY, "/window_minutes"),
          added(ANY, "/last_updated"),
          changed(
              "`since` no longer null",
              "models|errors|fallbacks",
              "/since",
              (was, is) -> was.isNull()),
          changed(
              "`trace_id` no longer null",
              "models|errors|fallbacks",
              "/trace_id",
              (was, is) -> was.isNull() && is.isTextual()),
          // Overview.
          added(OVERVIEW, "/p(50|95|99)_latency_ms"),
          added(OVERVIEW, "/latency_histogram"),
          added(OVERVIEW, "/drift"),
          added(OVERVIEW, "/open_incidents"),
          added(OVERVIEW, "/alerts"),
          added(OVERVIEW, "(/timeseries/\\d+)?/tokens"),
          added(OVERVIEW, "/unpriced_calls"),
          now(NEWEST, OVERVIEW, "/last_used", "'2026-03-10T11:58:00+00:00'"),
          now(HOUR_IS_AN_HOUR, OVERVIEW + HOUR, "/total_requests", "1"),
          now(HOUR_IS_AN_HOUR, OVERVIEW + HOUR, "/success_count", "1"),
          now(HOUR_IS_AN_HOUR, OVERVIEW + HOUR, "/(error|fallback)_count", "0"),
          now(HOUR_IS_AN_HOUR, OVERVIEW + HOUR, "/avg_latency_ms", "120"),
          now(HOUR_IS_AN_HOUR, OVERVIEW + HOUR, "/total_cost_usd", "0.000123"),
          now(HOUR_IS_AN_HOUR, OVERVIEW + HOUR, "/top_model/calls", "1"),
          now(HOUR_IS_AN_HOUR, OVERVIEW + HOUR, "/timeseries/0/date", "'2026-03-10'"),
          now(HOUR_IS_AN_HOUR, OVERVIEW + HOUR, "/timeseries/0/(errors|fallbacks)", "0"),
          now(HOUR_IS_AN_HOUR, OVERVIEW + HOUR, "/timeseries/0/cost", "0.000123"),
          now(
              WITH_TODAY,
              OVERVIEW + "&range=(24h|7d|30d|90d)$",
              "/timeseries/(1|7|30|90)",
              "{'date':'2026-03-10','calls':2,'errors':0,'fallbacks':0,'cost':0.000373,"
                  + "'tokens':{'input':203,'cache_read':0,'cache_write':0,'output':0,"
                  + "'reasoning':0}}"),
          now(BLANK, OVERVIEW + "&range=(30d|90d)$", "/fallback_count", "2"),
          now(BLANK, OVERVIEW + "&range=30d$", "/timeseries/12/fallbacks", "0"),
          now(BLANK, OVERVIEW + "&range=90d$", "/timeseries/72/fallbacks", "0"),
          // Models.
          added(MODELS, "/models/\\d+/provider"),
          added(MODELS, "/models/\\d+/p95_latency_ms"),
          added(MODELS, "/models/\\d+/fallback_rate"),
          added(MODELS, "/models/\\d+/cost_estimate_usd"),
          added(MODELS, "/models/\\d+/adapters"),
          added(MODELS, "/models/\\d+/(tokens|unpriced_calls)"),
          added(MODELS, "/models/\\d+/last_used"),
          changed(
              "averages of models are integers",
              MODELS + "&range=(24h|7d|30d|90d)$",
              "/models/\\d+/avg_latency_ms",
              (was, is) ->
                  was.decimalValue().setScale(0, RoundingMode.HALF_UP).compareTo(is.decimalValue())
                      == 0),
          now(HOUR_IS_AN_HOUR, MODELS + HOUR, "/models/0/calls", "1"),
          now(HOUR_IS_AN_HOUR, MODELS + HOUR, "/models/0/avg_latency_ms", "120"),
          now(HOUR_IS_AN_HOUR, MODELS + HOUR, "/models/0/(error_rate|fallback_count)", "0"),
          now(BLANK, MODELS + "&range=(30d|90d)$", "/models/0/fallback_count", "1"),
          // Errors.
          added(ERRORS, "/error_summary"),
          added(ERRORS, "/total"),
          changed(
              "`errors[].id` is the event id",
              ERRORS,
              "/errors/\\d/id",
              (was, is) ->
                  is.textValue()
                      .equals("golden-%02d".formatted(Integer.parseInt(was.textValue())))),
          changed(HOUR_IS_AN_HOUR, ERRORS + HOUR, "/errors/0", (was, is) -> is.isMissingNode()),
          // Fallbacks: their ids are event ids too, as those of errors.
          added(FALLBACKS, "/fallbacks/\\d/trace_id"),
          added(FALLBACKS, "/total"),
          changed(
              "`id` (= event_id)",
              FALLBACKS,
              "/fallbacks/\\d/id",
              (was, is) ->
                  is.textValue()
                      .equals("golden-%02d".formatted(Integer.parseInt(was.textValue())))),
          changed(
              HOUR_IS_AN_HOUR, FALLBACKS + HOUR, "/fallbacks/0", (was, is) -> is.isMissingNode()),
          changed(
              HOUR_IS_AN_HOUR,
              FALLBACKS + HOUR,
              "/reason_summary/gemini-flash",
              (was, is) -> is.isMissingNode()),
          changed(
              BLANK,
              FALLBACKS + "&range=(30d|90d)$",
              "/fallbacks/2",
              (was, is) -> was.path("id").textValue().equals("10") && is.isMissingNode()),
          changed(
              BLANK,
              FALLBACKS + "&range=(30d|90d)$",
              "/reason_summary/unknown",
              (was, is) -> is.isMissingNode()));

  @Test
  void everyAnswerOfTheReplacedService_isReproduced_exceptListedDifferences() {
    server
        .clock()
        .set(LocalDateTime.parse(GOLDEN.path("now_utc").textValue()).toInstant(ZoneOffset.UTC));
    SoftAssertions softly = new SoftAssertions();
    for (JsonNode event : GOLDEN.path("events")) {
      Answer answer = post(event.path("request").toString());
      softly.assertThat(answer.status()).isEqualTo(event.path("status").intValue());
      softly.assertThat(answer.json()).isEqualTo(event.path("body"));
    }
    Set<AllowedDifference> used = new HashSet<>();
    for (JsonNode response : GOLDEN.path("responses")) {
      String question = response.path("path").textValue();
      Answer answer = get(question);
      softly.assertThat(answer.status()).as(question).isEqualTo(response.path("status").intValue());
      for (JsonDifference difference :
          JsonDifference.between(response.path("body"), answer.json())) {
        List<AllowedDifference> reasons =
            ALLOWED.stream().filter(allowed -> allowed.allows(question, difference)).toList();
        softly.assertThat(reasons).as("%s %s", question, difference).hasSize(1);
        used.addAll(reasons);
      }
    }
    softly.assertThat(ALLOWED).as("allowed differences that are none").allMatch(used::contains);
    softly.assertThat(GOLDEN.path("responses")).hasSize(20);
    softly.assertAll();
  }

  @Test
  void comparison_findsAnyOtherDifference() {
    JsonNode before = json("{'a':1.0,'b':[{'c':'x'}],'d':null}");
    JsonNode after = json("{'a':1,'b':[{'c':'y'},2]}");

    assertThat(JsonDifference.between(before, after))
        .extracting(JsonDifference::pointer)
        .containsExactly("/b/0/c", "/b/1", "/d");
  }

  private static JsonNode golden() {
    try (InputStream in =
        Objects.requireNonNull(
            GoldenAnswersContract.class.getResourceAsStream("/golden/replaced-service.json"))) {
      return Answer.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

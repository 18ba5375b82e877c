package ai.pediscreen.telemetry.server.http;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.Tokens;
import ai.pediscreen.telemetry.usage.Call;
import ai.pediscreen.telemetry.usage.CallReport;
import ai.pediscreen.telemetry.usage.ModelUsage;
import ai.pediscreen.telemetry.usage.Overview;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsagePoint;
import ai.pediscreen.telemetry.usage.UsageQueries;
import ai.pediscreen.telemetry.usage.UsageRange;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The port as a client sees it: asks {@code GET /telemetry} and reads the answers back. */
public final class HttpUsageQueries implements UsageQueries {

  private final Function<String, JsonNode> get;
  private final Function<TimeWindow, String> windows;

  /**
   * Asks for the ranges that end now.
   *
   * @param get answers a path and query with the body
   */
  HttpUsageQueries(Function<String, JsonNode> get) {
    this(get, HttpUsageQueries::range);
  }

  private HttpUsageQueries(Function<String, JsonNode> get, Function<TimeWindow, String> windows) {
    this.get = get;
    this.windows = windows;
  }

  /**
   * Asks for windows by where they begin and end.
   *
   * @param get answers a path and query with the body
   */
  public static HttpUsageQueries betweenInstants(Function<String, JsonNode> get) {
    return new HttpUsageQueries(
        get, window -> "from=%s&to=%s".formatted(window.since(), window.end()));
  }

  @Override
  public Overview overview(UsageFilter filter) {
    JsonNode body = ask("overview", filter, null);
    JsonNode top = body.get("top_model");
    return new Overview(
        body.get("active_connection").booleanValue(),
        instantOrNull(body.get("last_used")),
        body.get("total_requests").longValue(),
        body.get("error_count").longValue(),
        body.get("fallback_count").longValue(),
        body.get("avg_latency_ms").longValue(),
        body.get("p50_latency_ms").longValue(),
        body.get("p95_latency_ms").longValue(),
        body.get("p99_latency_ms").longValue(),
        list(body.get("latency_histogram"), JsonNode::longValue),
        cost(body.get("total_cost_usd")),
        tokens(body),
        body.get("unpriced_calls").longValue(),
        body.get("number_of_models").intValue(),
        top.isNull()
            ? null
            : new Overview.TopModel(top.get("model_id").textValue(), top.get("calls").longValue()),
        list(body.get("timeseries"), HttpUsageQueries::day));
  }

  @Override
  public List<ModelUsage> models(UsageFilter filter, int limit) {
    return list(ask("models", filter, limit).get("models"), HttpUsageQueries::model);
  }

  @Override
  public CallReport errors(UsageFilter filter, int limit) {
    JsonNode body = ask("errors", filter, limit);
    return new CallReport(
        list(body.get("errors"), HttpUsageQueries::error),
        counts(body.get("error_summary")),
        body.get("total").longValue());
  }

  @Override
  public CallReport fallbacks(UsageFilter filter, int limit) {
    JsonNode body = ask("fallbacks", filter, limit);
    return new CallReport(
        list(body.get("fallbacks"), HttpUsageQueries::fallback),
        counts(body.get("reason_summary")),
        body.get("total").longValue());
  }

  @Override
  public List<UsagePoint> series(UsageFilter filter) {
    return list(ask("series", filter, null).get("series"), HttpUsageQueries::point);
  }

  @Override
  public List<String> organisations(OrgFilter org, @Nullable String after, int limit) {
    return list(get.apply("/organisations").get("organisations"), JsonNode::textValue);
  }

  /** What an entry of {@code errors} tells. */
  public static Call asError(Call call) {
    return new Call(
        call.eventId(),
        call.timestamp(),
        null,
        call.modelId(),
        call.errorCode(),
        call.statusCode(),
        call.fallbackTo(),
        call.latencyMillis(),
        null,
        call.traceId());
  }

  /** What an entry of {@code fallbacks} tells. */
  public static Call asFallback(Call call) {
    return new Call(
        call.eventId(),
        call.timestamp(),
        null,
        call.modelId(),
        null,
        null,
        call.fallbackTo(),
        call.latencyMillis(),
        call.caseId(),
        call.traceId());
  }

  private JsonNode ask(String action, UsageFilter filter, @Nullable Integer limit) {
    return get.apply(
        "/telemetry?action="
            + action
            + "&"
            + windows.apply(filter.window())
            + parameter("org_id", filter.org().orgId())
            + parameter("model_id", filter.modelId())
            + parameter("limit", limit));
  }

  private static String range(TimeWindow window) {
    return "range="
        + Arrays.stream(UsageRange.values())
            .filter(range -> range.length().toMinutes() == window.minutes())
            .findFirst()
            .orElseThrow()
            .label();
  }

  private static String parameter(String name, @Nullable Object value) {
    return value == null
        ? ""
        : "&" + name + "=" + URLEncoder.encode(value.toString(), StandardCharsets.UTF_8);
  }

  private static Overview.DayUsage day(JsonNode day) {
    return new Overview.DayUsage(
        LocalDate.parse(day.get("date").textValue()),
        day.get("calls").longValue(),
        day.get("errors").longValue(),
        day.get("fallbacks").longValue(),
        cost(day.get("cost")),
        tokens(day));
  }

  /** Member {@code tokens} of an answer. */
  private static Tokens tokens(JsonNode answer) {
    JsonNode tokens = answer.get("tokens");
    return new Tokens(
        tokens.get("input").longValue(),
        tokens.get("cache_read").longValue(),
        tokens.get("cache_write").longValue(),
        tokens.get("output").longValue(),
        tokens.get("reasoning").longValue());
  }

  private static UsagePoint point(JsonNode point) {
    return new UsagePoint(
        requireNonNull(instantOrNull(point.get("time"))),
        point.get("calls").longValue(),
        point.get("errors").longValue(),
        point.get("fallbacks").longValue(),
        cost(point.get("cost")),
        tokens(point),
        point.get("p50_latency_ms").longValue(),
        point.get("p95_latency_ms").longValue(),
        point.get("p99_latency_ms").longValue());
  }

  private static ModelUsage model(JsonNode model) {
    return new ModelUsage(
        model.get("model_id").textValue(),
        model.get("provider").textValue(),
        model.get("calls").longValue(),
        model.get("avg_latency_ms").longValue(),
        model.get("p95_latency_ms").longValue(),
        model.get("error_rate").decimalValue().setScale(2),
        model.get("fallback_rate").decimalValue().setScale(2),
        model.get("fallback_count").longValue(),
        cost(model.get("cost_estimate_usd")),
        tokens(model),
        model.get("unpriced_calls").longValue(),
        list(model.get("adapters"), JsonNode::textValue),
        requireNonNull(instantOrNull(model.get("last_used"))));
  }

  private static Call error(JsonNode call) {
    return new Call(
        call.get("id").textValue(),
        requireNonNull(instantOrNull(call.get("timestamp"))),
        null,
        call.get("model_id").textValue(),
        call.get("error_code").textValue(),
        call.get("status_code").isNull() ? null : call.get("status_code").intValue(),
        call.get("fallback_reason").textValue(),
        call.get("latency_ms").isNull() ? null : call.get("latency_ms").longValue(),
        null,
        call.get("trace_id").textValue());
  }

  private static Call fallback(JsonNode call) {
    return new Call(
        call.get("id").textValue(),
        requireNonNull(instantOrNull(call.get("timestamp"))),
        null,
        call.get("model_id").textValue(),
        null,
        null,
        call.get("fallback_reason").textValue(),
        call.get("latency_ms").isNull() ? null : call.get("latency_ms").longValue(),
        call.get("screening_id").textValue(),
        call.get("trace_id").textValue());
  }

  /** Exact: the number as it was written, brought to six places without rounding. */
  private static BigDecimal cost(JsonNode number) {
    return number.decimalValue().setScale(6);
  }

  private static @Nullable Instant instantOrNull(JsonNode text) {
    return text.isNull() ? null : OffsetDateTime.parse(text.textValue()).toInstant();
  }

  private static Map<String, Long> counts(JsonNode object) {
    Map<String, Long> counts = new LinkedHashMap<>();
    object.properties().forEach(entry -> counts.put(entry.getKey(), entry.getValue().longValue()));
    return counts;
  }

  private static <T> List<T> list(JsonNode nodes, Function<JsonNode, T> reader) {
    List<T> list = new ArrayList<>();
    nodes.forEach(node -> list.add(reader.apply(node)));
    return list;
  }
}

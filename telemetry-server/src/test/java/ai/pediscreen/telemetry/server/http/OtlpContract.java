package ai.pediscreen.telemetry.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ai.pediscreen.telemetry.server.otlp.Fixture;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** OpenTelemetry's protocol over HTTP, as its specification and docs/otlp.md have it. */
public abstract class OtlpContract extends HttpContract {

  static final String PROTOBUF = "application/x-protobuf";
  static final String JSON = "application/json";

  @Test
  void span_becomesACall_foundByItsIds() {
    String request = Fixture.of("spring-ai").request().toString();

    Answer answer = otlp("/v1/traces", request.getBytes(UTF_8), JSON);

    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).contains(JSON);
    assertThat(answer.json()).isEqualTo(json("{}"));
    JsonNode overview = get("/telemetry").json();
    assertThat(overview.path("total_requests").intValue()).isEqualTo(2);
    assertThat(overview.path("error_count").intValue()).isEqualTo(1);
    assertThat(overview.path("avg_latency_ms").intValue()).isEqualTo(1250);
    JsonNode error = get("/telemetry?action=errors").json().at("/errors/0");
    assertThat(error.path("id").textValue()).isEqualTo(Fixture.eventId(2));
    assertThat(error.path("error_code").textValue()).isEqualTo("java.net.SocketTimeoutException");
    assertThat(get("/events/" + Fixture.eventId(1)).text())
        .contains("gpt-4o-2024-08-06")
        .doesNotContain("secret");
  }

  @Test
  @DisplayName(
      "input 130 213, cache_read 128 955, cache_write 1 253: 130 213 in all, 5 at full price")
  void callWithoutACost_isPricedByItsTokens_orUnpricedForAnUnknownModel() {
    ObjectNode own = using(called("own", "priced-sonnet-4"), 1_000, 0);
    post(own.put("cost_estimate_usd", 0.5).toString());
    post(using(called("early", "priced-sonnet-4"), 9, 0).put("timestamp", "2025-12-31").toString());
    List<Span> spans =
        List.of(tokens(call(1), "priced-sonnet-4.5"), tokens(call(2), "of no price list"));
    assertEmptySuccess(otlp("/v1/traces", request(spans).toByteArray(), PROTOBUF));

    JsonNode models = get("/telemetry?action=models&range=90d").json().path("models");
    assertThat(models)
        .extracting(
            model -> model.path("model_id").textValue(),
            model -> model.path("cost_estimate_usd").decimalValue().doubleValue(),
            model -> model.path("unpriced_calls").intValue(),
            model -> model.path("tokens").path("input").longValue())
        .containsExactlyInAnyOrder(
            tuple("priced-sonnet-4", 0.5, 1, 1_009L),
            tuple("priced-sonnet-4.5", 0.0479, 0, 130_213L),
            tuple("of no price list", 0.0, 1, 130_213L));
    String id = "01020304050607080910111213141516" + "%016x".formatted(2);
    JsonNode priced = get("/events/" + id).json();
    // (5 × 3 + 128 955 × 0.30 + 1 253 × 3.75 + 300 × 15) / 1 000 000
    assertThat(priced.findValue("cost_estimate_usd").decimalValue())
        .isEqualByComparingTo("0.04790025");
    assertThat(priced.findValue("cost_source").textValue()).isEqualTo("prices");
    assertThat(get("/events/own").json().findValue("cost_source")).isNull();
  }

  @Test
  @DisplayName("a resent span counts once; a span and its log with the same ids are one call")
  void sameSpan_countsOnce_inEveryEncoding() {
    byte[] request = request(calls(0, 5)).toByteArray();
    String log =
        """
        {"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1773144000000000000",
        "traceId":"01020304050607080910111213141516","spanId":"0000000000000001",
        "eventName":"gen_ai.client.inference.operation.details","attributes":[
        {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}}]}]}]}]}
        """;
    for (int i = 0; i < 2; i++) {
      assertEmptySuccess(otlp("/v1/traces", request, PROTOBUF));
      assertEmptySuccess(
          otlp("/v1/traces", Gzip.of(request), PROTOBUF, "Content-Encoding", "gzip"));
    }
    assertThat(otlp("/v1/logs", log.getBytes(UTF_8), JSON).status()).isEqualTo(200);

    assertThat(totalRequests()).isEqualTo(5);
  }

  @Test
  @DisplayName("one bad span beside 99 good ones: 99 stored, rejectedSpans 1")
  void badSpan_doesNotAffectItsNeighbours() {
    List<Span> spans = new ArrayList<>(calls(0, 99));
    spans.add(50, Span.newBuilder(call(99)).setTraceId(ByteString.EMPTY).build());
    StringBuilder json = new StringBuilder("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[");
    for (int i = 100; i < 199; i++) {
      json.append(jsonSpan(i, "\"1773144000000000000\"")).append(',');
    }
    json.append(jsonSpan(199, "\"yesterday\"")).append("]}]}]}");

    Answer one = otlp("/v1/traces", request(spans).toByteArray(), PROTOBUF);
    Answer other = otlp("/v1/traces", json.toString().getBytes(UTF_8), JSON);

    assertThat(one.status()).isEqualTo(200);
    ExportTraceServiceResponse response = parsed(one);
    assertThat(response.getPartialSuccess().getRejectedSpans()).isEqualTo(1);
    assertThat(response.getPartialSuccess().getErrorMessage())
        .isEqualTo(
            "1 of 100 spans refused: 1 × trace_id and span_id must have 16 and 8 bytes that are"
                + " not all zero");
    assertThat(other.status()).isEqualTo(200);
    assertThat(other.json().at("/partialSuccess/rejectedSpans").asInt()).isEqualTo(1);
    assertThat(other.json().at("/partialSuccess/errorMessage").textValue())
        .isEqualTo("1 of 100 spans refused: 1 × the span cannot be decoded");
    assertThat(totalRequests()).isEqualTo(198);
    assertThat(get("/metrics").text())
        .contains(
            "telemetry_events_refused_total{reason=\"INVALID_FIELD\"} 1.0",
            "telemetry_events_refused_total{reason=\"UNREADABLE_RECORD\"} 1.0");
  }

  @Test
  void wrappers_areIgnoredAndCountedByKind() {
    String request = Fixture.of("openllmetry").request().toString();
    assertThat(otlp("/v1/traces", request.getBytes(UTF_8), JSON).json()).isEqualTo(json("{}"));

    assertThat(get("/metrics").text())
        .contains(
            "telemetry_otlp_ignored_total{kind=\"workflow\",signal=\"traces\"} 1.0",
            "telemetry_otlp_ignored_total{kind=\"http\",signal=\"traces\"} 1.0");
    assertThat(totalRequests()).isEqualTo(2);
  }

  @Test
  void metrics_areCountedAndDropped_andTheAnswerSaysSo() throws Exception {
    ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
    request
        .addResourceMetricsBuilder()
        .addScopeMetricsBuilder()
        .addMetricsBuilder()
        .getSumBuilder()
        .addDataPointsBuilder();

    Answer answer = otlp("/v1/metrics", request.build().toByteArray(), PROTOBUF);

    assertThat(answer.status()).isEqualTo(200);
    ExportMetricsServiceResponse response =
        ExportMetricsServiceResponse.parseFrom(answer.response().body());
    assertThat(response.getPartialSuccess().getRejectedDataPoints()).isEqualTo(1);
    assertThat(response.getPartialSuccess().getErrorMessage()).contains("not stored");
    assertThat(get("/metrics").text())
        .contains("telemetry_otlp_ignored_total{kind=\"data_point\",signal=\"metrics\"} 1.0");
  }

  @Test
  void anEmptyRequest_isASuccess() {
    for (String path : List.of("/v1/traces", "/v1/logs", "/v1/metrics")) {
      assertEmptySuccess(otlp(path, new byte[0], PROTOBUF));
      assertThat(otlp(path, "{}".getBytes(UTF_8), JSON).json()).isEqualTo(json("{}"));
    }
  }

  @Test
  @DisplayName("Errors are a google.rpc.Status in the request's type")
  void invalidOtlpRequest_isRefusedInItsOwnEncoding() throws Exception {
    Answer protobuf = otlp("/v1/traces", new byte[] {10, 100, 1}, PROTOBUF);
    assertThat(protobuf.status()).isEqualTo(400);
    assertThat(protobuf.header("Content-Type")).contains(PROTOBUF);
    assertThat(Status.parseFrom(protobuf.response().body()).getCode()).isEqualTo(3);

    for (String body : List.of("", "[]", "{", "{}{}", "{\"resourceSpans\":7}", "nul")) {
      Answer json = otlp("/v1/traces", body.getBytes(UTF_8), JSON);
      assertThat(json.status()).as(body).isEqualTo(400);
      assertThat(json.json().path("code").intValue()).isEqualTo(3);
    }
    Answer text = otlp("/v1/logs", "{}".getBytes(UTF_8), "text/plain");
    assertThat(text.status()).isEqualTo(415);
    assertThat(text.json().path("message").textValue()).contains("application/x-protobuf");
    Answer bomb = otlp("/v1/traces", Gzip.blanks(64L << 20), JSON, "Content-Encoding", "gzip");
    assertThat(bomb.status()).isEqualTo(413);
  }

  @Test
  void overTenThousandCalls_areTooMany_butOtherSpansAreNot() {
    Answer calls = otlp("/v1/traces", request(calls(0, 10_001)).toByteArray(), PROTOBUF);
    assertThat(calls.status()).isEqualTo(413);
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < 12_000; i++) {
      spans.add(Span.newBuilder().setName("a step").build());
    }
    spans.add(call(1));
    assertEmptySuccess(otlp("/v1/traces", request(spans).toByteArray(), PROTOBUF));
    assertThat(totalRequests()).isEqualTo(1);
  }

  final Answer otlp(String path, byte[] body, String contentType, String... headers) {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 2, headers.length);
    all[0] = "Content-Type";
    all[1] = contentType;
    return send("POST", path, BodyPublishers.ofByteArray(body), all);
  }

  public static ExportTraceServiceRequest request(List<Span> spans) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    request.addResourceSpansBuilder().addScopeSpansBuilder().addAllSpans(spans);
    return request.build();
  }

  public static List<Span> calls(int from, int to) {
    List<Span> spans = new ArrayList<>();
    for (int i = from; i < to; i++) {
      spans.add(call(i));
    }
    return spans;
  }

  public static Span call(int index) {
    long start = NOW.getEpochSecond() * 1_000_000_000L;
    return Span.newBuilder()
        .setTraceId(ByteString.fromHex("01020304050607080910111213141516"))
        .setSpanId(ByteString.fromHex("%016x".formatted(index + 1)))
        .setName("chat")
        .setStartTimeUnixNano(start)
        .setEndTimeUnixNano(start + 250_000_000)
        .addAttributes(attribute("gen_ai.operation.name", "chat"))
        .addAttributes(attribute("gen_ai.request.model", "gpt-4o"))
        .build();
  }

  private static Span tokens(Span call, String model) {
    return call.toBuilder()
        .addAttributes(attribute("gen_ai.response.model", model))
        .addAttributes(attribute("gen_ai.usage.input_tokens", 130_213))
        .addAttributes(attribute("gen_ai.usage.cache_read.input_tokens", 128_955))
        .addAttributes(attribute("gen_ai.usage.cache_write.input_tokens", 1_253))
        .addAttributes(attribute("gen_ai.usage.output_tokens", 300))
        .build();
  }

  private static KeyValue attribute(String name, long value) {
    return KeyValue.newBuilder()
        .setKey(name)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }

  private static KeyValue attribute(String name, String value) {
    return KeyValue.newBuilder()
        .setKey(name)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static String jsonSpan(int index, String start) {
    return """
    {"traceId":"01020304050607080910111213141516","spanId":"%016x","startTimeUnixNano":%s,
    "attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}}],"new":{}}
    """
        .formatted(index + 1, start);
  }

  private static void assertEmptySuccess(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).contains(PROTOBUF);
    assertThat(answer.response().body()).isEmpty();
  }

  private static ExportTraceServiceResponse parsed(Answer answer) {
    try {
      return ExportTraceServiceResponse.parseFrom(answer.response().body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package ai.pediscreen.telemetry.server.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.server.otlp.wire.JsonMessages;
import ai.pediscreen.telemetry.server.otlp.wire.OtlpBody;
import ai.pediscreen.telemetry.server.otlp.wire.OtlpEncoding;
import ai.pediscreen.telemetry.server.otlp.wire.OtlpSignal;
import ai.pediscreen.telemetry.server.otlp.wire.UnreadableOtlpException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each framework's spans become, in both forms of OTLP. */
class CallMappingTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final CallMapping PLAIN = new CallMapping(false, null);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spring-ai",
        "langchain4j",
        "openllmetry",
        "openlit",
        "openinference",
        "log-records"
      })
  void everyRecordOfAFramework_isMappedAsInItsFixture(String framework) throws Exception {
    Fixture fixture = Fixture.of(framework);
    byte[] json = fixture.request().toString().getBytes(UTF_8);
    byte[] protobuf = protobuf(fixture, json);

    List<MappedRecord> mapped = map(fixture.signal(), OtlpEncoding.JSON, json, PLAIN);

    assertThat(mapped).hasSameSizeAs(fixture.records());
    for (int i = 0; i < mapped.size(); i++) {
      JsonNode expected = fixture.records().get(i);
      if (expected.has("ignored")) {
        assertThat(mapped.get(i))
            .isEqualTo(new MappedRecord.Ignored(expected.get("ignored").asText()));
      } else {
        ObjectNode event = event(mapped.get(i));
        if (fixture.signal() == OtlpSignal.LOGS) {
          event.remove("event_id");
        }
        assertThat(event).as(framework + " " + i).isEqualTo(expected(fixture, i));
      }
    }
    assertThat(mapped.toString()).doesNotContain("secret");
    assertThat(map(fixture.signal(), OtlpEncoding.PROTOBUF, protobuf, PLAIN)).isEqualTo(mapped);
  }

  @Test
  @DisplayName("org_id by key, else resource attribute")
  void tenantAttribute_isUsed_onlyIfTheKeyHasNoOrganisation() throws Exception {
    for (String framework : List.of("langchain4j", "openlit")) {
      byte[] json = Fixture.of(framework).request().toString().getBytes(UTF_8);
      MappedRecord mapped =
          map(OtlpSignal.TRACES, OtlpEncoding.JSON, json, new CallMapping(false, "clinic-1"))
              .get(0);
      // What is named on purpose stays, and is refused later if it is another's.
      assertThat(event(mapped).path("org_id").textValue())
          .isEqualTo(framework.equals("openlit") ? "clinic-9" : null);
    }
  }

  @Test
  void content_isPartOfAnEvent_onlyIfKept() throws Exception {
    Fixture fixture = Fixture.of("openllmetry");
    byte[] json = fixture.request().toString().getBytes(UTF_8);

    List<MappedRecord> mapped =
        map(fixture.signal(), OtlpEncoding.JSON, json, new CallMapping(true, null));

    assertThat(event(mapped.get(0)).at("/request/messages/0.content").textValue())
        .isEqualTo("secret words");
    assertThat(event(mapped.get(0)).at("/response/messages/0.content").textValue())
        .isEqualTo("secret answer");
    assertThat(event(mapped.get(1)).at("/request/messages").textValue()).contains("secret words");
  }

  @Test
  void logRecordWithoutIds_hasTheSameIdWhenSentAgain() throws Exception {
    byte[] json = Fixture.of("log-records").request().toString().getBytes(UTF_8);

    JsonNode first = event(map(OtlpSignal.LOGS, OtlpEncoding.JSON, json, PLAIN).get(0));
    JsonNode again = event(map(OtlpSignal.LOGS, OtlpEncoding.JSON, json, PLAIN).get(0));
    JsonNode other = event(map(OtlpSignal.LOGS, OtlpEncoding.JSON, json, PLAIN).get(2));

    assertThat(again).isEqualTo(first);
    assertThat(first.path("event_id").textValue()).hasSize(32);
    assertThat(other.path("event_id")).isNotEqualTo(first.path("event_id"));
  }

  @Test
  void spanWithoutIdsOrTimes_orWithANegativeDuration_isInvalid() throws Exception {
    assertThat(faults("\"traceId\":\"\"")).contains("trace_id and span_id");
    assertThat(faults("\"traceId\":\"" + "0".repeat(32) + "\"")).contains("trace_id and span_id");
    assertThat(faults("\"spanId\":\"0102\"")).contains("trace_id and span_id");
    assertThat(faults("\"startTimeUnixNano\":0")).contains("start_time_unix_nano");
    assertThat(faults("\"endTimeUnixNano\":\"5\"")).contains("end_time_unix_nano");
  }

  private static String faults(String member) throws Exception {
    String span =
        """
        {"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174",
         "startTimeUnixNano":"1773144000000000000","endTimeUnixNano":1773144000000000000,
         "attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}}],%s}
        """
            .formatted(member);
    String request = "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[" + span + "]}]}]}";
    MappedRecord mapped =
        map(OtlpSignal.TRACES, OtlpEncoding.JSON, request.getBytes(UTF_8), PLAIN).get(0);
    assertThat(mapped).isInstanceOf(MappedRecord.Faulty.class);
    return mapped.toString();
  }

  private static ObjectNode expected(Fixture fixture, int index) {
    ObjectNode event = fixture.records().get(index).get("event").deepCopy();
    event.put("timestamp", "2026-03-10T11:59:00.123456Z");
    if (fixture.signal() == OtlpSignal.TRACES) {
      event.put("event_id", Fixture.eventId(index));
      event.put("trace_id", Fixture.eventId(index).substring(0, 32));
    }
    return event;
  }

  /** As the store would keep it. */
  private static ObjectNode event(MappedRecord mapped) throws IOException {
    assertThat(mapped).isInstanceOf(MappedRecord.Call.class);
    TelemetryEvent event = TelemetryEvent.fromMap(((MappedRecord.Call) mapped).event());
    return (ObjectNode) JSON.readTree(JSON.writeValueAsString(event.toMap()));
  }

  private static List<MappedRecord> map(
      OtlpSignal signal, OtlpEncoding encoding, byte[] body, CallMapping mapping)
      throws UnreadableOtlpException {
    List<MappedRecord> mapped = new ArrayList<>();
    OtlpBody request = OtlpBody.read(signal, encoding, body, body.length);
    for (int i = 0; i < request.records(); i++) {
      Message record = requireNonNull(request.record(i), "a record cannot be decoded");
      Resource resource = request.resource(i);
      mapped.add(
          record instanceof LogRecord log
              ? mapping.map(resource, log)
              : mapping.map(resource, (Span) record));
    }
    return mapped;
  }

  private static byte[] protobuf(Fixture fixture, byte[] json) throws UnreadableOtlpException {
    Message.Builder request =
        fixture.signal() == OtlpSignal.TRACES
            ? ExportTraceServiceRequest.newBuilder()
            : ExportLogsServiceRequest.newBuilder();
    JsonMessages.merge(json, 0, json.length, request);
    return request.build().toByteArray();
  }
}

package ai.pediscreen.telemetry.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The events of {@link SampleEvents} as spans of OpenTelemetry, by the same numbers, with what an
 * instrumentation says of a call. Not thread-safe.
 */
final class SampleSpans {

  private static final long NANOS_OF_A_MILLI = 1_000_000;
  private static final ByteString TRACE = ByteString.copyFrom(filled(16, (byte) 0xa1));
  private static final ByteString SPAN = ByteString.copyFrom(filled(8, (byte) 0xa2));
  private static final long START = 0xa3a3a3a3a3a3a3a3L;
  private static final long END = 0xa4a4a4a4a4a4a4a4L;

  private static final class Template {
    private final int organisation;
    private final byte[] bytes;
    private final int traceAt;
    private final int spanAt;
    private final int startAt;
    private final int endAt;
    private final long millis;

    Template(int organisation, byte[] bytes, long millis) {
      this.organisation = organisation;
      this.bytes = bytes;
      this.traceAt = indexOf(bytes, TRACE.toByteArray());
      this.spanAt = indexOf(bytes, SPAN.toByteArray());
      this.startAt = indexOf(bytes, filled(8, (byte) START));
      this.endAt = indexOf(bytes, filled(8, (byte) END));
      this.millis = millis;
    }
  }

  private final List<Template> templates = new ArrayList<>(SampleEvents.TEMPLATES);
  private final List<byte[]> resources = new ArrayList<>();
  private final long seed;

  /**
   * @param seed what the ids are drawn with, as those of {@link SampleEvents}
   */
  SampleSpans(long seed) {
    this.seed = seed;
    SampleEvents events = new SampleEvents(seed);
    List<String> organisations = new ArrayList<>();
    for (int number = 0; number < SampleEvents.TEMPLATES; number++) {
      templates.add(template(events.event(number), organisations));
    }
  }

  /** How many organisations there are. */
  int organisations() {
    return resources.size();
  }

  /** The resource of an organisation's spans, encoded. */
  byte[] resource(int organisation) {
    return resources.get(organisation);
  }

  int organisation(long number) {
    return template(number).organisation;
  }

  /** How many bytes a span takes. */
  int length(long number) {
    return template(number).bytes.length;
  }

  /** Writes a span that begins at an instant; returns where it ends. */
  int write(long number, long millis, byte[] target, int at) {
    Template template = template(number);
    System.arraycopy(template.bytes, 0, target, at, template.bytes.length);
    ByteBuffer ids = ByteBuffer.wrap(target);
    long bits = SampleEvents.mix(number + seed);
    ids.putLong(at + template.traceAt, bits);
    ids.putLong(at + template.traceAt + 8, SampleEvents.mix(~number + seed));
    ids.putLong(at + template.spanAt, bits);
    ids.order(ByteOrder.LITTLE_ENDIAN);
    ids.putLong(at + template.startAt, millis * NANOS_OF_A_MILLI);
    ids.putLong(at + template.endAt, (millis + template.millis) * NANOS_OF_A_MILLI);
    return at + template.bytes.length;
  }

  private Template template(long number) {
    return templates.get((int) (number & (SampleEvents.TEMPLATES - 1)));
  }

  private Template template(JsonNode event, List<String> organisations) {
    String org = event.path("org_id").textValue();
    if (!organisations.contains(org)) {
      organisations.add(org);
      resources.add(
          Resource.newBuilder()
              .addAttributes(text("service.name", event.path("app").textValue()))
              .addAttributes(text("cloud.region", event.path("region").textValue()))
              .addAttributes(text("pediscreen.org_id", org))
              .build()
              .toByteArray());
    }
    return new Template(
        organisations.indexOf(org),
        span(event).toByteArray(),
        event.at("/response/latency_ms").longValue());
  }

  private static Span span(JsonNode event) {
    String model = event.at("/model/model_id").textValue();
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(TRACE)
            .setSpanId(SPAN)
            .setName("chat " + model)
            .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
            .setStartTimeUnixNano(START)
            .setEndTimeUnixNano(END)
            .addAttributes(text("gen_ai.operation.name", "chat"))
            .addAttributes(text("gen_ai.request.model", model))
            .addAttributes(text("gen_ai.response.model", model))
            .addAttributes(text("gen_ai.provider.name", event.at("/model/provider").textValue()))
            .addAttributes(text("gen_ai.agent.name", event.path("agent").textValue()))
            .addAttributes(text("session.id", event.path("case_id").textValue()))
            .addAttributes(text("enduser.id", event.path("user_id").textValue()))
            .addAttributes(text("pediscreen.adapter_id", event.at("/model/adapter_id").textValue()))
            .addAttributes(
                whole("gen_ai.usage.input_tokens", event.at("/request/prompt_tokens").longValue()))
            .addAttributes(
                whole(
                    "gen_ai.usage.output_tokens",
                    event.at("/response/completion_tokens").longValue()))
            .addAttributes(
                KeyValue.newBuilder()
                    .setKey("pediscreen.cost_estimate_usd")
                    .setValue(
                        AnyValue.newBuilder()
                            .setDoubleValue(event.path("cost_estimate_usd").doubleValue())));
    if (event.at("/response").has("error_code")) {
      span.setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR))
          .addAttributes(text("error.type", event.at("/response/error_code").textValue()));
    }
    if (event.at("/response").has("fallback_to")) {
      span.addAttributes(
          text("pediscreen.fallback_to", event.at("/response/fallback_to").textValue()));
    }
    return span.build();
  }

  private static KeyValue text(String name, String value) {
    return KeyValue.newBuilder()
        .setKey(name)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static KeyValue whole(String name, long value) {
    return KeyValue.newBuilder()
        .setKey(name)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }

  private static byte[] filled(int length, byte value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, value);
    return bytes;
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    return new String(bytes, ISO_8859_1).indexOf(new String(part, ISO_8859_1));
  }
}

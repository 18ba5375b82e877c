package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.memory.InMemoryTelemetry;
import ai.pediscreen.telemetry.usage.Overview;
import ai.pediscreen.telemetry.usage.TimeWindow;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.UsageRange;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.internal.otlp.traces.TraceRequestMarshaler;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** OpenTelemetry's own exporter, as a program in Java has it. */
final class OtlpExporterTest {

  private static final Resource RESOURCE =
      Resource.builder().put("service.name", "intake").put("tenant.id", "clinic-7").build();

  private final InMemoryTelemetry telemetry = new InMemoryTelemetry();

  @Test
  void everySpan_countsOnce_despiteAnOutageAndARestart() {
    AtomicInteger appends = new AtomicInteger();
    EventStore failing =
        events -> {
          int append = appends.incrementAndGet();
          if (append == 1) {
            throw new StoreUnavailableException("away");
          }
          if (append == 2) {
            // Stored, and nobody hears of it.
            telemetry.append(events);
            throw new StoreUnavailableException("away again");
          }
          return telemetry.append(events);
        };
    try (InMemoryServer server = InMemoryServer.startOverStore(failing)) {
      SdkTracerProvider provider =
          SdkTracerProvider.builder()
              .setResource(RESOURCE)
              .addSpanProcessor(
                  BatchSpanProcessor.builder(exporter(server))
                      .setMaxExportBatchSize(100)
                      .setScheduleDelay(Duration.ofMillis(5))
                      .build())
              .build();
      Tracer tracer = provider.get("test");
      for (int i = 0; i < 700; i++) {
        call(tracer, i % 10 == 0);
      }
      assertThat(provider.shutdown().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
      for (int i = 0; i < 10; i++) {
        call(tracer, false);
      }
    }

    Overview overview =
        telemetry.overview(
            new UsageFilter(
                OrgFilter.of("clinic-7"), null, TimeWindow.last(UsageRange.DAY, Instant.now())));
    assertThat(overview.requests()).isEqualTo(700);
    assertThat(overview.errors()).isEqualTo(70);
    assertThat(appends.get()).isGreaterThan(3);
  }

  @Test
  void sameSpansInJson_areTheSameCalls() throws IOException {
    KeptSpans kept = new KeptSpans();
    try (InMemoryServer server = InMemoryServer.startOverStore(telemetry);
        SdkTracerProvider provider =
            SdkTracerProvider.builder()
                .setResource(RESOURCE)
                .addSpanProcessor(SimpleSpanProcessor.create(kept))
                .build()) {
      for (int i = 0; i < 20; i++) {
        call(provider.get("test"), i == 0);
      }
      ByteArrayOutputStream json = new ByteArrayOutputStream();
      TraceRequestMarshaler.create(kept.spans()).writeJsonTo(json);
      SpanExporter exporter = exporter(server);
      assertThat(exporter.export(kept.spans()).join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
      assertThat(exporter.shutdown().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();

      Answer answer =
          HttpContract.send(
              server.uri(),
              "POST",
              "/v1/traces",
              BodyPublishers.ofByteArray(json.toByteArray()),
              "Content-Type",
              "application/json");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("{}");
      assertThat(server.scrape())
          .contains("telemetry_events_accepted_total 20.0")
          .contains("telemetry_events_duplicate_total 20.0");
    }
  }

  private static void call(Tracer tracer, boolean fails) {
    Span span =
        tracer
            .spanBuilder("chat gpt-4o")
            .setAttribute("gen_ai.operation.name", "chat")
            .setAttribute("gen_ai.request.model", "gpt-4o")
            .setAttribute(AttributeKey.longKey("gen_ai.usage.input_tokens"), 12L)
            .startSpan();
    if (fails) {
      span.recordException(new IOException("of a child"));
      span.setStatus(StatusCode.ERROR, "of a child");
    }
    span.end();
  }

  private static SpanExporter exporter(InMemoryServer server) {
    return OtlpHttpSpanExporter.builder()
        .setEndpoint(server.uri() + "/v1/traces")
        .setCompression("gzip")
        .setTimeout(Duration.ofSeconds(20))
        .setRetryPolicy(
            RetryPolicy.builder()
                .setMaxAttempts(5)
                .setInitialBackoff(Duration.ofMillis(20))
                .setMaxBackoff(Duration.ofMillis(100))
                .build())
        .build();
  }
}

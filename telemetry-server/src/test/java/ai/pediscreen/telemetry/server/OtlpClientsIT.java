package ai.pediscreen.telemetry.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import ai.pediscreen.telemetry.server.http.KeptSpans;
import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.exporter.internal.otlp.traces.TraceRequestMarshaler;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OpenTelemetry's own exporters send to the packaged server. */
final class OtlpClientsIT {

  /** A program python that has the packages that the program in Python names. */
  private static final @Nullable String PYTHON = System.getenv("OTLP_PYTHON");

  /** A folder {@code node_modules} with the packages that the program in Node names. */
  private static final @Nullable String NODE_MODULES = System.getenv("OTLP_NODE_MODULES");

  /** What a busy machine takes to start the server again, and the exporter to come back. */
  private static final Duration LIMIT = Duration.ofMinutes(4);

  @TempDir private static Path directory;
  private static ServerProcess server;

  @BeforeAll
  static void start() throws IOException {
    server = ServerProcess.start(directory, ServerProcess.freePort());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void javaExporter_sendsEachSpanOnce_inProtobufWithGzip() {
    SdkTracerProvider provider =
        provider(
            "clinic-java",
            BatchSpanProcessor.builder(
                    OtlpHttpSpanExporter.builder()
                        .setEndpoint(server.uri("/v1/traces").toString())
                        .setCompression("gzip")
                        .build())
                .setMaxExportBatchSize(100)
                .build());
    calls(provider, 250);
    assertThat(provider.shutdown().join(60, TimeUnit.SECONDS).isSuccess()).isTrue();

    assertCalls("clinic-java", 250);
  }

  @Test
  void jsonOfTheSdk_isRead() throws IOException {
    KeptSpans kept = new KeptSpans();
    SdkTracerProvider provider = provider("clinic-json", SimpleSpanProcessor.create(kept));
    calls(provider, 20);
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    TraceRequestMarshaler.create(kept.spans()).writeJsonTo(json);
    for (int i = 0; i < 2; i++) {
      assertThat(Http.postJson(server.uri("/v1/traces"), json.toString(UTF_8)).body())
          .isEqualTo("{}");
    }

    assertCalls("clinic-json", 20);
  }

  @Test
  void nodeExporter_sendsEachSpanOnce() throws Exception {
    if (NODE_MODULES == null || !hasNode()) {
      System.out.println(
          "The exporter of Node is not tried: OTLP_NODE_MODULES names no folder, or there is no"
              + " node");
      abort("no exporter of Node");
    }
    Path program = Path.of("src/test/resources/otlp/send.cjs").toAbsolutePath();
    ProcessBuilder builder = new ProcessBuilder("node", program.toString());
    builder.environment().put("NODE_PATH", NODE_MODULES);
    builder.environment().put("OTEL_EXPORTER_OTLP_ENDPOINT", server.uri("").toString());
    Process node = builder.redirectErrorStream(true).start();
    String output = new String(node.getInputStream().readAllBytes(), UTF_8);

    assertThat(node.waitFor()).as(output).isZero();
    assertThat(output).contains("sent");
    assertCalls("clinic-node", 20);
  }

  @Test
  void pythonExporter_sendsEachSpanOnce() throws Exception {
    if (PYTHON == null || PYTHON.isBlank()) {
      System.out.println("The exporter of Python is not tried: OTLP_PYTHON names no program");
      abort("no exporter of Python");
    }
    ProcessBuilder builder =
        new ProcessBuilder(PYTHON, Path.of("src/test/resources/otlp/send.py").toString());
    builder.environment().put("OTEL_EXPORTER_OTLP_ENDPOINT", server.uri("").toString());
    builder.environment().put("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip");
    Process python = builder.redirectErrorStream(true).start();
    String output = new String(python.getInputStream().readAllBytes(), UTF_8);

    assertThat(python.waitFor()).as(output).isZero();
    assertThat(output).contains("sent");
    assertCalls("clinic-python", 20);
  }

  @Test
  void spans_countOnce_whenTheServerIsKilledAndRestarted(@TempDir Path own) throws Exception {
    int port = ServerProcess.freePort();
    AtomicInteger failed = new AtomicInteger();
    SdkTracerProvider provider;
    try (ServerProcess first = ServerProcess.start(own, port)) {
      provider =
          provider(
              "clinic-restart",
              BatchSpanProcessor.builder(
                      new FailuresOf(
                          OtlpHttpSpanExporter.builder()
                              .setEndpoint(first.uri("/v1/traces").toString())
                              .setCompression("gzip")
                              .setTimeout(LIMIT)
                              .setRetryPolicy(
                                  RetryPolicy.builder()
                                      .setMaxAttempts(5)
                                      .setInitialBackoff(Duration.ofSeconds(4))
                                      .setBackoffMultiplier(2.5)
                                      .setMaxBackoff(Duration.ofSeconds(60))
                                      // A connection that is cut may have brought its answer.
                                      .setRetryExceptionPredicate(cut -> true)
                                      .build())
                              .build(),
                          failed))
                  .setMaxExportBatchSize(20)
                  .setMaxQueueSize(10_000)
                  .setScheduleDelay(Duration.ofMillis(1))
                  .setExporterTimeout(LIMIT)
                  .build());
      calls(provider, 2_000);
      Waiting.until("the first spans are stored", LIMIT, () -> requests(first) > 0);
      first.kill();
    }
    calls(provider, 2_000);
    try (ServerProcess again = ServerProcess.start(own, port)) {
      assertThat(provider.shutdown().join(LIMIT.toSeconds(), TimeUnit.SECONDS).isSuccess())
          .isTrue();

      assertThat(failed).as("requests that were given up").hasValue(0);
      assertThat(requests(again)).isEqualTo(4_000);
    }
  }

  private static int requests(ServerProcess of) {
    return Http.json(Http.get(of.uri("/telemetry?range=1h&org_id=clinic-restart")))
        .path("total_requests")
        .intValue();
  }

  /** Counts the batches that an exporter gives up. */
  private record FailuresOf(SpanExporter exporter, AtomicInteger count) implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      CompletableResultCode result = exporter.export(spans);
      return result.whenComplete(
          () -> {
            if (!result.isSuccess()) {
              count.incrementAndGet();
            }
          });
    }

    @Override
    public CompletableResultCode flush() {
      return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return exporter.shutdown();
    }
  }

  private static void assertCalls(String org, int calls) {
    JsonNode overview = Http.json(Http.get(server.uri("/telemetry?range=1h&org_id=" + org)));
    assertThat(overview.path("total_requests").intValue()).isEqualTo(calls);
    assertThat(overview.at("/tokens/input").intValue()).isEqualTo(12 * calls);
    assertThat(overview.at("/tokens/output").intValue()).isEqualTo(3 * calls);
    assertThat(overview.path("unpriced_calls").intValue()).isEqualTo(calls);
  }

  private static boolean hasNode() {
    String path = System.getenv("PATH");
    return path != null
        && Stream.of(path.split(File.pathSeparator, -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "node")));
  }

  private static SdkTracerProvider provider(String org, SpanProcessor processor) {
    return SdkTracerProvider.builder()
        .setResource(Resource.builder().put("service.name", "intake").put("tenant.id", org).build())
        .addSpanProcessor(processor)
        .build();
  }

  private static void calls(SdkTracerProvider provider, int count) {
    for (int i = 0; i < count; i++) {
      Span span =
          provider
              .get("test")
              .spanBuilder("chat gpt-4o")
              .setAttribute("gen_ai.operation.name", "chat")
              .setAttribute("gen_ai.request.model", "gpt-4o")
              .setAttribute("gen_ai.usage.input_tokens", 12L)
              .setAttribute("gen_ai.usage.output_tokens", 3L)
              .startSpan();
      span.end();
    }
  }
}

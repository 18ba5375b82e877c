package ai.pediscreen.telemetry.server.http.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.spi.GroupCommitter;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.http.HangingStore;
import ai.pediscreen.telemetry.server.http.OtlpContract;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.protocol.BodyBudget;
import ai.pediscreen.telemetry.server.http.protocol.BodyBytes;
import ai.pediscreen.telemetry.server.otlp.wire.OtlpEncoding;
import ai.pediscreen.telemetry.server.otlp.wire.OtlpSignal;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls of OpenTelemetry are paid for like events of {@code POST /events}. */
final class OtlpBatchTest {

  private static final long BUDGET = 32L << 20;

  private final HangingStore store = new HangingStore();
  private final GroupCommitter committer = new GroupCommitter(store, 1, 20_000);
  private final BodyBudget decoded = new BodyBudget(BUDGET);
  private final ExecutorService executor = Executors.newSingleThreadExecutor();

  @AfterEach
  void close() {
    store.release();
    committer.close();
    executor.shutdownNow();
  }

  @Test
  void manyCalls_areDecodedAFewAtATime_withinTheMemoryBudget() throws Exception {
    OtlpBatch calls = batch(OtlpContract.calls(0, 5_000));
    BatchAppend append = new BatchAppend(calls, committer, decoded, executor);

    append.begin();

    store.awaitAsked();
    assertThat(committer.queuedEvents()).isLessThanOrEqualTo(GroupCommitter.MAX_GROUP);
    assertThat(decoded.freeBytes()).isLessThan(BUDGET);
    store.release();
    append.done().get(30, TimeUnit.SECONDS);
    assertThat(decoded.freeBytes()).isEqualTo(BUDGET);
    assertThat(calls.refused()).isZero();
  }

  @Test
  void tooLargeSpan_isRefusedAlone() throws Exception {
    store.release();
    Span large =
        OtlpContract.call(1).toBuilder()
            .addAttributes(
                KeyValue.newBuilder()
                    .setKey("gen_ai.input.messages")
                    .setValue(AnyValue.newBuilder().setStringValue("x".repeat(6 << 20))))
            .build();
    List<Span> spans = new ArrayList<>(List.of(OtlpContract.call(0), large));
    spans.add(OtlpContract.call(2));
    OtlpBatch calls = batch(spans);
    BatchAppend append = new BatchAppend(calls, committer, decoded, executor);

    append.begin();

    append.done().get(30, TimeUnit.SECONDS);
    assertThat(calls.refused()).isEqualTo(1);
    assertThat(calls.message()).isEqualTo("1 of 3 spans refused: 1 × the span is too large");
  }

  private OtlpBatch batch(List<Span> spans) throws Exception {
    byte[] bytes = OtlpContract.request(spans).toByteArray();
    BodyBytes body = new BodyBytes(new BodyBudget(64L << 20).lease(), bytes.length);
    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    while (body.length() < bytes.length) {
      body.readSome(in);
    }
    return new OtlpBatch(
        OtlpSignal.TRACES,
        OtlpEncoding.PROTOBUF,
        body,
        Caller.ANYBODY,
        PhiGuard.redacting(),
        false);
  }
}

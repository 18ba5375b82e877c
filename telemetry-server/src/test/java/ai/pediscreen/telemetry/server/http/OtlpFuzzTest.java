package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.server.http.access.Caller;
import ai.pediscreen.telemetry.server.http.ingest.OtlpBatch;
import ai.pediscreen.telemetry.server.http.protocol.BodyBudget;
import ai.pediscreen.telemetry.server.http.protocol.BodyBytes;
import ai.pediscreen.telemetry.server.otlp.wire.OtlpEncoding;
import ai.pediscreen.telemetry.server.otlp.wire.OtlpSignal;
import ai.pediscreen.telemetry.server.otlp.wire.UnreadableOtlpException;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Any bytes as a request of OpenTelemetry: refused whole, or each of its records is a call that may
 * be kept, ignored or refused. The first byte chooses signal and encoding.
 */
class OtlpFuzzTest {

  @FuzzTest
  void request_isRefused_orItsRecordsAreReadOneByOne(byte[] data) throws IOException {
    if (data.length == 0) {
      return;
    }
    OtlpSignal signal = (data[0] & 2) == 0 ? OtlpSignal.TRACES : OtlpSignal.LOGS;
    OtlpEncoding encoding = (data[0] & 1) == 0 ? OtlpEncoding.PROTOBUF : OtlpEncoding.JSON;
    byte[] body = Arrays.copyOfRange(data, 1, data.length);
    BodyBudget budget = new BodyBudget(1 << 24);
    BodyBytes bytes = new BodyBytes(budget.lease(), Math.max(1, body.length));
    try (ByteArrayInputStream in = new ByteArrayInputStream(body)) {
      while (bytes.readSome(in)) {
        assertThat(bytes.length()).isLessThanOrEqualTo(body.length);
      }
    }
    OtlpBatch batch;
    try {
      batch =
          new OtlpBatch(
              signal, encoding, bytes, Caller.ANYBODY, PhiGuard.redacting(), (data[0] & 4) != 0);
    } catch (UnreadableOtlpException e) {
      return;
    }
    for (int i = 0; i < batch.size(); i++) {
      assertThat(batch.cost(i)).isNotNegative();
      ScopedEvent event = batch.read(i);
      if (event != null) {
        assertThat(TelemetryEvent.fromStored(event.event().toMap())).isEqualTo(event.event());
      }
    }
    assertThat(batch.refused()).isBetween(0L, (long) batch.size());
  }
}

package ai.pediscreen.telemetry.server.otlp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MessageSizeTest {

  @Test
  void emptyParts_countAsAnObjectEach() {
    Span.Builder span = Span.newBuilder();
    for (int i = 0; i < 1_000; i++) {
      span.addAttributes(KeyValue.getDefaultInstance());
    }

    assertThat(span.build().toByteArray()).hasSize(2_000);
    assertThat(size(span.build())).isBetween(100_000L, 200_000L);
  }

  @Test
  void texts_countThreeTimesTheirSize() {
    String text = "x".repeat(1_000_000);
    KeyValue attribute =
        KeyValue.newBuilder()
            .setKey("gen_ai.input.messages")
            .setValue(AnyValue.newBuilder().setStringValue(text))
            .build();

    assertThat(size(Span.newBuilder().addAttributes(attribute).build()))
        .isBetween(3_000_000L, 3_001_000L);
  }

  @Test
  void unknownFields_countMoreThanTheirBytes() {
    UnknownFieldSet.Builder unknown = UnknownFieldSet.newBuilder();
    for (int i = 1_000; i < 2_000; i++) {
      unknown.mergeVarintField(i, 1);
    }

    assertThat(size(Span.newBuilder().setUnknownFields(unknown.build()).build()))
        .isGreaterThan(300_000);
  }

  @Test
  void invalidMessage_isMeasuredToItsFault_andNestingIsBounded() {
    byte[] bytes = new byte[1_000];
    Arrays.fill(bytes, (byte) 0xff);
    assertThat(MessageSize.of(Span.getDescriptor(), bytes, 0, bytes.length)).isPositive();
    assertThat(MessageSize.of(AnyValue.getDescriptor(), lists(1_000), 0, 6_000)).isPositive();
  }

  /** So many lists in lists; the length of each reaches to the end. */
  private static byte[] lists(int depth) {
    byte[] bytes = new byte[6 * depth];
    for (int i = 0; i < depth; i++) {
      int rest = bytes.length - 6 * i;
      put(bytes, 6 * i, 0x2a, rest - 3);
      put(bytes, 6 * i + 3, 0x0a, rest - 6);
    }
    return bytes;
  }

  private static void put(byte[] bytes, int at, int tag, int length) {
    bytes[at] = (byte) tag;
    bytes[at + 1] = (byte) (0x80 | (length & 0x7f));
    bytes[at + 2] = (byte) (length >> 7);
  }

  private static long size(Span span) {
    ByteString bytes = span.toByteString();
    return MessageSize.of(Span.getDescriptor(), bytes.toByteArray(), 0, bytes.size());
  }
}

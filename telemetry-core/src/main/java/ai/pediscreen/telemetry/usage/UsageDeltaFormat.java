package ai.pediscreen.telemetry.usage;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a {@link UsageDelta}: a version, the number of cells, and each cell as the minute
 * since 1970, the model, the counts, the exact cost, the newest timestamp in microseconds after the
 * minute, the latencies, and the labels with theirs. Whole numbers are LEB128, texts UTF-8 behind
 * their length; an empty text is no model.
 */
final class UsageDeltaFormat {

  private static final byte VERSION = 1;

  /** The kinds by their number, which is stored: one that is added gets the next. */
  private static final UsageLabel.Kind[] KINDS = {
    UsageLabel.Kind.ERROR,
    UsageLabel.Kind.FALLBACK,
    UsageLabel.Kind.ADAPTER,
    UsageLabel.Kind.PROVIDER
  };

  private UsageDeltaFormat() {}

  static byte[] write(UsageDelta delta) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + 96 * delta.size());
    Out out = new Out(new DataOutputStream(bytes));
    out.octet(VERSION);
    out.whole(delta.size());
    delta.forEach((key, cell) -> write(out, key, cell));
    return bytes.toByteArray();
  }

  static UsageDelta read(byte[] bytes) {
    In in = new In(new DataInputStream(new ByteArrayInputStream(bytes)));
    try {
      if (in.octet() != VERSION) {
        throw new IllegalArgumentException("bytes are no usage delta of version " + VERSION);
      }
      UsageDelta delta = new UsageDelta();
      for (long cells = in.whole(); cells > 0; cells--) {
        Instant minute = Instant.EPOCH.plus(in.whole(), ChronoUnit.MINUTES);
        String modelId = in.text();
        delta.put(new UsageDelta.Key(minute, modelId.isEmpty() ? null : modelId), cell(in, minute));
      }
      in.requireEnd();
      return delta;
    } catch (IOException e) {
      throw new IllegalArgumentException("bytes are a damaged usage delta", e);
    }
  }

  private static void write(Out out, UsageDelta.Key key, UsageDelta.Cell cell) {
    UsageTally tally = cell.tally();
    Instant minute = key.minute();
    out.whole(ChronoUnit.MINUTES.between(Instant.EPOCH, minute));
    out.text(key.modelId() == null ? "" : key.modelId());
    out.whole(tally.calls());
    out.whole(tally.errors());
    out.whole(tally.fallbacks());
    out.whole(tally.latencySumMillis());
    BigDecimal cost = tally.costUsd();
    // Zigzag: the scale of a cost such as 1e3 is negative.
    out.whole(((long) cost.scale() << 1) ^ (cost.scale() >> 31));
    out.bytes(cost.unscaledValue().toByteArray());
    out.offset(minute, tally.newest());
    out.bytes(tally.latencies().toBytes());
    out.whole(cell.labels().size());
    cell.labels()
        .forEach(
            (label, count) -> {
              out.octet(number(label.kind()));
              out.text(label.name());
              out.whole(count.events());
              out.offset(minute, count.newest());
            });
  }

  private static UsageDelta.Cell cell(In in, Instant minute) throws IOException {
    long calls = in.whole();
    long errors = in.whole();
    long fallbacks = in.whole();
    long latencySum = in.whole();
    long scale = in.whole();
    BigDecimal cost =
        new BigDecimal(new BigInteger(in.bytes()), (int) ((scale >>> 1) ^ -(scale & 1)));
    Instant newest = in.offset(minute);
    LatencyHistogram latencies = LatencyHistogram.fromBytes(in.bytes());
    Map<UsageLabel, LabelCount> labels = new HashMap<>(4);
    for (long rest = in.whole(); rest > 0; rest--) {
      UsageLabel label = new UsageLabel(kind(in.octet()), in.text());
      labels.put(label, new LabelCount(in.whole(), in.offset(minute)));
    }
    return new UsageDelta.Cell(
        new UsageTally(calls, errors, fallbacks, latencySum, cost, newest, latencies), labels);
  }

  private static byte number(UsageLabel.Kind kind) {
    for (byte number = 0; number < KINDS.length; number++) {
      if (KINDS[number] == kind) {
        return number;
      }
    }
    throw new IllegalStateException("a kind of label has no number: " + kind);
  }

  private static UsageLabel.Kind kind(byte number) throws IOException {
    if (number < 0 || number >= KINDS.length) {
      throw new IOException("no kind of label");
    }
    return KINDS[number];
  }

  /** Writes to memory, which cannot fail. */
  private record Out(DataOutputStream out) {

    void octet(byte value) {
      write(() -> out.writeByte(value));
    }

    void whole(long value) {
      write(
          () -> {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
              out.writeByte((int) (rest | 0x80));
              rest >>>= 7;
            }
            out.writeByte((int) rest);
          });
    }

    void bytes(byte[] value) {
      whole(value.length);
      write(() -> out.write(value));
    }

    void text(String value) {
      bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    void offset(Instant minute, @Nullable Instant newest) {
      whole(ChronoUnit.MICROS.between(minute, requireNonNull(newest, "a cell without events")));
    }

    private interface Write {
      void run() throws IOException;
    }

    private static void write(Write write) {
      try {
        write.run();
      } catch (IOException e) {
        throw new IllegalStateException("the stream is in memory", e);
      }
    }
  }

  /** Reads from memory; throws if the bytes end early. */
  private record In(DataInputStream in) {

    byte octet() throws IOException {
      return in.readByte();
    }

    void requireEnd() throws IOException {
      if (in.available() > 0) {
        throw new IOException("something follows the end");
      }
    }

    long whole() throws IOException {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        byte next = in.readByte();
        value |= (next & 0x7fL) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw new IOException("a number is too long");
    }

    byte[] bytes() throws IOException {
      long length = whole();
      if (length < 0 || length > in.available()) {
        throw new IOException("a length is beyond the end");
      }
      return in.readNBytes((int) length);
    }

    String text() throws IOException {
      return new String(bytes(), StandardCharsets.UTF_8);
    }

    Instant offset(Instant minute) throws IOException {
      return minute.plus(whole(), ChronoUnit.MICROS);
    }
  }
}

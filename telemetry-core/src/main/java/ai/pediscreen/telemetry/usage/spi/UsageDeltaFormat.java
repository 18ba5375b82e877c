package ai.pediscreen.telemetry.usage.spi;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.event.Tokens;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a {@link UsageDelta}: a version, the number of cells, and each cell as the minute
 * since 1970, the model, the counts, the exact cost, the newest timestamp in microseconds after the
 * minute, the latencies, and the labels with theirs; from version 2 on the tokens, too. Whole
 * numbers are LEB128, texts UTF-8 behind their length; an empty text is no model.
 */
final class UsageDeltaFormat {

  private static final byte VERSION = 2;

  /** What servers wrote before tokens were counted, and may have left behind. */
  private static final byte WITHOUT_TOKENS = 1;

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

  /** Reads a cell behind its minute, to its end. */
  private interface CellReader {
    void read(ByteBuffer in, byte version, Instant minute);
  }

  static void merge(byte[] bytes, UsageDelta delta) {
    forEachCell(
        bytes,
        (in, version, minute) -> {
          String modelId = text(in);
          merge(
              in,
              version,
              minute,
              delta.cell(new UsageDelta.Key(minute, modelId.isEmpty() ? null : modelId)));
        });
  }

  static void forEachMinute(byte[] bytes, ObjLongConsumer<Instant> consumer) {
    forEachCell(
        bytes,
        (in, version, minute) -> {
          part(in);
          long calls = whole(in);
          // Errors, fallbacks, the sum of latencies and the scale of the cost; unpriced and tokens.
          for (int skipped = version == WITHOUT_TOKENS ? 4 : 10; skipped > 0; skipped--) {
            whole(in);
          }
          part(in);
          whole(in);
          part(in);
          for (long labels = whole(in); labels > 0; labels--) {
            kind(in.get());
            part(in);
            whole(in);
            whole(in);
          }
          consumer.accept(minute, calls);
        });
  }

  private static void forEachCell(byte[] bytes, CellReader reader) {
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      byte version = in.get();
      if (version != VERSION && version != WITHOUT_TOKENS) {
        throw new IllegalArgumentException("bytes are no usage delta of version 1 or 2");
      }
      for (long cells = whole(in); cells > 0; cells--) {
        reader.read(in, version, Instant.EPOCH.plus(whole(in), ChronoUnit.MINUTES));
      }
      if (in.hasRemaining()) {
        throw damaged(null);
      }
    } catch (BufferUnderflowException | DateTimeException | ArithmeticException e) {
      throw damaged(e);
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
    out.whole(tally.unpriced());
    tokens(out, tally.tokens());
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

  private static void tokens(Out out, Tokens tokens) {
    out.whole(tokens.input());
    out.whole(tokens.cacheRead());
    out.whole(tokens.cacheWrite());
    out.whole(tokens.output());
    out.whole(tokens.reasoning());
  }

  private static Tokens tokens(ByteBuffer in) {
    try {
      return new Tokens(whole(in), whole(in), whole(in), whole(in), whole(in));
    } catch (IllegalArgumentException e) {
      throw damaged(e);
    }
  }

  private static void merge(ByteBuffer in, byte version, Instant minute, UsageDelta.Cell cell) {
    boolean hasTokens = version != WITHOUT_TOKENS;
    UsageTally.Counts counts =
        new UsageTally.Counts(whole(in), whole(in), whole(in), hasTokens ? whole(in) : 0);
    Tokens tokens = hasTokens ? tokens(in) : Tokens.NONE;
    long latencySum = whole(in);
    long scale = whole(in);
    BigDecimal cost =
        new BigDecimal(new BigInteger(bytes(in)), (int) ((scale >>> 1) ^ -(scale & 1)));
    cell.tally().mergeCounts(counts, latencySum, cost, tokens, offset(in, minute));
    cell.tally().latencies().merge(part(in));
    for (long rest = whole(in); rest > 0; rest--) {
      UsageLabel label = new UsageLabel(kind(in.get()), text(in));
      cell.merge(label, new LabelCount(whole(in), offset(in, minute)));
    }
  }

  private static byte number(UsageLabel.Kind kind) {
    for (byte number = 0; number < KINDS.length; number++) {
      if (KINDS[number] == kind) {
        return number;
      }
    }
    throw new IllegalStateException("a kind of label has no number: " + kind);
  }

  private static UsageLabel.Kind kind(byte number) {
    if (number < 0 || number >= KINDS.length) {
      throw damaged(null);
    }
    return KINDS[number];
  }

  private static long whole(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw damaged(null);
  }

  /** What lies behind a length, as a buffer of its own. */
  private static ByteBuffer part(ByteBuffer in) {
    long length = whole(in);
    if (length < 0 || length > in.remaining()) {
      throw damaged(null);
    }
    ByteBuffer part = in.slice(in.position(), (int) length);
    in.position(in.position() + (int) length);
    return part;
  }

  private static byte[] bytes(ByteBuffer in) {
    ByteBuffer part = part(in);
    byte[] bytes = new byte[part.remaining()];
    part.get(bytes);
    return bytes;
  }

  private static String text(ByteBuffer in) {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static Instant offset(ByteBuffer in, Instant minute) {
    return minute.plus(whole(in), ChronoUnit.MICROS);
  }

  private static IllegalArgumentException damaged(@Nullable Exception cause) {
    return new IllegalArgumentException("bytes are a damaged usage delta", cause);
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
}

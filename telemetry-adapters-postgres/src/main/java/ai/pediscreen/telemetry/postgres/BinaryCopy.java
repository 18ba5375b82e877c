package ai.pediscreen.telemetry.postgres;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.ByteConverter;

/**
 * Writes rows in PostgreSQL's binary COPY format (PostgreSQL manual, COPY, "Binary Format"). A row
 * is {@link #row} and then one value for each column.
 */
final class BinaryCopy {

  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };
  private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final int FLUSH_BYTES = 1 << 16;

  private final CopyIn copy;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(FLUSH_BYTES + 1_024);
  private final DataOutputStream out = new DataOutputStream(bytes);

  BinaryCopy(CopyIn copy) {
    this.copy = copy;
    write(
        () -> {
          out.write(SIGNATURE);
          out.writeInt(0); // flags
          out.writeInt(0); // length of the header's extension
        });
  }

  BinaryCopy row(int columns) throws SQLException {
    if (bytes.size() > FLUSH_BYTES) {
      flush();
    }
    write(() -> out.writeShort(columns));
    return this;
  }

  BinaryCopy text(@Nullable String value) {
    return value == null ? absent() : raw(value.getBytes(StandardCharsets.UTF_8));
  }

  BinaryCopy bool(boolean value) {
    return raw(new byte[] {(byte) (value ? 1 : 0)});
  }

  BinaryCopy int4(@Nullable Number value) {
    if (value == null) {
      return absent();
    }
    write(
        () -> {
          out.writeInt(Integer.BYTES);
          out.writeInt(value.intValue());
        });
    return this;
  }

  BinaryCopy timestamptz(Instant value) {
    write(
        () -> {
          out.writeInt(Long.BYTES);
          out.writeLong(ChronoUnit.MICROS.between(POSTGRES_EPOCH, value));
        });
    return this;
  }

  BinaryCopy numeric(@Nullable BigDecimal value) {
    return value == null ? absent() : raw(ByteConverter.numeric(value));
  }

  BinaryCopy json(byte[] utf8) {
    return raw(utf8);
  }

  /** Ends the stream; the rows are there once the transaction commits. */
  void end() throws SQLException {
    write(() -> out.writeShort(-1));
    flush();
    copy.endCopy();
  }

  private BinaryCopy absent() {
    write(() -> out.writeInt(-1));
    return this;
  }

  private BinaryCopy raw(byte[] value) {
    write(
        () -> {
          out.writeInt(value.length);
          out.write(value);
        });
    return this;
  }

  private void flush() throws SQLException {
    copy.writeToCopy(bytes.toByteArray(), 0, bytes.size());
    bytes.reset();
  }

  private static void write(Write write) {
    try {
      write.run();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot happen: the stream is in memory", e);
    }
  }

  private interface Write {
    void run() throws IOException;
  }
}

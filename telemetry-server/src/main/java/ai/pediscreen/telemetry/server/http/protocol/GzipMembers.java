package ai.pediscreen.telemetry.server.http.protocol;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Inflates gzip (RFC 1952): all of its members, each checked against its checksums and its length.
 * A member that is damaged, cut or followed by anything but another member is an error, so that
 * nothing is dropped in silence.
 *
 * <p>{@link java.util.zip.GZIPInputStream} takes a damaged later member for the end, and calls
 * itself for each empty one.
 *
 * <p>For one thread.
 */
public final class GzipMembers extends InputStream {

  private static final int MAGIC_1 = 0x1f;
  private static final int MAGIC_2 = 0x8b;
  private static final int DEFLATE = 8;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;
  private static final int BUFFER = 8 * 1024;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final CRC32 headerCrc = new CRC32();
  private int from;
  private int to;
  private boolean ended;

  /**
   * Reads the first member's header.
   *
   * @param in closed by {@link #close}
   * @throws IOException if it does not begin with one, or cannot be read
   */
  public GzipMembers(InputStream in) throws IOException {
    this.in = in;
    readHeader();
  }

  /** Whether a stream begins as gzip does; nothing of it is used up. */
  public static boolean isGzip(BufferedInputStream in) throws IOException {
    in.mark(2);
    boolean gzip = in.read() == MAGIC_1 && in.read() == MAGIC_2;
    in.reset();
    return gzip;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (!ended && length > 0) {
      int count = inflate(target, offset, length);
      if (count > 0) {
        crc.update(target, offset, count);
        return count;
      }
      if (inflater.finished()) {
        endMember();
      } else if (inflater.needsDictionary()) {
        throw damaged(null);
      } else {
        fillInflater();
      }
    }
    return length == 0 ? 0 : -1;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }

  private int inflate(byte[] target, int offset, int length) throws IOException {
    try {
      return inflater.inflate(target, offset, length);
    } catch (DataFormatException e) {
      throw damaged(e);
    }
  }

  private void fillInflater() throws IOException {
    if (from == to && !fill()) {
      throw new EOFException("the gzip data is cut off");
    }
    inflater.setInput(buffer, from, to - from);
    from = to;
  }

  private void endMember() throws IOException {
    from = to - inflater.getRemaining();
    if (readLittleEndian(4) != crc.getValue()
        || readLittleEndian(4) != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw damaged(null);
    }
    if (from == to && !fill()) {
      ended = true;
      return;
    }
    readHeader();
  }

  private void readHeader() throws IOException {
    headerCrc.reset();
    if (readHeaderByte() != MAGIC_1 || readHeaderByte() != MAGIC_2 || readHeaderByte() != DEFLATE) {
      throw damaged(null);
    }
    int flags = readHeaderByte();
    if ((flags & RESERVED) != 0) {
      throw damaged(null);
    }
    skip(6);
    if ((flags & EXTRA) != 0) {
      skip(readHeaderByte() | readHeaderByte() << 8);
    }
    for (int text : new int[] {NAME, COMMENT}) {
      if ((flags & text) != 0) {
        skipText();
      }
    }
    long headerChecksum = headerCrc.getValue() & 0xffff;
    if ((flags & HEADER_CRC) != 0 && readLittleEndian(2) != headerChecksum) {
      throw damaged(null);
    }
    inflater.reset();
    crc.reset();
  }

  private void skipText() throws IOException {
    int read = readHeaderByte();
    while (read != 0) {
      read = readHeaderByte();
    }
  }

  private void skip(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      readHeaderByte();
    }
  }

  private int readHeaderByte() throws IOException {
    int read = readByte();
    headerCrc.update(read);
    return read;
  }

  private long readLittleEndian(int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) readByte() << (8 * i);
    }
    return value;
  }

  private int readByte() throws IOException {
    if (from == to && !fill()) {
      throw new EOFException("the gzip data is cut off");
    }
    return buffer[from++] & 0xff;
  }

  private boolean fill() throws IOException {
    int read = in.read(buffer, 0, buffer.length);
    from = 0;
    to = Math.max(0, read);
    return read > 0;
  }

  private static ZipException damaged(@Nullable DataFormatException cause) {
    ZipException damaged = new ZipException("the gzip data is damaged");
    damaged.initCause(cause);
    return damaged;
  }
}

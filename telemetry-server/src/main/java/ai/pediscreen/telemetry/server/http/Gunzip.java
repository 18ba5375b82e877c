package ai.pediscreen.telemetry.server.http;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates a body that was sent with gzip (RFC 1952): all of its members, each held against its
 * checksum and its length. A member that is damaged, cut or followed by anything but another member
 * makes the whole body unreadable, so that no part of it is dropped in silence.
 *
 * <p>{@link java.util.zip.GZIPInputStream} takes a damaged later member for the end, and calls
 * itself for each empty one.
 */
final class Gunzip implements AutoCloseable {

  private static final int FIXED_HEADER_BYTES = 10;
  private static final int TRAILER_BYTES = 8;
  private static final int DEFLATE = 8;

  private static final int HEADER_CHECKSUM = 1 << 1;
  private static final int EXTRA = 1 << 2;
  private static final int NAME = 1 << 3;
  private static final int COMMENT = 1 << 4;
  private static final int RESERVED = 0xE0;

  private final byte[] sent;
  private final int end;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private int at;

  private Gunzip(byte[] sent, int length) {
    this.sent = sent;
    this.end = length;
  }

  /**
   * Appends what comes of it to a buffer.
   *
   * @param length how many bytes of the array count
   * @param maxBytes more than so many are not inflated
   * @return false if there is more
   * @throws DataFormatException if it is not gzip from the first byte to the last
   */
  static boolean inflate(byte[] sent, int length, BodyBytes inflated, int maxBytes)
      throws DataFormatException {
    try (Gunzip gunzip = new Gunzip(sent, length)) {
      do {
        gunzip.readHeader();
        if (!gunzip.inflateMember(inflated, maxBytes)) {
          return false;
        }
      } while (gunzip.at < length);
      return true;
    }
  }

  private boolean inflateMember(BodyBytes inflated, int maxBytes) throws DataFormatException {
    inflater.reset();
    checksum.reset();
    inflater.setInput(sent, at, end - at);
    while (!inflater.finished()) {
      int from = inflated.length();
      inflated.inflateSome(inflater);
      int written = inflated.length() - from;
      if (inflated.length() > maxBytes) {
        return false;
      }
      if (written == 0 && !inflater.finished()) {
        throw new DataFormatException("is cut, or wants a dictionary");
      }
      checksum.update(inflated.array(), from, written);
    }
    at = end - inflater.getRemaining();
    readTrailer();
    return true;
  }

  private void readHeader() throws DataFormatException {
    int begin = at;
    require(begin + FIXED_HEADER_BYTES <= end);
    int flags = sent[begin + 3] & 0xFF;
    require(
        (sent[begin] & 0xFF) == 0x1F
            && (sent[begin + 1] & 0xFF) == 0x8B
            && sent[begin + 2] == DEFLATE
            && (flags & RESERVED) == 0);
    at = begin + FIXED_HEADER_BYTES;
    if ((flags & EXTRA) != 0) {
      at += 2 + (int) number(2);
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CHECKSUM) != 0) {
      require(at <= end);
      checksum.reset();
      checksum.update(sent, begin, at - begin);
      require(number(2) == (checksum.getValue() & 0xFFFF));
      at += 2;
    }
    require(at <= end);
  }

  private void readTrailer() throws DataFormatException {
    require(number(4) == checksum.getValue());
    at += 4;
    require(number(4) == (inflater.getBytesWritten() & 0xFFFF_FFFFL));
    at += TRAILER_BYTES - 4;
  }

  private void skipText() throws DataFormatException {
    while (number(1) != 0) {
      at++;
    }
    at++;
  }

  /** The bytes that follow as a number, the lowest first. */
  private long number(int bytes) throws DataFormatException {
    require(at + bytes <= end);
    long number = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      number = (number << 8) | (sent[at + i] & 0xFF);
    }
    return number;
  }

  private static void require(boolean condition) throws DataFormatException {
    if (!condition) {
      throw new DataFormatException("is no member of gzip");
    }
  }

  @Override
  public void close() {
    inflater.end();
  }
}

package ai.pediscreen.telemetry.drift;

import java.util.Arrays;

/**
 * The serialised form of {@link CountedValues}, described at {@link CountedValues#toBytes()}.
 *
 * <p>Every sample has exactly one form, and the reader refuses any other: what it reads, it would
 * write again byte for byte. Memory is reserved only for values that the remaining bytes can hold.
 */
final class CountedValuesFormat {

  static final byte VERSION = 1;
  static final byte WHOLE_NUMBERS = 0;
  static final byte FRACTIONS = 1;

  /** Nine groups of seven bits, and one bit more. */
  private static final int LONGEST_NUMBER = 10;

  private CountedValuesFormat() {}

  static byte[] write(CountedValues sample) {
    boolean whole = allWhole(sample);
    Writer out = new Writer((int) Math.min(16 + 3L * sample.distinct(), 1 << 20));
    out.octet(VERSION);
    out.octet(whole ? WHOLE_NUMBERS : FRACTIONS);
    out.number(sample.distinct());
    long previous = 0;
    for (int i = 0; i < sample.distinct(); i++) {
      long key = whole ? (long) sample.value(i) : OrderedBits.of(sample.value(i));
      out.number(i == 0 ? zigzag(key) : key - previous - 1);
      out.number(sample.count(i) - 1);
      previous = key;
    }
    return out.written();
  }

  static CountedValues read(byte[] bytes) {
    Reader in = new Reader(bytes);
    int version = in.octet("version");
    if (version != VERSION) {
      throw in.fault("version must be " + VERSION + ", but is " + version);
    }
    int kind = in.octet("kind");
    if (kind != WHOLE_NUMBERS && kind != FRACTIONS) {
      throw in.fault("kind must be 0 or 1, but is " + kind);
    }
    long distinct = in.number("number of distinct values");
    // Each value takes two bytes at least.
    if (distinct < 0 || distinct > in.remaining() / 2) {
      throw in.fault(
          Long.toUnsignedString(distinct)
              + " values cannot be in the remaining "
              + in.remaining()
              + " bytes");
    }
    double[] values = new double[(int) distinct];
    long[] counts = new long[(int) distinct];
    long previous = 0;
    long total = 0;
    for (int i = 0; i < distinct; i++) {
      long number = in.number("value");
      long key = i == 0 ? unzigzag(number) : previous + number + 1;
      // A distance past the largest key wraps round to a key that is not larger.
      if (i > 0 && key <= previous) {
        throw in.fault("value " + i + " is out of range");
      }
      values[i] = toValue(in, key, kind, i);
      counts[i] = in.number("count") + 1;
      if (counts[i] < 1 || counts[i] > CountedValues.MAX_TOTAL - total) {
        throw in.fault("counts add up to more than 2^53");
      }
      total += counts[i];
      previous = key;
    }
    if (in.remaining() > 0) {
      throw in.fault(in.remaining() + " bytes too many");
    }
    CountedValues sample = CountedValues.ofSorted(values, counts);
    if (kind == FRACTIONS && allWhole(sample)) {
      throw in.fault("whole numbers written as fractions");
    }
    return sample;
  }

  private static double toValue(Reader in, long key, int kind, int place) {
    if (kind == WHOLE_NUMBERS) {
      if (key < -WholeNumbers.LARGEST || key > WholeNumbers.LARGEST) {
        throw in.fault("value " + place + " is outside ±2^53");
      }
      return key;
    }
    double value = OrderedBits.toDouble(key);
    if (!Double.isFinite(value) || OrderedBits.of(WholeNumbers.withoutNegativeZero(value)) != key) {
      throw in.fault("value " + place + " is " + value);
    }
    return value;
  }

  private static boolean allWhole(CountedValues sample) {
    for (int i = 0; i < sample.distinct(); i++) {
      if (!WholeNumbers.isWhole(sample.value(i))) {
        return false;
      }
    }
    return true;
  }

  private static long zigzag(long value) {
    return (value << 1) ^ (value >> 63);
  }

  private static long unzigzag(long value) {
    return (value >>> 1) ^ -(value & 1);
  }

  /** A growing array of bytes. */
  private static final class Writer {

    private byte[] bytes;
    private int size;

    Writer(int capacity) {
      this.bytes = new byte[capacity];
    }

    void octet(byte value) {
      bytes[size++] = value;
    }

    void number(long unsigned) {
      if (bytes.length - size < LONGEST_NUMBER) {
        bytes = Arrays.copyOf(bytes, 2 * bytes.length);
      }
      long rest = unsigned;
      while ((rest & ~0x7FL) != 0) {
        bytes[size++] = (byte) (rest | 0x80);
        rest >>>= 7;
      }
      bytes[size++] = (byte) rest;
    }

    byte[] written() {
      return Arrays.copyOf(bytes, size);
    }
  }

  /** A place in the bytes being read. */
  private static final class Reader {

    private final byte[] bytes;
    private int offset;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    int remaining() {
      return bytes.length - offset;
    }

    int octet(String what) {
      if (remaining() == 0) {
        throw fault("ends before the " + what);
      }
      return bytes[offset++];
    }

    long number(String what) {
      long value = 0;
      for (int group = 0; group < LONGEST_NUMBER; group++) {
        int octet = octet(what);
        if (group == LONGEST_NUMBER - 1 && octet != 1) {
          throw fault(what + " has more than 64 bits");
        }
        value |= (octet & 0x7FL) << (7 * group);
        if (octet >= 0) {
          if (octet == 0 && group > 0) {
            throw fault(what + " is longer than it need be");
          }
          return value;
        }
      }
      throw new AssertionError("the last group ends the number or is a fault");
    }

    IllegalArgumentException fault(String what) {
      return new IllegalArgumentException(
          "not the bytes of counted values: at offset " + offset + ", " + what);
    }
  }
}

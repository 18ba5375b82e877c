package ai.pediscreen.telemetry.server.otlp.wire;

import java.util.Arrays;

/** Ranges of an array of bytes, in order. */
final class ByteRanges {

  private int[] ends = new int[16];
  private int count;

  void add(int from, int length) {
    if (2 * count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * ends.length);
    }
    ends[2 * count] = from;
    ends[2 * count + 1] = length;
    count++;
  }

  int count() {
    return count;
  }

  int from(int index) {
    return ends[2 * index];
  }

  int length(int index) {
    return ends[2 * index + 1];
  }
}

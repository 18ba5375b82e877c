package ai.pediscreen.telemetry.export;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows as they are sent; equal if their bytes are. Immutable, provided that the array is not
 * changed.
 */
public final class EncodedRows {

  private final int count;
  private final byte[] bytes;

  /**
   * Takes the rows as they are.
   *
   * @param count how many rows; at least 1
   * @param bytes the rows, in a form that the place of export knows; not copied
   */
  public EncodedRows(int count, byte[] bytes) {
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1 but is " + count);
    }
    this.count = count;
    this.bytes = requireNonNull(bytes, "bytes");
  }

  /** How many rows. */
  public int count() {
    return count;
  }

  /** The rows; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EncodedRows that
        && count == that.count
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return count + " rows of " + bytes.length + " bytes";
  }
}

package ai.pediscreen.telemetry.server.http.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Bytes of a body: a buffer that grows with what is read, paid for from a {@link BodyBudget}. */
public final class BodyBytes {

  private final BodyBudget.Lease lease;
  private byte[] array;
  private int length;

  public BodyBytes(BodyBudget.Lease lease, int firstSize) {
    lease.take(firstSize);
    this.lease = lease;
    this.array = new byte[firstSize];
  }

  /** The buffer; only the first {@link #length} bytes count. */
  public byte[] array() {
    return array;
  }

  public int length() {
    return length;
  }

  /** Reads what is there, at least one byte; false at the end of the stream. */
  public boolean readSome(InputStream in) throws IOException {
    if (length == array.length) {
      grow();
    }
    int read = in.read(array, length, array.length - length);
    length += Math.max(read, 0);
    return read >= 0;
  }

  /** Gives the memory back; nothing is left to read. */
  public void free() {
    lease.giveBack(array.length);
    array = new byte[0];
    length = 0;
  }

  private void grow() {
    int before = array.length;
    // One over the limit is enough to see that the limit is passed.
    int size = Math.min(Math.max(2 * before, 1024), RequestBodies.MAX_BODY_BYTES + 1);
    lease.take(size);
    array = Arrays.copyOf(array, size);
    lease.giveBack(before);
  }
}

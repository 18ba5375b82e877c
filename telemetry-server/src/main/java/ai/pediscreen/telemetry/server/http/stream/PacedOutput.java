package ai.pediscreen.telemetry.server.http.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/**
 * The bytes sent to a reader, and how long it has blocked the writer. One thread writes, another
 * asks whether the reader is too slow.
 */
final class PacedOutput extends OutputStream {

  /** A reader that has blocked the writer for less is not checked. */
  static final Duration GRACE = Duration.ofSeconds(10);

  static final int MIN_BYTES_A_SECOND = 32 * 1024;

  private final OutputStream out;

  // Guarded by this.
  private long writtenBytes;
  private long waitedNanos;
  private long writingSinceNanos;
  private boolean writing;

  PacedOutput(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    begin();
    try {
      out.write(bytes, offset, length);
    } finally {
      end(length);
    }
  }

  @Override
  public void flush() throws IOException {
    begin();
    try {
      out.flush();
    } finally {
      end(0);
    }
  }

  @Override
  public void close() throws IOException {
    begin();
    try {
      out.close();
    } finally {
      end(0);
    }
  }

  /** Whether the reader has taken too little of what it was offered. */
  synchronized boolean isTooSlow() {
    long waited = waitedNanos + (writing ? System.nanoTime() - writingSinceNanos : 0);
    return isTooSlow(Duration.ofNanos(waited), writtenBytes);
  }

  static boolean isTooSlow(Duration waited, long writtenBytes) {
    return waited.compareTo(GRACE) > 0 && writtenBytes < MIN_BYTES_A_SECOND * waited.toSeconds();
  }

  private synchronized void begin() {
    writing = true;
    writingSinceNanos = System.nanoTime();
  }

  private synchronized void end(int length) {
    writing = false;
    waitedNanos += System.nanoTime() - writingSinceNanos;
    writtenBytes += length;
  }
}

package ai.pediscreen.telemetry.server.http.access;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/**
 * How many connections are kept open.
 *
 * @param all of all addresses together; at least 1
 * @param byAddress of one address; at least 1. Behind a proxy all are of one.
 */
public record ConnectionLimits(int all, int byAddress) {

  /** A connection that sends its head byte by byte holds a buffer of 8 KiB, and some more. */
  private static final long HEAP_BYTES_EACH = 64 * 1024;

  /** The database, the jars, files that are written. */
  private static final long OTHER_FILES = 160;

  private static final int MOST = 10_000;

  public ConnectionLimits {
    if (all < 1 || byAddress < 1) {
      throw new IllegalArgumentException(
          "all and byAddress must be at least 1 but are %d and %d".formatted(all, byAddress));
    }
  }

  /**
   * As many as the limit of open files and the heap of this process are good for, three quarters of
   * them for one address.
   */
  public static ConnectionLimits ofProcess() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    long files =
        system instanceof com.sun.management.UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount()
            : Long.MAX_VALUE;
    return of(files, Runtime.getRuntime().maxMemory());
  }

  static ConnectionLimits of(long files, long heapBytes) {
    long byFiles = Math.max(files / 4, files - OTHER_FILES);
    int all = (int) Math.max(16, Math.min(MOST, Math.min(byFiles, heapBytes / HEAP_BYTES_EACH)));
    return of(all);
  }

  /** So many of all addresses, and three quarters of them of one. */
  public static ConnectionLimits of(int all) {
    return new ConnectionLimits(all, Math.max(1, all * 3 / 4));
  }
}

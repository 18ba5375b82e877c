package ai.pediscreen.telemetry.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Held by the one process of these tests that looks for a program and fetches it if it is missing.
 * The others wait, since apt refuses to work twice at a time, and half a program looks like a whole
 * one. Used by one thread of a process at a time.
 */
public final class PackagesLock implements AutoCloseable {

  private final FileChannel channel;

  /** Does not hold it yet. */
  public PackagesLock() {
    try {
      channel =
          FileChannel.open(
              Path.of("target", "packages.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for it, and holds it until this is closed. */
  public void take() {
    try {
      channel.lock();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

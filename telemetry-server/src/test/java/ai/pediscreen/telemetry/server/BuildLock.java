package ai.pediscreen.telemetry.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Held by the one process of these tests that makes what is missing, while the others wait. Used by
 * one thread of a process at a time.
 */
public final class BuildLock implements AutoCloseable {

  /** To install programs: apt refuses to work twice at a time, and half of one looks whole. */
  public static final String PACKAGES = "packages";

  private final FileChannel channel;

  /** For one kind of work; does not hold it yet. */
  public BuildLock(String name) {
    try {
      channel =
          FileChannel.open(
              Path.of("target", name + ".lock"),
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

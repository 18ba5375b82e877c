package ai.pediscreen.telemetry.server.http;

import java.net.URI;

/** A running server whose store was empty when it started, and whose clock a test sets. */
public interface ServerUnderTest extends AutoCloseable {

  /** Scheme, host and port. */
  URI uri();

  SettableClock clock();

  @Override
  void close();
}

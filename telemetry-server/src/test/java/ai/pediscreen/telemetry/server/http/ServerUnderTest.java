package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.access.KeyStore;
import java.net.URI;
import java.util.List;

/** A running server whose store was empty when it started, and whose clock a test sets. */
public interface ServerUnderTest extends AutoCloseable {

  /** Scheme, host and port. */
  URI uri();

  SettableClock clock();

  /** Where its keys are kept; they are asked for if it was started to require them. */
  KeyStore keys();

  /** All that can be asked for: method and path. */
  List<String> routes();

  @Override
  void close();
}

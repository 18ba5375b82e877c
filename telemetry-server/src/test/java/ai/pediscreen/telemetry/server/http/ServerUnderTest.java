package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.access.KeyStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** A running server whose store was empty when it started, and whose clock a test sets. */
public interface ServerUnderTest extends AutoCloseable {

  /** The file of prices that it reads: {@code priced-sonnet*} since 2026-01-01. */
  String PRICES = Path.of("src/test/resources/prices.json").toAbsolutePath().toString();

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

package ai.pediscreen.telemetry.server.http;

import ai.pediscreen.telemetry.event.EventStore;
import ai.pediscreen.telemetry.event.GroupCommitter;
import ai.pediscreen.telemetry.memory.InMemoryTelemetry;
import ai.pediscreen.telemetry.usage.UsageQueries;
import java.net.URI;
import java.time.Instant;
import java.util.List;

/** The server over a store in memory, or over a store that a test makes misbehave. */
final class InMemoryServer implements ServerUnderTest {

  private final SettableClock clock = new SettableClock(Instant.parse("2026-03-10T12:00:00Z"));
  private final GroupCommitter committer;
  private final TelemetryHttpServer server;

  private InMemoryServer(
      EventStore store, UsageQueries queries, Readiness readiness, boolean authRequired) {
    this(store, queries, readiness, authRequired, 0);
  }

  private InMemoryServer(
      EventStore store, UsageQueries queries, Readiness readiness, boolean authRequired, int port) {
    this.committer = new GroupCommitter(store, 20_000);
    this.server =
        new TelemetryHttpServer(
            new HttpServerSettings("127.0.0.1", port, "pedi-telemetry", authRequired),
            committer,
            queries,
            readiness,
            clock);
    try {
      server.start();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  static InMemoryServer start() {
    InMemoryTelemetry telemetry = new InMemoryTelemetry();
    return new InMemoryServer(telemetry, telemetry, List::of, false);
  }

  static InMemoryServer startAt(int port) {
    InMemoryTelemetry telemetry = new InMemoryTelemetry();
    return new InMemoryServer(telemetry, telemetry, List::of, false, port);
  }

  static InMemoryServer startWithKeys() {
    InMemoryTelemetry telemetry = new InMemoryTelemetry();
    return new InMemoryServer(telemetry, telemetry, List::of, true);
  }

  static InMemoryServer startOverStore(EventStore store) {
    return new InMemoryServer(store, new InMemoryTelemetry(), List::of, false);
  }

  static InMemoryServer startOverQueries(UsageQueries queries) {
    return new InMemoryServer(new InMemoryTelemetry(), queries, List::of, false);
  }

  static InMemoryServer startWith(Readiness readiness) {
    InMemoryTelemetry telemetry = new InMemoryTelemetry();
    return new InMemoryServer(telemetry, telemetry, readiness, false);
  }

  @Override
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  @Override
  public SettableClock clock() {
    return clock;
  }

  TelemetryHttpServer server() {
    return server;
  }

  int queuedEvents() {
    return committer.queuedEvents();
  }

  /** Waits until so many events are queued. */
  void awaitQueued(int events) {
    while (queuedEvents() < events) {
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    server.close();
    committer.close();
  }
}

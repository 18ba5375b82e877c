package ai.pediscreen.telemetry.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;

/**
 * What a measurement stands on: a temporary directory, a database, and the processes that it has
 * started. All of it goes when this is closed, or when the JVM ends, as with Ctrl-C.
 */
final class TestBed implements AutoCloseable {

  private final RunOptions options;
  private final Path directory;
  private final Postgres postgres;
  private final Deque<Service> processes = new ArrayDeque<>();
  private final AtomicLong numbers = new AtomicLong();
  private boolean closed;

  TestBed(RunOptions options) {
    if (Files.notExists(options.jar)) {
      throw new IllegalArgumentException(options.jar + " is not there; bench/run builds it");
    }
    this.options = options;
    try {
      this.directory = Files.createTempDirectory("telemetry-bench");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String url = options.database;
    this.postgres =
        url == null || url.isBlank()
            ? Postgres.embedded(directory.resolve("data"))
            : Postgres.at(url);
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  Postgres postgres() {
    return postgres;
  }

  /** For files of one run. */
  Path directory() {
    return directory;
  }

  /** The server, once it answers. */
  Service startServer(String... moreFlags) {
    return startServer(Map.of(), moreFlags);
  }

  /** The same with settings. */
  Service startServer(Map<String, String> settings, String... moreFlags) {
    List<String> flags = Stream.concat(options.serverFlags.stream(), Stream.of(moreFlags)).toList();
    return started(Service.server(options.jar, directory, postgres.url(), flags, settings));
  }

  Service startBareRoute() {
    return started(Service.bareRoute(directory));
  }

  /**
   * The service that this one replaces, with a database of its own and one worker.
   *
   * @param folder that holds its package {@code app}
   */
  Service startReplaced(Path folder, String python) {
    return started(Service.replaced(directory, folder, python, postgres.addDatabase()));
  }

  /** Requests with events that happen when they are sent, none of which was sent before. */
  EventRequests requests(int events) {
    return EventRequests.now(new SampleEvents(1), events, numbers::getAndIncrement);
  }

  /** The same events as spans of OpenTelemetry. */
  SpanRequests spans(int spans) {
    return new SpanRequests(new SampleSpans(1), spans, numbers::getAndIncrement);
  }

  /** Requests that tell times of their own. */
  EventRequests requests(int events, LongSupplier ownNumbers, LongUnaryOperator millis) {
    return new EventRequests(new SampleEvents(1), events, ownNumbers, millis);
  }

  /** As many numbers as are asked for, which nobody else gets; the first of them. */
  long reserve(long count) {
    return numbers.getAndAdd(count);
  }

  /** How many events the server has stored, counted by SQL. */
  long storedEvents() {
    return Long.parseLong(postgres.ask("SELECT count(*) FROM " + postgres.eventTable()));
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    processes.forEach(Service::close);
    postgres.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized Service started(Service process) {
    processes.push(process);
    return process;
  }
}

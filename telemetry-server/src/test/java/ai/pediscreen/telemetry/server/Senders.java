package ai.pediscreen.telemetry.server;

import static ai.pediscreen.telemetry.event.EventBuilder.event;

import ai.pediscreen.telemetry.daily.DailyOracle;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Clients of several servers that share a database, whose clocks are right, an hour ahead or an
 * hour late. Each sends an event or a batch again, to one server after the other, until it is
 * acknowledged; and now and then something that was acknowledged before.
 */
final class Senders implements AutoCloseable {

  private static final int CLIENTS = 6;
  private static final int LARGEST_BATCH = 40;
  private static final long PAUSE_NANOS = 60_000_000;
  private static final long PAUSE_AFTER_FAILURE_NANOS = 30_000_000;
  private static final Duration WRONG = Duration.ofHours(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A request.
   *
   * @param sentNanos when it was sent, as {@link System#nanoTime()}
   * @param endedNanos when its answer was there, or its connection broke
   * @param response null if its connection broke
   */
  record Attempt(long sentNanos, long endedNanos, @Nullable HttpResponse<String> response) {

    Duration took() {
      return Duration.ofNanos(endedNanos - sentNanos);
    }

    /** 0 if the connection broke. */
    int status() {
      return response == null ? 0 : response.statusCode();
    }
  }

  private final List<URI> servers;
  private final List<LocalDate> days;
  private final Consumer<Attempt> observer;
  private final Queue<TelemetryEvent> acknowledged = new ConcurrentLinkedQueue<>();
  private final Queue<Object> faults = new ConcurrentLinkedQueue<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private final List<Thread> clients = new ArrayList<>();
  private volatile boolean stopping;

  /**
   * Begins.
   *
   * @param servers where events are posted
   * @param days the days that are over, of which every other event is
   */
  Senders(List<URI> servers, List<LocalDate> days, long seed) {
    this(servers, days, seed, attempt -> {});
  }

  /**
   * The same.
   *
   * @param observer is told of every request; by several threads
   */
  Senders(List<URI> servers, List<LocalDate> days, long seed, Consumer<Attempt> observer) {
    this.servers = servers;
    this.days = days;
    this.observer = observer;
    for (int i = 0; i < CLIENTS; i++) {
      Random random = new Random(seed + i);
      Duration wrong = WRONG.multipliedBy(i % 3 - 1);
      Thread client = new Thread(() -> run(random, wrong), "sender-" + i);
      client.setDaemon(true);
      clients.add(client);
      client.start();
    }
  }

  /** The events that were answered 2xx, each once. */
  Collection<TelemetryEvent> acknowledged() {
    return acknowledged;
  }

  /** Answers that a sender may not get for what is as it should be. */
  Collection<Object> faults() {
    return faults;
  }

  /** How many requests were sent again. */
  int failures() {
    return failures.get();
  }

  /** Whether one event can be stored by one server now. */
  boolean isStored(URI server, Random random) {
    List<TelemetryEvent> one = List.of(next(random, Duration.ZERO));
    boolean stored = post(server, body(one));
    if (stored) {
      acknowledged.addAll(one);
    }
    return stored;
  }

  /** Ends when all that was ever sent is acknowledged. */
  void finish(Duration limit) {
    stopping = true;
    Waiting.until("all is acknowledged", limit, () -> clients.stream().noneMatch(Thread::isAlive));
  }

  @Override
  public void close() {
    stopping = true;
    clients.forEach(Thread::interrupt);
  }

  private void run(Random random, Duration wrong) {
    try {
      List<TelemetryEvent> before = List.of();
      int turn = random.nextInt(servers.size());
      while (!stopping) {
        List<TelemetryEvent> batch = batch(random, wrong);
        List<TelemetryEvent> sent = new ArrayList<>(batch);
        if (random.nextInt(4) == 0) {
          sent.addAll(before);
        }
        String body = body(sent);
        while (!post(servers.get(turn % servers.size()), body)) {
          if (Thread.interrupted()) {
            return;
          }
          failures.incrementAndGet();
          turn++;
          LockSupport.parkNanos(PAUSE_AFTER_FAILURE_NANOS);
        }
        turn += random.nextInt(2);
        acknowledged.addAll(batch);
        before = batch;
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (RuntimeException | AssertionError e) {
      faults.add(e);
    }
  }

  private boolean post(URI server, String body) {
    long sentNanos = System.nanoTime();
    HttpResponse<String> response;
    try {
      response = Http.postJson(server, body);
    } catch (UncheckedIOException e) {
      // The server is away or was just killed: what became of it is unknown, so it is sent again.
      observer.accept(new Attempt(sentNanos, System.nanoTime(), null));
      return false;
    }
    observer.accept(new Attempt(sentNanos, System.nanoTime(), response));
    int status = response.statusCode();
    if (status != 202 && status != 503) {
      faults.add(status + " " + response.body());
    }
    return status == 202;
  }

  private List<TelemetryEvent> batch(Random random, Duration wrong) {
    int size = random.nextInt(4) == 0 ? 1 + random.nextInt(LARGEST_BATCH) : 1;
    List<TelemetryEvent> batch = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      batch.add(next(random, wrong));
    }
    return batch;
  }

  private TelemetryEvent next(Random random, Duration wrong) {
    String id = "e-" + ids.incrementAndGet();
    return random.nextBoolean()
        ? DailyOracle.random(random, id, days.get(random.nextInt(days.size())))
        : event(id)
            .at(Instant.now().plus(wrong))
            .org(any(random, "org-a", "Klinik Würzburg", null))
            .model(any(random, "m-1", "m-2", null))
            .adapter(any(random, "lora-1", "lora-2", null))
            .provider(any(random, "vertex", "on-prem"))
            .latency((long) Math.exp(5 + random.nextGaussian()))
            .status(random.nextInt(10) == 0 ? 503 : 200)
            .errorCode(any(random, "TIMEOUT", null))
            .fallbackTo(any(random, "rules", null, null, null))
            .cost("0." + random.nextInt(1_000_000))
            .build();
  }

  private static @Nullable String any(Random random, @Nullable String... values) {
    return Arrays.asList(values).get(random.nextInt(values.length));
  }

  private static String body(List<TelemetryEvent> events) {
    try {
      return JSON.writeValueAsString(
          events.size() == 1
              ? events.get(0).toMap()
              : events.stream().map(TelemetryEvent::toMap).toList());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}

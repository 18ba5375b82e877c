package ai.pediscreen.telemetry.server;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Clients that post events without a pause, alone and in batches, and remember which were answered
 * 2xx. What was not is sent again some time later, as a good client does.
 */
final class Load implements AutoCloseable {

  private static final int CLIENTS = 6;
  private static final int MODELS = 4;
  private static final long PAUSE_AFTER_FAILURE_NANOS = 20_000_000;

  private final URI events;
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicInteger ids = new AtomicInteger();
  private final List<Thread> clients = new ArrayList<>();
  private volatile boolean stopping;

  Load(URI events, long seed) {
    this.events = events;
    for (int i = 0; i < CLIENTS; i++) {
      Random random = new Random(seed + i);
      Thread client = new Thread(() -> run(random), "client-" + i);
      clients.add(client);
      client.start();
    }
  }

  /** Ids of the events that were answered 2xx. */
  Set<String> acknowledged() {
    return acknowledged;
  }

  @Override
  public void close() {
    stop();
  }

  /** Ends when every client has had the answer to its last request. */
  void stop() {
    stopping = true;
    for (Thread client : clients) {
      try {
        client.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run(Random random) {
    List<String> bodyIds = List.of();
    String body = "";
    while (!stopping) {
      if (bodyIds.isEmpty()) {
        bodyIds = nextIds(random);
        body = body(bodyIds, random);
      }
      if (post(body)) {
        acknowledged.addAll(bodyIds);
        bodyIds = List.of();
      } else {
        LockSupport.parkNanos(PAUSE_AFTER_FAILURE_NANOS);
      }
    }
  }

  private boolean post(String body) {
    try {
      HttpResponse<String> response = Http.postJson(events, body);
      return response.statusCode() == 202;
    } catch (UncheckedIOException e) {
      // The server was just killed: the outcome is unknown, so the same is sent again.
      return false;
    }
  }

  private List<String> nextIds(Random random) {
    int size = random.nextInt(4) == 0 ? 50 : 1;
    List<String> next = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      next.add("load-" + ids.incrementAndGet());
    }
    return next;
  }

  private static String body(List<String> ids, Random random) {
    String joined =
        ids.stream().map(id -> event(id, random)).collect(Collectors.joining(",", "[", "]"));
    return ids.size() == 1 ? joined.substring(1, joined.length() - 1) : joined;
  }

  private static String event(String id, Random random) {
    Instant timestamp = Instant.now().minusSeconds(random.nextInt(40 * 24 * 3600));
    return """
        {"event_id":"%s","timestamp":"%s","org_id":"org-%d","model":{"model_id":"model-%d",\
        "adapter_id":"adapter-%d","provider":"p"},"response":{"latency_ms":%d,"status_code":%d%s},\
        "cost_estimate_usd":0.%06d}"""
        .formatted(
            id,
            timestamp,
            random.nextInt(3),
            random.nextInt(MODELS),
            random.nextInt(2),
            (int) Math.exp(5 + random.nextGaussian()),
            random.nextInt(10) == 0 ? 503 : 200,
            random.nextInt(15) == 0 ? ",\"fallback_to\":\"other\"" : "",
            random.nextInt(1_000_000));
  }
}

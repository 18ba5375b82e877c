package ai.pediscreen.telemetry.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sends requests over connections that stay open, from one thread, so that most of the machine is
 * left to what is measured. Each connection has one request under way at a time; the next follows
 * at once, or when it is due if there is a rate.
 *
 * <p>Not thread-safe; each runs once.
 */
final class LoadGenerator {

  /** Called for each answer. */
  @FunctionalInterface
  interface Listener {
    /**
     * Called by the thread that sends.
     *
     * @param sentNanos of {@link System#nanoTime()}
     * @param answeredNanos of the same
     */
    void answered(long sentNanos, long answeredNanos, HttpAnswer answer);
  }

  private static final int READ_BYTES = 64 * 1024;
  private static final long DRAIN_NANOS = Duration.ofSeconds(30).toNanos();
  private static final long WAIT_MILLIS = 100;
  private static final int BROKEN = -1;

  private final InetSocketAddress address;
  private final int connections;
  private final Requests requests;
  private final double rate;
  private final Listener listener;
  private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BYTES);
  private final Deque<LoadConnection> idle = new ArrayDeque<>();
  private final Map<Integer, Long> others = new TreeMap<>();

  private long deadline;
  private long lastNanos;
  private int underWay;
  private int[] micros = new int[1 << 16];
  private int counted;
  private long events;
  private long accepted;
  private long duplicates;

  /** Sends as fast as answers come. */
  LoadGenerator(int port, int connections, Requests requests) {
    this(port, connections, requests, Double.POSITIVE_INFINITY, (sent, answered, answer) -> {});
  }

  /**
   * @param rate requests a second; those that find no idle connection wait for one
   */
  LoadGenerator(int port, int connections, Requests requests, double rate, Listener listener) {
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.connections = connections;
    this.requests = requests;
    this.rate = rate;
    this.listener = listener;
  }

  /**
   * Sends for some time and returns when the last answer is there.
   *
   * @throws UncheckedIOException if no connection can be made
   */
  LoadResult run(Duration time) {
    List<LoadConnection> all = new ArrayList<>(connections);
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < connections; i++) {
        all.add(LoadConnection.open(address, selector));
      }
      idle.addAll(all);
      return run(selector, time);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      all.forEach(LoadConnection::close);
    }
  }

  private LoadResult run(Selector selector, Duration time) throws IOException {
    long start = System.nanoTime();
    deadline = start + time.toNanos();
    lastNanos = start;
    double interval = 1e9 / rate;
    long sent = 0;
    long now = start;
    while (isOpen(now) || (underWay > 0 && now < deadline + DRAIN_NANOS)) {
      while (isOpen(now) && !idle.isEmpty() && now - start >= sent * interval) {
        send(idle.remove());
        sent++;
      }
      boolean waitsForTime = isOpen(now) && !idle.isEmpty();
      selector.select(this::ready, waitsForTime ? 1 : WAIT_MILLIS);
      now = System.nanoTime();
    }
    if (underWay > 0) {
      others.merge(BROKEN, (long) underWay, Long::sum);
    }
    return new LoadResult(
        (lastNanos - start) / 1e9,
        counted,
        events,
        Latencies.ofMicros(micros, counted),
        accepted,
        duplicates,
        others);
  }

  private boolean isOpen(long now) {
    return now < deadline && requests.hasNext();
  }

  private void send(LoadConnection connection) throws IOException {
    underWay++;
    try {
      connection.send(requests);
    } catch (IOException e) {
      broken(connection);
    }
  }

  private void ready(SelectionKey key) {
    LoadConnection connection = (LoadConnection) key.attachment();
    try {
      if (key.isWritable()) {
        connection.writeOn();
      }
      if (key.isReadable()) {
        HttpAnswer answer = connection.read(readBuffer);
        if (answer != null) {
          answered(connection, answer);
        }
      }
    } catch (IOException e) {
      broken(connection);
    }
  }

  private void answered(LoadConnection connection, HttpAnswer answer) throws IOException {
    long now = System.nanoTime();
    underWay--;
    listener.answered(connection.sentNanos(), now, answer);
    if (answer.success()) {
      int taken = answer.accepted(requests.events());
      accepted += taken;
      duplicates += requests.events() - taken;
      if (now <= deadline) {
        events += taken;
        count(now - connection.sentNanos());
        lastNanos = now;
      }
    } else {
      others.merge(answer.status(), 1L, Long::sum);
    }
    if (isOpen(now) && Double.isInfinite(rate)) {
      send(connection);
    } else {
      idle.add(connection);
    }
  }

  private void count(long nanos) {
    if (counted == micros.length) {
      micros = Arrays.copyOf(micros, counted * 2);
    }
    micros[counted++] = (int) Math.min(Integer.MAX_VALUE, nanos / 1_000);
  }

  private void broken(LoadConnection connection) {
    if (connection.isWaiting()) {
      underWay--;
      others.merge(BROKEN, 1L, Long::sum);
    }
    connection.reconnect(address);
    idle.remove(connection);
    idle.add(connection);
  }
}

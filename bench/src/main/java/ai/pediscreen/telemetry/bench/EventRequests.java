package ai.pediscreen.telemetry.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/** {@code POST /events} with one event each, or with some as NDJSON. Not thread-safe. */
final class EventRequests implements Requests {

  private static final int HEAD_ROOM = 256;

  private final int events;
  private final LongSupplier numbers;
  private final LongUnaryOperator millis;
  private final SampleEvents samples;
  private final long[] group;

  /** Set by another thread to end a load. */
  private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);

  /**
   * @param events in one request; NDJSON from two up
   * @param numbers the number of each next event, see {@link SampleEvents}
   * @param millis the timestamp of an event by its number
   */
  EventRequests(SampleEvents samples, int events, LongSupplier numbers, LongUnaryOperator millis) {
    this.samples = samples;
    this.events = events;
    this.numbers = numbers;
    this.millis = millis;
    this.group = new long[events];
  }

  /** Each of them happens when it is sent. */
  static EventRequests now(SampleEvents samples, int events, LongSupplier numbers) {
    return new EventRequests(samples, events, numbers, number -> System.currentTimeMillis());
  }

  /** These requests, which end when so many events have been sent. */
  EventRequests limitedTo(long limit) {
    left.set(limit);
    return this;
  }

  @Override
  public boolean hasNext() {
    return left.get() > 0;
  }

  @Override
  public int events() {
    return events;
  }

  @Override
  public ByteBuffer next(ByteBuffer buffer) {
    int length = 0;
    left.addAndGet(-events);
    for (int i = 0; i < events; i++) {
      group[i] = numbers.getAsLong();
      length += samples.length(group[i]) + (events > 1 ? 1 : 0);
    }
    ByteBuffer target =
        buffer.capacity() >= HEAD_ROOM + length
            ? buffer.clear()
            : ByteBuffer.allocate(HEAD_ROOM + length * 5 / 4);
    byte[] bytes = target.array();
    int end = HEAD_ROOM;
    for (long number : group) {
      end = samples.write(number, millis.applyAsLong(number), bytes, end);
      if (events > 1) {
        bytes[end++] = '\n';
      }
    }
    byte[] head =
        ("POST /events HTTP/1.1\r\nHost: bench\r\nContent-Type: application/"
                + (events > 1 ? "x-ndjson" : "json")
                + "\r\nContent-Length: "
                + length
                + "\r\n\r\n")
            .getBytes(US_ASCII);
    int start = HEAD_ROOM - head.length;
    System.arraycopy(head, 0, bytes, start, head.length);
    return target.position(start).limit(end);
  }
}

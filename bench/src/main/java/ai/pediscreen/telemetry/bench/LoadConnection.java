package ai.pediscreen.telemetry.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One connection of a {@link LoadGenerator}, with at most one request under way. */
final class LoadConnection {

  private static final int FIRST_BYTES = 4 * 1024;

  private final Selector selector;
  private SocketChannel channel;
  private SelectionKey key;
  private ByteBuffer request = ByteBuffer.allocate(FIRST_BYTES);
  private byte[] answer = new byte[FIRST_BYTES];
  private int answerBytes;
  private boolean waiting;
  private long sentNanos;

  private LoadConnection(Selector selector, SocketChannel channel) throws IOException {
    this.selector = selector;
    this.channel = channel;
    this.key = channel.register(selector, SelectionKey.OP_READ);
    key.attach(this);
  }

  static LoadConnection open(InetSocketAddress address, Selector selector) throws IOException {
    return new LoadConnection(selector, connect(address));
  }

  private static SocketChannel connect(InetSocketAddress address) throws IOException {
    SocketChannel channel = SocketChannel.open(address);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    return channel;
  }

  boolean isWaiting() {
    return waiting;
  }

  long sentNanos() {
    return sentNanos;
  }

  void send(Requests requests) throws IOException {
    request = requests.next(request);
    waiting = true;
    sentNanos = System.nanoTime();
    channel.write(request);
    if (request.hasRemaining()) {
      key.interestOpsOr(SelectionKey.OP_WRITE);
    }
  }

  /** Writes what did not fit before. */
  void writeOn() throws IOException {
    channel.write(request);
    if (!request.hasRemaining()) {
      key.interestOpsAnd(~SelectionKey.OP_WRITE);
    }
  }

  /** The answer, if it has arrived whole. */
  @Nullable HttpAnswer read(ByteBuffer buffer) throws IOException {
    buffer.clear();
    if (channel.read(buffer) < 0) {
      throw new EOFException("the server closed a connection");
    }
    buffer.flip();
    int more = buffer.remaining();
    if (answerBytes + more > answer.length) {
      answer = Arrays.copyOf(answer, Math.max(answer.length * 2, answerBytes + more));
    }
    buffer.get(answer, answerBytes, more);
    answerBytes += more;
    HttpAnswer whole = HttpAnswer.parse(answer, answerBytes);
    if (whole != null) {
      answerBytes = 0;
      waiting = false;
    }
    return whole;
  }

  /**
   * @throws UncheckedIOException if there is no server any more
   */
  void reconnect(InetSocketAddress address) {
    close();
    try {
      channel = connect(address);
      key = channel.register(selector, SelectionKey.OP_READ);
      key.attach(this);
    } catch (IOException e) {
      throw new UncheckedIOException("the server takes no connections any more", e);
    }
    answerBytes = 0;
    waiting = false;
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

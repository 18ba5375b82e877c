package ai.pediscreen.telemetry.postgres.event;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often the driver waits for an answer to something that it has sent, on the connections
 * whose URL names this class as {@code socketFactory}, and from one thread.
 */
public final class RoundTrips extends SocketFactory {

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static volatile @Nullable Thread counted;

  /** How many round trips the calling thread makes in a task. */
  static int during(Runnable task) {
    COUNT.set(0);
    counted = Thread.currentThread();
    try {
      task.run();
    } finally {
      counted = null;
    }
    return COUNT.get();
  }

  @Override
  public Socket createSocket() {
    return new CountingSocket();
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException("the driver connects a socket itself");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
    throw new UnsupportedOperationException("the driver connects a socket itself");
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException("the driver connects a socket itself");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
    throw new UnsupportedOperationException("the driver connects a socket itself");
  }

  private static final class CountingSocket extends Socket {

    private volatile boolean asked;

    @Override
    public OutputStream getOutputStream() throws IOException {
      return new FilterOutputStream(super.getOutputStream()) {
        @Override
        public void write(int b) throws IOException {
          asked = true;
          out.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
          asked = true;
          out.write(bytes, from, length);
        }
      };
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read() throws IOException {
          answered();
          return in.read();
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
          answered();
          return in.read(bytes, from, length);
        }
      };
    }

    private void answered() {
      if (asked && counted == Thread.currentThread()) {
        COUNT.incrementAndGet();
      }
      asked = false;
    }
  }
}

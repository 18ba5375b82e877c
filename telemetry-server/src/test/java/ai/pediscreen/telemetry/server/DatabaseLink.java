package ai.pediscreen.telemetry.server;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The way to a database, which can be cut, or lose what the database answers: then it commits, and
 * nobody hears of it.
 */
final class DatabaseLink implements AutoCloseable {

  private enum State {
    OPEN,
    DEAF,
    CUT
  }

  private final ServerSocket listener;
  private final int target;
  private final Set<Closeable> sockets = ConcurrentHashMap.newKeySet();
  private volatile State state = State.OPEN;

  private DatabaseLink(ServerSocket listener, int target) {
    this.listener = listener;
    this.target = target;
  }

  /** A way to a port of this machine. */
  static DatabaseLink to(int port) throws IOException {
    DatabaseLink link =
        new DatabaseLink(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
    start(link::accept);
    return link;
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Cuts all connections, and each that is opened from now on. */
  void cut() {
    state = State.CUT;
    closeAll();
  }

  /** From now on passes on what is asked, and nothing of what is answered. */
  void loseAnswers() {
    state = State.DEAF;
  }

  /** New connections are as they should be; those that have lost something are cut. */
  void mend() {
    if (state == State.DEAF) {
      cut();
    }
    state = State.OPEN;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        sockets.add(client);
        if (state == State.CUT) {
          close(client);
        } else {
          connect(client);
        }
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void connect(Socket client) {
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(server);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      start(() -> pass(client, server, false));
      start(() -> pass(server, client, true));
    } catch (IOException e) {
      close(client);
    }
  }

  private void pass(Socket from, Socket to, boolean answers) {
    byte[] buffer = new byte[16_384];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        if (state == State.OPEN || !answers) {
          out.write(buffer, 0, length);
        }
      }
    } catch (IOException e) {
      // Cut, or closed by one of the two.
    } finally {
      close(from);
      close(to);
    }
  }

  private void closeAll() {
    sockets.forEach(this::close);
  }

  private void close(Closeable socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "database-link");
    thread.setDaemon(true);
    thread.start();
  }
}

package ai.pediscreen.telemetry.server.http.access;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Request;

/**
 * Limits connections and the time that a request's head may take. Over the limit, of all or of one
 * address, the connection that has been without a complete request for longest is closed, so that
 * there is room for one that sends a request; only if all are busy is the new one closed. A head
 * must be complete after {@link #HEAD_LIMIT}.
 *
 * <p>Jetty's own limits stop accepting connections, which is what an attacker who opens idle
 * connections wants.
 *
 * <p>Thread-safe.
 */
public final class ConnectionGuard implements Connection.Listener {

  /** From the first byte of a request, or of the handshake before it, to the end of its head. */
  static final Duration HEAD_LIMIT = Duration.ofSeconds(10);

  /** First those that never brought a request, then those that brought none for longest. */
  private static final Comparator<Map.Entry<Connection, Watched>> BY_USE =
      Comparator.<Map.Entry<Connection, Watched>, Boolean>comparing(
              entry -> entry.getValue().broughtRequest)
          .thenComparingLong(entry -> entry.getValue().quietSinceNanos);

  private final ConnectionLimits limits;
  private final LongSupplier nanoTime;
  private final Runnable closedForRoom;
  private final ConcurrentMap<Connection, Watched> open = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Integer> byAddress = new ConcurrentHashMap<>();

  /**
   * @param nanoTime as {@link System#nanoTime()}
   * @param closedForRoom is notified of each connection that is closed for another
   */
  public ConnectionGuard(ConnectionLimits limits, LongSupplier nanoTime, Runnable closedForRoom) {
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.closedForRoom = closedForRoom;
  }

  @Override
  public void onOpened(Connection connection) {
    if (connection instanceof SslConnection) {
      // The HTTP connection within it is reported, too.
      return;
    }
    String address = address(connection.getEndPoint().getRemoteSocketAddress());
    Watched opened = new Watched(address, nanoTime.getAsLong());
    open.put(connection, opened);
    int ofAddress = byAddress.merge(address, 1, Integer::sum);
    if (ofAddress > limits.byAddress()) {
      makeRoom(
          connection, open.entrySet().stream().filter(e -> e.getValue().address.equals(address)));
    } else if (open.size() > limits.all()) {
      makeRoom(connection, open.entrySet().stream());
    }
  }

  @Override
  public void onClosed(Connection connection) {
    forget(connection);
  }

  /** It does not count any more; nothing if it was forgotten before. */
  private void forget(Connection connection) {
    Watched closed = open.remove(connection);
    if (closed != null) {
      byAddress.computeIfPresent(closed.address, (address, count) -> count == 1 ? null : count - 1);
    }
  }

  /** The head of a request has come. */
  public void requestBegins(Request request) {
    Watched watched = open.get(request.getConnectionMetaData().getConnection());
    if (watched != null) {
      watched.atWork = true;
    }
  }

  /** A request is answered. */
  public void requestEnds(Request request) {
    Connection connection = request.getConnectionMetaData().getConnection();
    Watched watched = open.get(connection);
    if (watched != null) {
      watched.bytesSeen = bytesIn(connection);
      watched.quietSinceNanos = nanoTime.getAsLong();
      watched.inHead = false;
      watched.broughtRequest = true;
      watched.atWork = false;
    }
  }

  /** How many connections are open. */
  public int openConnections() {
    return open.size();
  }

  /** Closes those whose heads take too long. To be called every second or so. */
  public void sweep() {
    long now = nanoTime.getAsLong();
    open.forEach(
        (connection, watched) -> {
          if (watched.atWork) {
            return;
          }
          if (!watched.inHead) {
            if (bytesIn(connection) > watched.bytesSeen) {
              watched.inHead = true;
              watched.headSinceNanos = now;
            }
          } else if (now - watched.headSinceNanos > HEAD_LIMIT.toNanos()) {
            endPoint(connection).close();
          }
        });
  }

  /** Closes all that have no request under way. To be called when no more are to come. */
  public void closeQuiet() {
    open.forEach(
        (connection, watched) -> {
          if (!watched.atWork) {
            endPoint(connection).close();
          }
        });
  }

  /** Closes all, whatever they do. */
  public void closeAll() {
    open.keySet().forEach(connection -> endPoint(connection).close());
  }

  private void makeRoom(Connection opened, Stream<Map.Entry<Connection, Watched>> among) {
    Connection victim =
        among
            .filter(entry -> !entry.getValue().atWork && entry.getKey() != opened)
            .min(BY_USE)
            .map(Map.Entry::getKey)
            .orElse(opened);
    // Now, or the next one would find it still there.
    forget(victim);
    closedForRoom.run();
    endPoint(victim).close();
  }

  /** That of the socket: within TLS a close may wait for what the other side does. */
  public static EndPoint endPoint(Connection connection) {
    EndPoint endPoint = connection.getEndPoint();
    return endPoint instanceof EndPoint.Wrapper tls ? tls.unwrap() : endPoint;
  }

  /** A handshake that drips is found as a head is. */
  private static long bytesIn(Connection connection) {
    return connection.getEndPoint() instanceof SslConnection.SslEndPoint tls
        ? tls.getSslConnection().getBytesIn()
        : connection.getBytesIn();
  }

  static String address(SocketAddress address) {
    return address instanceof InetSocketAddress internet && internet.getAddress() != null
        ? internet.getAddress().getHostAddress()
        : "";
  }

  /** What is known of an open connection. */
  private static final class Watched {
    final String address;
    volatile boolean atWork;
    volatile boolean inHead;
    volatile boolean broughtRequest;
    volatile long bytesSeen;
    volatile long headSinceNanos;
    volatile long quietSinceNanos;

    Watched(String address, long nowNanos) {
      this.address = address;
      this.quietSinceNanos = nowNanos;
    }
  }
}

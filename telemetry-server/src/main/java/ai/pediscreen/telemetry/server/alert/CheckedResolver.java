package ai.pediscreen.telemetry.server.alert;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;

/**
 * Resolves host names for a client, which connects to exactly the addresses that were checked, so a
 * name that resolves differently the next time has no effect. A name with one private address is
 * refused.
 */
final class CheckedResolver implements SocketAddressResolver {

  /** Looks a name up. */
  @FunctionalInterface
  interface Lookup {
    InetAddress[] all(String host) throws UnknownHostException;
  }

  /** A name resolves to a private address. */
  static final class PrivateAddressException extends IOException {
    private static final long serialVersionUID = 1L;

    PrivateAddressException() {
      super("the receiver has a private address; ALERT_ALLOW_PRIVATE=true allows it");
    }
  }

  private final Lookup lookup;
  private final boolean allowPrivate;
  private final Executor executor;

  /**
   * @param executor where names are resolved, which may take long
   */
  CheckedResolver(Lookup lookup, boolean allowPrivate, Executor executor) {
    this.lookup = lookup;
    this.allowPrivate = allowPrivate;
    this.executor = executor;
  }

  @Override
  public void resolve(
      String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> found) {
    executor.execute(
        () -> {
          List<InetSocketAddress> addresses;
          try {
            addresses = addresses(host, port);
          } catch (IOException | RuntimeException e) {
            found.failed(e);
            return;
          }
          found.succeeded(addresses);
        });
  }

  private List<InetSocketAddress> addresses(String host, int port) throws IOException {
    InetAddress[] all = lookup.all(host);
    if (!allowPrivate && !Arrays.stream(all).allMatch(PublicAddresses::isPublic)) {
      throw new PrivateAddressException();
    }
    return Arrays.stream(all).map(address -> new InetSocketAddress(address, port)).toList();
  }
}

package ai.pediscreen.telemetry.server.metrics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Answers {@code GET /metrics}, and nothing else, on an address of its own, so that it need not be
 * public. Requires no key.
 */
public final class MetricsListener implements AutoCloseable {

  private static final int MAX_THREADS = 8;
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);

  private final Server server;
  private final ServerConnector connector;

  /**
   * Starts to listen.
   *
   * @param port 0 for any that is free
   * @throws UncheckedIOException if the address cannot be listened on
   */
  public MetricsListener(String host, int port, TelemetryMetrics metrics) {
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 1);
    threads.setName("metrics-http");
    this.server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    this.connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(host);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_TIMEOUT.toMillis());
    server.addConnector(connector);
    server.setHandler(new Answers(metrics));
    try {
      server.start();
    } catch (Exception e) {
      close();
      throw new UncheckedIOException(
          "cannot listen for metrics on %s:%d".formatted(host, port),
          e instanceof IOException io ? io : new IOException(e));
    }
  }

  /** The port that is listened on, which matters when 0 was asked for. */
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the listener for metrics did not stop", e);
    }
  }

  private static final class Answers extends Handler.Abstract {

    private final TelemetryMetrics metrics;

    Answers(TelemetryMetrics metrics) {
      this.metrics = metrics;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      boolean head = HttpMethod.HEAD.is(request.getMethod());
      if (!"/metrics".equals(Request.getPathInContext(request))) {
        response.setStatus(HttpStatus.NOT_FOUND_404);
        callback.succeeded();
      } else if (!head && !HttpMethod.GET.is(request.getMethod())) {
        response.setStatus(HttpStatus.METHOD_NOT_ALLOWED_405);
        response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
        callback.succeeded();
      } else {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, TelemetryMetrics.CONTENT_TYPE);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        Content.Sink.write(response, true, head ? "" : metrics.scrape(), callback);
      }
      return true;
    }
  }
}

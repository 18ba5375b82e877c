package ai.pediscreen.telemetry.server.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts new events to a server as a client does: one at once, and then as often as the history has
 * it at that hour, so that the end of a chart is no different from the rest.
 */
public final class DemoTraffic implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DemoTraffic.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final JsonMapper json = new JsonMapper();
  private final URI events;
  private final DemoEvents calls;
  private final Thread thread = new Thread(this::run, "demo-traffic");

  /**
   * Starts to post.
   *
   * @param events where to post, such as {@code http://127.0.0.1:8000/events}
   * @param calls makes what is posted; must not be used elsewhere from now on
   */
  public DemoTraffic(URI events, DemoEvents calls) {
    this.events = events;
    this.calls = calls;
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        post();
        Thread.sleep(calls.pauseAfter(Instant.now()).toMillis());
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private void post() throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(events)
              .header("Content-Type", "application/json")
              .timeout(TIMEOUT)
              .POST(BodyPublishers.ofString(body()))
              .build();
      int status = client.send(request, BodyHandlers.discarding()).statusCode();
      if (status != 202) {
        LOG.warn("an event of the demonstration was answered {}", status);
      }
    } catch (IOException e) {
      LOG.warn("an event of the demonstration was not answered", e);
    }
  }

  private String body() {
    try {
      return json.writeValueAsString(calls.call(Instant.now()).toMap());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("every event is JSON", e);
    }
  }

  /** Posts no more, and waits for the current request. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

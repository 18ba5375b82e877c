package ai.pediscreen.telemetry.server.alert;

import ai.pediscreen.telemetry.alert.AlertChannel;
import ai.pediscreen.telemetry.alert.AlertMessage;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * Posts messages to a URL. A message has arrived if the answer is in the 200s, within ten seconds
 * in all; redirects are not followed, and no body is read.
 */
final class WebhookSender implements AlertSender {

  /** The message's id, by which a receiver drops a repeated one. */
  static final String ID = "X-Telemetry-Id";

  static final String TIMESTAMP = "X-Telemetry-Timestamp";
  static final String SIGNATURE = "X-Telemetry-Signature";

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int MIN_THREADS = 1;
  private static final int MAX_THREADS = 8;

  private final WebhookSettings settings;
  private final AlertText text;
  private final @Nullable WebhookSignature signature;
  private final InstantSource clock;
  private final Duration timeout;
  private final HttpClient client = new HttpClient();

  WebhookSender(WebhookSettings settings, AlertText text) {
    this(settings, text, InetAddress::getAllByName, InstantSource.system(), TIMEOUT);
  }

  WebhookSender(
      WebhookSettings settings,
      AlertText text,
      CheckedResolver.Lookup lookup,
      InstantSource clock,
      Duration timeout) {
    this.settings = settings;
    this.text = text;
    this.signature = settings.secret() == null ? null : new WebhookSignature(settings.secret());
    this.clock = clock;
    this.timeout = timeout;
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
    threads.setName("alert-http");
    threads.setDaemon(true);
    client.setExecutor(threads);
    client.setSocketAddressResolver(new CheckedResolver(lookup, settings.allowPrivate(), threads));
    client.setFollowRedirects(false);
    client.setConnectTimeout(timeout.toMillis());
    client.setUserAgentField(new HttpField(HttpHeader.USER_AGENT, "pediscreen-telemetry"));
    try {
      client.start();
    } catch (Exception e) {
      throw new IllegalStateException("the client for webhooks does not start", e);
    }
  }

  @Override
  public AlertChannel channel() {
    return AlertChannel.WEBHOOK;
  }

  @Override
  public void send(AlertMessage message) throws AlertNotSentException {
    byte[] body =
        settings.format() == WebhookSettings.Format.SLACK
            ? text.slack(message)
            : text.json(message);
    String seconds = Long.toString(clock.instant().getEpochSecond());
    Request request =
        client
            .POST(settings.url())
            .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
            .headers(
                headers -> {
                  headers.put(ID, message.id().toString());
                  headers.put(TIMESTAMP, seconds);
                  if (signature != null) {
                    headers.put(SIGNATURE, signature.of(seconds, body));
                  }
                })
            .body(new BytesRequestContent("application/json", body));
    int status = status(request);
    if (status < 200 || status > 299) {
      throw new AlertNotSentException("the receiver answered " + status);
    }
  }

  private int status(Request request) throws AlertNotSentException {
    InputStreamResponseListener answer = new InputStreamResponseListener();
    try {
      request.send(answer);
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS).getStatus();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AlertNotSentException("the server is shutting down", e);
    } catch (TimeoutException e) {
      throw new AlertNotSentException(late(), e);
    } catch (ExecutionException e) {
      throw new AlertNotSentException(reason(e.getCause()), e);
    } finally {
      // Whether there was still something to abort is of no matter.
      var unused = request.abort(new IOException("the status is all that is wanted"));
    }
  }

  private String late() {
    return "no answer within " + timeout.toSeconds() + " s";
  }

  /** Not the exception's own words, which may quote the URL. */
  private String reason(@Nullable Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof CheckedResolver.PrivateAddressException) {
        return String.valueOf(each.getMessage());
      }
      if (each instanceof TimeoutException) {
        return late();
      }
      if (each instanceof UnknownHostException) {
        return "the receiver's host name cannot be resolved";
      }
      if (each instanceof ConnectException) {
        return "cannot connect to the receiver";
      }
      if (each instanceof SSLException) {
        return "TLS with the receiver failed";
      }
    }
    return "the connection failed"
        + (cause == null ? "" : " (" + cause.getClass().getSimpleName() + ")");
  }

  @Override
  public void close() {
    try {
      client.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the client for webhooks does not stop", e);
    }
  }
}

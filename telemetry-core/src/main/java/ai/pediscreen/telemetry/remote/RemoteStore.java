package ai.pediscreen.telemetry.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.TelemetryStore;
import ai.pediscreen.telemetry.event.Receipt;
import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.event.spi.EventStore;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Sends events to a telemetry server elsewhere: gzipped JSON arrays to its {@code POST /events}. A
 * {@code Telemetry} over it gathers events into batches and resends them, with the same ids, while
 * the server is unavailable (429, 502, 503, 504, a broken connection, or one that does not answer
 * in time), heeding {@code Retry-After}. A batch that is too large is split; an event that is
 * refused for good is given back with the server's reason.
 *
 * <p>Only accepts events: queries go to the server. The server does not say which events of a batch
 * are duplicates, so all that it took are called accepted, unless all were duplicates.
 *
 * <p>Thread-safe. Connections are kept by the JDK's client, whose threads are daemons.
 */
public final class RemoteStore implements TelemetryStore, EventStore {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

  private static final Pattern KEY = Pattern.compile("[!-~]+");

  /** What a server takes in one request. */
  private static final int MAX_EVENTS = 10_000;

  private static final int MAX_CHARACTERS = 5 << 20;
  private static final Set<Integer> REFUSED_FOR_GOOD = Set.of(400, 415);
  private static final int TOO_LARGE = 413;
  private static final int ALL_REFUSED = 422;
  private static final long LONGEST_WAIT_SECONDS = 300;

  private final URI events;

  /** The same as messages name it: without a user and a password. */
  private final String address;

  private final @Nullable String key;
  private final Duration timeout;
  private final HttpClient client;

  private RemoteStore(URI server, @Nullable String key, Duration timeout) {
    String base = server.toString();
    this.events = URI.create(base.endsWith("/") ? base + "events" : base + "/events");
    this.address = events.getScheme() + "://" + hostAndPort(events) + events.getPath();
    this.key = key;
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT.compareTo(timeout) < 0 ? CONNECT_TIMEOUT : timeout)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
  }

  /**
   * A server that requires no key.
   *
   * @param server its address, such as {@code http://localhost:8000}
   */
  public static RemoteStore of(URI server) {
    return new RemoteStore(checked(server), null, ANSWER_TIMEOUT);
  }

  /**
   * A server and a key with scope {@code ingest}.
   *
   * @param server its address, such as {@code https://telemetry.example}
   */
  public static RemoteStore of(URI server, String key) {
    return new RemoteStore(checked(server), checkedKey(key), ANSWER_TIMEOUT);
  }

  /** Refused here, since the client's own exception would show it. */
  private static String checkedKey(String key) {
    if (!KEY.matcher(requireNonNull(key, "key")).matches()) {
      throw new IllegalArgumentException(
          "key must be of visible ASCII characters, without blanks and line breaks");
    }
    return key;
  }

  private static String hostAndPort(URI server) {
    return server.getPort() < 0 ? server.getHost() : server.getHost() + ":" + server.getPort();
  }

  /** The same with another time in which a request must be answered; over 0. */
  public RemoteStore answeringWithin(Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException("the time must be over 0 but is " + value);
    }
    return new RemoteStore(URI.create(base()), key, value);
  }

  private String base() {
    String address = events.toString();
    return address.substring(0, address.length() - "/events".length());
  }

  private static URI checked(URI server) {
    String scheme = requireNonNull(server, "server").getScheme();
    if (server.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException("server must be an address with http:// or https://");
    }
    return server;
  }

  @Override
  public List<Receipt> append(List<ScopedEvent> batch) {
    List<String> texts = batch.stream().map(RemoteStore::json).toList();
    List<Receipt> receipts = new ArrayList<>(batch.size());
    int from = 0;
    while (from < texts.size()) {
      int to = from;
      long characters = 0;
      while (to < texts.size() && to - from < MAX_EVENTS && characters < MAX_CHARACTERS) {
        characters += texts.get(to++).length();
      }
      receipts.addAll(send(texts.subList(from, to)));
      from = to;
    }
    return receipts;
  }

  private static String json(ScopedEvent scoped) {
    StringBuilder out = new StringBuilder(512);
    JsonWriter.write(out, scoped.event().toMap());
    return out.toString();
  }

  private List<Receipt> send(List<String> texts) {
    HttpResponse<String> response = post("[" + String.join(",", texts) + "]");
    int status = response.statusCode();
    if (status / 100 == 2 || status == ALL_REFUSED) {
      return receipts(response.body(), texts.size());
    }
    if (status == TOO_LARGE && texts.size() > 1) {
      int half = texts.size() / 2;
      List<Receipt> receipts = new ArrayList<>(send(texts.subList(0, half)));
      receipts.addAll(send(texts.subList(half, texts.size())));
      return receipts;
    }
    if (status == TOO_LARGE || REFUSED_FOR_GOOD.contains(status)) {
      return Collections.nCopies(
          texts.size(), Receipt.refused("the server answers " + status + " to it"));
    }
    throw new StoreUnavailableException(
        "the telemetry server at " + address + " answers " + status + remedy(status),
        null,
        retryAfter(response));
  }

  private static String remedy(int status) {
    return switch (status) {
      case 401 -> ": the key is missing, wrong, revoked or expired";
      case 403 -> ": the key lacks the scope ingest";
      case 404 -> ": check the address";
      default -> "";
    };
  }

  private List<Receipt> receipts(String answer, int events) {
    try {
      return Answer.receipts(answer, events);
    } catch (IllegalArgumentException e) {
      throw new StoreUnavailableException(
          "what answers at " + address + " is not a telemetry server; check the address", e);
    }
  }

  private HttpResponse<String> post(String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(events)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .header("Content-Encoding", "gzip")
            .POST(HttpRequest.BodyPublishers.ofByteArray(gzipped(body)));
    if (key != null) {
      request.header("apikey", key);
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString(UTF_8));
    } catch (IOException e) {
      throw new StoreUnavailableException(
          "the telemetry server at " + address + " cannot be reached", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("interrupted", e);
    }
  }

  private static byte[] gzipped(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() / 4 + 64);
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  /** Seconds; a date, or what is none of both, is left to the sender's own pauses. */
  private static @Nullable Duration retryAfter(HttpResponse<?> response) {
    String value = response.headers().firstValue("Retry-After").orElse("");
    if (!value.matches("\\d{1,9}")) {
      return null;
    }
    return Duration.ofSeconds(Math.min(Long.parseLong(value), LONGEST_WAIT_SECONDS));
  }

  @Override
  public EventStore events() {
    return this;
  }
}

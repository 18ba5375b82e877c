package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.http.protocol.AnswerJson;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Talks real HTTP to a server that each test starts anew with an empty store. */
public abstract class HttpContract {

  /** Where the clock of the server stands at the beginning of a test. */
  protected static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  protected ServerUnderTest server;

  /** Starts a server over an empty store. */
  protected abstract ServerUnderTest startServer() throws Exception;

  @BeforeEach
  void start() throws Exception {
    server = startServer();
    server.clock().set(NOW);
  }

  @AfterEach
  protected void stop() {
    server.close();
  }

  final Answer get(String pathAndQuery, String... headers) {
    return send("GET", pathAndQuery, BodyPublishers.noBody(), headers);
  }

  final Answer post(String body, String... headers) {
    return send(
        "POST",
        "/events",
        BodyPublishers.ofByteArray(body.getBytes(StandardCharsets.UTF_8)),
        headers);
  }

  final Answer post(byte[] body, String... headers) {
    return send("POST", "/events", BodyPublishers.ofByteArray(body), headers);
  }

  public final Answer send(
      String method, String pathAndQuery, BodyPublisher body, String... headers) {
    return send(server.uri(), method, pathAndQuery, body, headers);
  }

  public static Answer send(
      URI server, String method, String pathAndQuery, BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(pathAndQuery))
            .method(method, body)
            .timeout(Duration.ofSeconds(30));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      HttpResponse<byte[]> response = CLIENT.send(request.build(), HttpContract::body);
      ApiDescription.assertDescribes(response, response.body());
      return new Answer(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** All of it, but nothing of an answer that has no end. */
  private static BodySubscriber<byte[]> body(ResponseInfo response) {
    boolean endless =
        response
            .headers()
            .firstValue("Content-Type")
            .filter(type -> type.startsWith("text/event-stream"))
            .isPresent();
    return endless ? new Unread() : BodySubscribers.ofByteArray();
  }

  private static final class Unread implements BodySubscriber<byte[]> {
    @Override
    public CompletionStage<byte[]> getBody() {
      return CompletableFuture.completedFuture(new byte[0]);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.cancel();
    }

    @Override
    public void onNext(List<ByteBuffer> item) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }

  /** How many events the server has counted in the 90 days before its now. */
  final long totalRequests() {
    return get("/telemetry?range=90d").json().path("total_requests").longValue();
  }

  /** A valid event at the server's now. */
  public static ObjectNode event(String eventId) {
    ObjectNode event = AnswerJson.object();
    event.put("event_id", eventId).put("timestamp", NOW.toString());
    event.putObject("response").put("latency_ms", 120).put("status_code", 200);
    return event;
  }

  static JsonNode json(String json) {
    return Answer.parse(json.replace('\'', '"'));
  }

  final void postAt(String eventId, Instant timestamp) {
    assertThat(post(event(eventId).put("timestamp", timestamp.toString()).toString()).status())
        .isEqualTo(202);
  }

  /** What an answer says of tokens, in single quotes. */
  static String tokens(int input, int cacheRead, int cacheWrite, int output, int reasoning) {
    return "'tokens':{'input':%d,'cache_read':%d,'cache_write':%d,'output':%d,'reasoning':%d}"
        .formatted(input, cacheRead, cacheWrite, output, reasoning);
  }

  /** An event that says how many tokens its call used. */
  static ObjectNode using(ObjectNode event, int input, int output) {
    event.withObject("/request").put("input_tokens", input);
    event.withObject("/response").put("output_tokens", output);
    return event;
  }

  static ObjectNode called(String eventId, String modelId) {
    ObjectNode event = event(eventId);
    event.putObject("model").put("model_id", modelId);
    return event;
  }

  static ObjectNode latency(ObjectNode event, int latencyMillis) {
    event.withObject("/response").put("latency_ms", latencyMillis);
    return event;
  }

  /** The figures alone, once the fields that every answer has are found to be there. */
  static JsonNode withoutEnvelope(Answer answer) {
    ObjectNode json = (ObjectNode) answer.json();
    for (String field : List.of("since", "until", "window_minutes", "trace_id", "last_updated")) {
      assertThat(json.remove(field)).as(field).isNotNull();
    }
    return json;
  }
}

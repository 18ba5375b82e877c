package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.server.http.ApiDescription;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The little HTTP that these tests need. */
public final class Http {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private Http() {}

  static HttpResponse<String> get(URI uri) {
    return send(HttpRequest.newBuilder(uri).GET());
  }

  /** With headers: name, value, name, value. */
  static HttpResponse<String> get(URI uri, String... headers) {
    return send(HttpRequest.newBuilder(uri).headers(headers).GET());
  }

  public static HttpResponse<String> postJson(URI uri, String body) {
    return postJson(uri, body, "Accept", "application/json");
  }

  /** With headers: name, value, name, value. */
  public static HttpResponse<String> postJson(URI uri, String body, String... headers) {
    return post(uri, "application/json", body, headers);
  }

  /** With headers: name, value, name, value. */
  static HttpResponse<String> post(URI uri, String contentType, String body, String... headers) {
    return send(
        HttpRequest.newBuilder(uri)
            .headers(headers)
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Without a body. */
  static HttpResponse<String> put(URI uri) {
    return send(HttpRequest.newBuilder(uri).PUT(HttpRequest.BodyPublishers.noBody()));
  }

  /** With headers: name, value, name, value. */
  static HttpResponse<String> delete(URI uri, String... headers) {
    return send(HttpRequest.newBuilder(uri).headers(headers).DELETE());
  }

  static JsonNode json(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          CLIENT.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
      ApiDescription.assertDescribes(response, response.body().getBytes(StandardCharsets.UTF_8));
      return response;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

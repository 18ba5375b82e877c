package ai.pediscreen.telemetry.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Asks a server, one question at a time. */
final class Questions {

  private final HttpClient client = HttpClient.newHttpClient();
  private final String address;

  Questions(Service server) {
    this.address = "http://127.0.0.1:" + server.port();
  }

  /**
   * How long an answer takes, in microseconds.
   *
   * @param path of the server, with its query
   */
  int micros(String path) {
    long start = System.nanoTime();
    ask(path);
    return (int) ((System.nanoTime() - start) / 1_000);
  }

  /** How many events the overview of 90 days has. */
  long total() {
    JsonNode overview = Json.read(ask("/telemetry?action=overview&range=90d"));
    return overview.required("total_requests").longValue();
  }

  private byte[] ask(String path) {
    try {
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(address + path)).build(),
              BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(path + " was answered " + answer.statusCode());
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}

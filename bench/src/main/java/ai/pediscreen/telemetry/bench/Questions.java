package ai.pediscreen.telemetry.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
  private final ObjectMapper json = new ObjectMapper();
  private final String address;

  Questions(Service server) {
    this.address = "http://127.0.0.1:" + server.port() + "/telemetry?";
  }

  /** How long an answer takes, in microseconds. */
  int micros(String query) {
    long start = System.nanoTime();
    ask(query);
    return (int) ((System.nanoTime() - start) / 1_000);
  }

  /** How many events the overview of 90 days has. */
  long total() {
    try {
      JsonNode overview = json.readTree(ask("action=overview&range=90d"));
      return overview.required("total_requests").longValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] ask(String query) {
    try {
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(address + query)).build(),
              BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(query + " was answered " + answer.statusCode());
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

package ai.pediscreen.telemetry.server.cli.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CompareCommandTest {

  private static final String ANSWER =
      """
      {"since":"2020-03-03T11:00:00+00:00","total_requests":%d,"timeseries":[],"models":[],
       "errors":[],"fallbacks":[]}
      """;

  @TempDir private Path directory;

  @Test
  void exitStatus_saysWhetherAllIsExplained_andTheKeyGoesToThisServerOnly() throws Exception {
    Path key = Files.writeString(directory.resolve("key"), "pst_1\n");
    List<String> keys = new ArrayList<>();
    HttpServer old = server(7, new ArrayList<>());
    HttpServer same = server(7, keys);
    HttpServer other = server(8, new ArrayList<>());
    HttpServer far = server(5, new ArrayList<>());
    try {
      assertThat(run(old, same, "--key-file", key.toString())).isZero();
      assertThat(keys).isNotEmpty().containsOnly("Bearer pst_1");
      // It has two events before the window of the old one begins.
      Path none = directory.resolve("none");
      assertThat(run(old, other, "--refused", none.toString())).isZero();
      assertThat(run(far, other, "--refused", none.toString())).isEqualTo(1);
      assertThat(run(old, same, "--range", "1h")).isEqualTo(2);
    } finally {
      List.of(old, same, other, far).forEach(server -> server.stop(0));
    }
  }

  @Test
  void invalidAddress_isACommandLineError() {
    for (String address : List.of("nonsense", "ftp://localhost", "http:///path")) {
      assertThat(new CommandLine(new CompareCommand()).execute("--old", address)).isEqualTo(2);
    }
  }

  private static int run(HttpServer old, HttpServer here, String... more) {
    List<String> arguments = new ArrayList<>(List.of("--old", uri(old), "--new", uri(here)));
    arguments.addAll(List.of(more));
    return new CommandLine(new CompareCommand()).execute(arguments.toArray(String[]::new));
  }

  private static String uri(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  private static HttpServer server(int requests, List<String> keys) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          List<String> sent = exchange.getRequestHeaders().get("Authorization");
          keys.addAll(sent == null ? List.of("none") : sent);
          boolean file = exchange.getRequestURI().getPath().equals("/events.ndjson");
          byte[] body =
              (file ? "{}\n{}\n" : ANSWER.formatted(requests)).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }
}

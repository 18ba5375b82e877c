package com.example.modules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The programs run as a named module too, with nothing on the class path. */
class ModulePathIT {

  private static final Path TARGET = Path.of("target");
  private static final String MODULE = "com.example.jdk/";

  @Test
  void plainProgram_records_andQueries() throws Exception {
    Process process = start(MODULE + "com.example.plain.Main");

    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
        .isEqualToNormalizingNewlines("3 requests, 1 errors\n");
  }

  @Test
  void webServer_setsUpItsDatabase_records_andQueries() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      Process process =
          start(MODULE + "com.example.web.Main", "0", postgres.getJdbcUrl("postgres", "postgres"));
      try (BufferedReader output = process.inputReader(UTF_8)) {
        String server = "http://localhost:" + port(output);

        assertThat(
                send(
                    HttpRequest.newBuilder(URI.create(server + "/screenings"))
                        .POST(BodyPublishers.ofString("says two words"))))
            .isEqualTo("no finding");
        assertThat(send(HttpRequest.newBuilder(URI.create(server + "/usage"))))
            .isEqualTo("medgemma-4b: 1 calls, 0 % errors");
      } finally {
        process.destroy();
        process.waitFor();
      }
    }
  }

  private static Process start(String... program) throws IOException {
    String others = Files.readString(TARGET.resolve("runtime-class-path.txt")).trim();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-p");
    command.add(TARGET.resolve("classes") + File.pathSeparator + others);
    command.add("-m");
    command.addAll(List.of(program));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** What the program says once it serves; what it logs before that, if it never does. */
  private static String port(BufferedReader output) throws IOException {
    StringBuilder log = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith("serves on port ")) {
        return line.substring("serves on port ".length());
      }
      log.append(line).append('\n');
    }
    throw new AssertionError(log.toString());
  }

  private static String send(HttpRequest.Builder request) throws Exception {
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString()).body();
  }
}

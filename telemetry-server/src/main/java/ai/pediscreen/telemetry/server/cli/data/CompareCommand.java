package ai.pediscreen.telemetry.server.cli.data;

import ai.pediscreen.telemetry.server.assembly.StoppedException;
import ai.pediscreen.telemetry.server.cli.CommandLineError;
import ai.pediscreen.telemetry.server.takeover.Comparison;
import ai.pediscreen.telemetry.server.takeover.Comparison.Finding;
import ai.pediscreen.telemetry.server.takeover.Comparison.Result;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code compare}: asks the replaced service and this one the same and compares the answers. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "Compare the answers of the replaced service with those of this server: a line for each"
          + " figure.",
      "Exit status 1 if a difference is not explained."
    })
public final class CompareCommand implements Callable<Integer> {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Of a window, in the replaced service: an hour is a day there. */
  private static final Map<String, Integer> OLD_DAYS =
      Map.of("24h", 1, "7d", 7, "30d", 30, "90d", 90);

  private static final List<String> ERROR_FIELDS =
      List.of(
          "timestamp",
          "model_id",
          "error_code",
          "status_code",
          "fallback_reason",
          "latency_ms",
          "trace_id");
  private static final List<String> FALLBACK_FIELDS =
      List.of("timestamp", "model_id", "fallback_reason", "screening_id", "latency_ms");

  @Option(
      names = "--old",
      required = true,
      paramLabel = "<url>",
      description = "Where the replaced service answers, such as http://localhost:8000.")
  private URI old = URI.create("");

  @Option(
      names = "--new",
      defaultValue = "http://127.0.0.1:8001",
      paramLabel = "<url>",
      description = "Where this server answers.\nDefault: ${DEFAULT-VALUE}")
  private URI here = URI.create("");

  @Option(
      names = "--range",
      defaultValue = "7d",
      paramLabel = "<range>",
      description = "24h, 7d, 30d or 90d. Default: ${DEFAULT-VALUE}")
  private String range = "7d";

  @Option(
      names = "--key-file",
      paramLabel = "<file>",
      description = "File with a key of scope admin for this server, if it requires one.")
  private @Nullable Path keyFile;

  @Option(
      names = "--refused",
      defaultValue = "import-refused.ndjson",
      paramLabel = "<file>",
      description = "The import's list of refused events. Default: ${DEFAULT-VALUE}")
  private Path refused = Path.of("import-refused.ndjson");

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Integer days = OLD_DAYS.get(range);
    if (days == null) {
      throw CommandLineError.of(spec, "--range must be 24h, 7d, 30d or 90d");
    }
    requireHttp("--old", old);
    requireHttp("--new", here);
    if (Files.isDirectory(refused)) {
      throw CommandLineError.of(
          spec, "--refused must name a file, and " + refused + " is a directory");
    }
    if (keyFile != null && !Files.isReadable(keyFile)) {
      throw CommandLineError.of(spec, "--key-file names a file that cannot be read: " + keyFile);
    }
    try {
      List<Finding> findings = compare(Duration.ofDays(days));
      findings.stream().map(CompareCommand::line).forEach(System.out::println);
      System.out.println(summary(findings));
      return count(findings, Result.DIFFERENT) == 0 ? 0 : 1;
    } catch (IOException e) {
      throw new UncheckedIOException("the two cannot be compared", e);
    } catch (InterruptedException e) {
      throw new StoppedException();
    }
  }

  private void requireHttp(String option, URI server) {
    boolean http = "http".equals(server.getScheme()) || "https".equals(server.getScheme());
    if (!http || server.getHost() == null) {
      throw CommandLineError.of(spec, option + " must be an address such as http://localhost:8000");
    }
  }

  private List<Finding> compare(Duration window) throws IOException, InterruptedException {
    JsonNode before = ask(here, "overview");
    JsonNode oldOverview = ask(old, "overview");
    Instant oldStart = InstantSource.system().instant().minus(window);
    JsonNode oldModels = ask(old, "models");
    JsonNode oldErrors = ask(old, "errors");
    JsonNode oldFallbacks = ask(old, "fallbacks");
    JsonNode now = ask(here, "overview");
    long meanwhile =
        Math.abs(now.path("total_requests").asLong() - before.path("total_requests").asLong());
    Instant start = OffsetDateTime.parse(now.path("since").asText()).toInstant();
    Comparison comparison = new Comparison(events(start, oldStart), refusedEvents(), meanwhile);
    // The old summary calls a blank reason unknown.
    long blank = oldFallbacks.path("reason_summary").path("unknown").asLong();
    comparison.overview(oldOverview, now, blank);
    comparison.models(oldModels, ask(here, "models"), oldModels.path("models").size() < 20);
    comparison.list("errors", oldErrors, ask(here, "errors"), ERROR_FIELDS);
    JsonNode fallbacks = ask(here, "fallbacks");
    comparison.list("fallbacks", oldFallbacks, fallbacks, FALLBACK_FIELDS);
    comparison.reasons(oldFallbacks, fallbacks);
    return comparison.findings();
  }

  private JsonNode ask(URI server, String action) throws IOException, InterruptedException {
    return JSON.readTree(get(server, "/telemetry?action=" + action + "&range=" + range));
  }

  /** How many this server has between two instants. */
  private long events(Instant from, Instant to) throws IOException, InterruptedException {
    return to.isAfter(from)
        ? get(here, "/events.ndjson?from=" + from + "&to=" + to).lines().count()
        : 0;
  }

  private String get(URI server, String path) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.toString().replaceFirst("/+$", "") + path))
            .timeout(PATIENCE);
    if (keyFile != null && server.equals(here)) {
      request.header("Authorization", "Bearer " + Files.readString(keyFile).strip());
    }
    HttpResponse<String> response;
    try {
      response = Client.ONE.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IOException(server + " does not answer: " + e.getClass().getSimpleName(), e);
    }
    int status = response.statusCode();
    if (status != 200) {
      String hint = status == 401 || status == 403 ? "; give a key with --key-file" : "";
      throw new IOException(server + " answers " + status + " to " + path + hint);
    }
    return response.body();
  }

  private long refusedEvents() throws IOException {
    if (!Files.exists(refused)) {
      return 0;
    }
    // As bytes: a list that was cut within a character has its lines all the same.
    try (Stream<String> lines = Files.lines(refused, StandardCharsets.ISO_8859_1)) {
      return lines.count();
    } catch (AccessDeniedException e) {
      throw new IOException("--refused names a file that cannot be read: " + refused, e);
    }
  }

  private static String line(Finding finding) {
    return "%-9s  %s: %s, %s%s"
        .formatted(
            finding.result().name().toLowerCase(Locale.ROOT),
            finding.field(),
            finding.old(),
            finding.now(),
            finding.reason() == null ? "" : "; " + finding.reason());
  }

  private static String summary(List<Finding> findings) {
    return "%d figures: %d equal, %d explained, %d different"
        .formatted(
            findings.size(),
            count(findings, Result.EQUAL),
            count(findings, Result.EXPLAINED),
            count(findings, Result.DIFFERENT));
  }

  private static long count(List<Finding> findings, Result result) {
    return findings.stream().filter(finding -> finding.result() == result).count();
  }

  /** Made by this command alone: every command line has an object of each of its commands. */
  private static final class Client {
    static final HttpClient ONE = HttpClient.newHttpClient();
  }
}

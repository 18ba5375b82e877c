package ai.pediscreen.telemetry.bigquery;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The part of the REST API that {@link FakeBigQuery} speaks: datasets, tables, permissions, load
 * jobs, dry runs, and the statement that erases.
 */
final class FakeRestApi implements HttpHandler {

  private static final String PROJECT = "/projects/([^/]+)";
  private static final Pattern DATASETS = Pattern.compile("/bigquery/v2" + PROJECT + "/datasets");
  private static final Pattern DATASET =
      Pattern.compile("/bigquery/v2" + PROJECT + "/datasets/([^/]+)");
  private static final Pattern TABLES =
      Pattern.compile("/bigquery/v2" + PROJECT + "/datasets/([^/]+)/tables");
  private static final Pattern TABLE =
      Pattern.compile("/bigquery/v2" + PROJECT + "/datasets/([^/]+)/tables/([^/]+)");
  private static final Pattern PERMISSIONS = Pattern.compile(TABLE + ":testIamPermissions");
  private static final Pattern JOBS = Pattern.compile("/bigquery/v2" + PROJECT + "/jobs");
  private static final Pattern JOB = Pattern.compile("/bigquery/v2" + PROJECT + "/jobs/([^/]+)");
  private static final Pattern RESULTS =
      Pattern.compile("/bigquery/v2" + PROJECT + "/queries/([^/]+)");
  private static final Pattern UPLOAD = Pattern.compile("/upload/bigquery/v2" + PROJECT + "/jobs");

  private static final Set<String> TABLE_MEMBERS =
      Set.of(
          "tableReference",
          "schema",
          "timePartitioning",
          "clustering",
          "requirePartitionFilter",
          "view",
          "type",
          "kind",
          "etag",
          "id",
          "selfLink",
          "numBytes",
          "numRows",
          "location",
          "creationTime",
          "lastModifiedTime",
          "numLongTermBytes",
          "numTimeTravelPhysicalBytes",
          "numTotalLogicalBytes",
          "numActiveLogicalBytes",
          "numLongTermLogicalBytes",
          "numTotalPhysicalBytes",
          "numActivePhysicalBytes",
          "numLongTermPhysicalBytes",
          "numPartitions",
          "labels");

  private final FakeBigQuery fake;

  FakeRestApi(FakeBigQuery fake) {
    this.fake = fake;
  }

  /** An error as the service words it. */
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;

    Refusal(int status, String reason, String message) {
      super(message);
      this.status = status;
      this.reason = reason;
    }
  }

  /** An answer: a body, or the address of an upload that has begun. */
  private record Answer(@Nullable JsonObject body, @Nullable String location) {}

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = body(exchange);
      Answer answer;
      try {
        fake.refuse(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
        answer = answer(exchange, body);
      } catch (Refusal e) {
        send(exchange, e.status, error(e));
        return;
      }
      if (answer.location() != null) {
        exchange.getResponseHeaders().add("Location", answer.location());
      }
      send(exchange, 200, answer.body() == null ? new JsonObject() : answer.body());
    }
  }

  private Answer answer(HttpExchange exchange, byte[] body) throws Refusal {
    String method = exchange.getRequestMethod();
    // The client sends PATCH as POST where its transport has none.
    String override = exchange.getRequestHeaders().getFirst("X-HTTP-Method-Override");
    method = override == null ? method : override;
    URI uri = exchange.getRequestURI();
    String path = uri.getPath();
    synchronized (fake) {
      Matcher match = DATASETS.matcher(path);
      if (match.matches() && method.equals("POST")) {
        return new Answer(fake.createDataset(project(match), json(body)), null);
      }
      match = DATASET.matcher(path);
      if (match.matches() && method.equals("GET")) {
        return new Answer(fake.dataset(project(match), match.group(2)), null);
      }
      match = TABLES.matcher(path);
      if (match.matches() && method.equals("POST")) {
        return new Answer(
            fake.createTable(project(match), match.group(2), tableBody(json(body))), null);
      }
      match = TABLE.matcher(path);
      if (match.matches() && method.equals("GET")) {
        return new Answer(
            fake.requireTable(project(match), match.group(2), match.group(3)).resource(), null);
      }
      if (match.matches() && method.equals("PATCH")) {
        FakeTable table = fake.requireTable(project(match), match.group(2), match.group(3));
        String refusal = table.patch(tableBody(json(body)));
        if (refusal != null) {
          throw new Refusal(400, "invalid", refusal);
        }
        return new Answer(table.resource(), null);
      }
      match = PERMISSIONS.matcher(path);
      if (match.matches() && method.equals("POST")) {
        fake.requireTable(project(match), match.group(2), match.group(3));
        return new Answer(granted(json(body)), null);
      }
      match = JOBS.matcher(path);
      if (match.matches() && method.equals("POST")) {
        return new Answer(query(project(match), json(body)), null);
      }
      match = JOB.matcher(path);
      if (match.matches() && method.equals("GET")) {
        return new Answer(fake.job(project(match), match.group(2)), null);
      }
      match = RESULTS.matcher(path);
      if (match.matches() && method.equals("GET")) {
        return new Answer(results(fake.job(project(match), match.group(2))), null);
      }
      match = UPLOAD.matcher(path);
      String query = String.valueOf(uri.getQuery());
      if (match.matches() && method.equals("POST") && query.contains("uploadType=resumable")) {
        String upload = fake.beginUpload(project(match), json(body));
        return new Answer(null, fake.endpoint() + path + "?upload_id=" + upload);
      }
      if (match.matches() && method.equals("PUT") && query.contains("upload_id=")) {
        String upload = query.replaceFirst(".*upload_id=", "");
        return new Answer(load(upload, body), null);
      }
    }
    throw new Refusal(404, "notFound", "Not found: " + method + " " + path);
  }

  /** Those of the permissions asked about that are there; none is a list that is left out. */
  private JsonObject granted(JsonObject question) throws Refusal {
    if (!question.has("permissions")) {
      throw new Refusal(400, "invalid", "permissions are required");
    }
    JsonArray granted = new JsonArray();
    for (JsonElement permission : question.getAsJsonArray("permissions")) {
      if (!fake.isDenied(permission.getAsString())) {
        granted.add(permission);
      }
    }
    JsonObject answer = new JsonObject();
    if (!granted.isEmpty()) {
      answer.add("permissions", granted);
    }
    return answer;
  }

  /** A dry run, or the one statement that changes rows. */
  private JsonObject query(String project, JsonObject job) throws Refusal {
    JsonObject configuration = job.getAsJsonObject("configuration");
    JsonObject query = configuration.getAsJsonObject("query");
    if (query != null && query.get("query").getAsString().startsWith("UPDATE")) {
      return erase(job, query);
    }
    if (query == null
        || !configuration.has("dryRun")
        || !configuration.get("dryRun").getAsBoolean()) {
      throw new Refusal(400, "invalid", "the fake runs no queries");
    }
    if (fake.isDenied("bigquery.jobs.create")) {
      throw new Refusal(
          403,
          "accessDenied",
          "Access Denied: Project %s: User does not have bigquery.jobs.create permission in project %s."
              .formatted(project, project));
    }
    JsonObject status = new JsonObject();
    status.addProperty("state", "DONE");
    job.add("status", status);
    return job;
  }

  private JsonObject erase(JsonObject job, JsonObject query) throws Refusal {
    FakeErasure erasure = new FakeErasure(query);
    long rows = erasure.run(fake.requireTable(fake.project(), erasure.dataset(), erasure.table()));
    job.add("status", JsonParser.parseString("{'state':'DONE'}"));
    job.add(
        "statistics",
        JsonParser.parseString("{'query':{'numDmlAffectedRows':'%d'}}".formatted(rows)));
    fake.addJob(job);
    return job;
  }

  /** Every statement is done when its job is made. */
  private static JsonObject results(JsonObject job) {
    JsonObject results = new JsonObject();
    results.addProperty("jobComplete", true);
    results.add("jobReference", job.get("jobReference"));
    return results;
  }

  private String project(Matcher match) throws Refusal {
    if (!match.group(1).equals(fake.project())) {
      throw new Refusal(404, "notFound", "Not found: Project " + match.group(1));
    }
    return match.group(1);
  }

  private static JsonObject tableBody(JsonObject table) throws Refusal {
    for (String member : table.keySet()) {
      if (!TABLE_MEMBERS.contains(member)) {
        throw new Refusal(400, "invalid", "Unknown name \"" + member + "\" at 'table'");
      }
    }
    return table;
  }

  /** Runs a load job whose rows have come; errors of the data are the job's, not the request's. */
  private JsonObject load(String upload, byte[] body) throws Refusal {
    JsonObject job = fake.endUpload(upload);
    String fault = loadFault(job, new String(body, StandardCharsets.UTF_8));
    JsonObject status = new JsonObject();
    status.addProperty("state", "DONE");
    if (fault != null) {
      JsonObject error = new JsonObject();
      error.addProperty("reason", "invalid");
      error.addProperty("message", fault);
      status.add("errorResult", error);
    }
    job.add("status", status);
    return job;
  }

  private @Nullable String loadFault(JsonObject job, String lines) throws Refusal {
    JsonObject load = job.getAsJsonObject("configuration").getAsJsonObject("load");
    if (!load.get("sourceFormat").getAsString().equals("NEWLINE_DELIMITED_JSON")) {
      return "the fake knows NEWLINE_DELIMITED_JSON alone";
    }
    JsonObject reference = load.getAsJsonObject("destinationTable");
    String[] name = reference.get("tableId").getAsString().split("\\$", -1);
    FakeTable table =
        fake.requireTable(
            reference.get("projectId").getAsString(),
            reference.get("datasetId").getAsString(),
            name[0]);
    LocalDate day;
    try {
      day = LocalDate.parse(name.length < 2 ? "" : name[1], DateTimeFormatter.BASIC_ISO_DATE);
    } catch (DateTimeParseException e) {
      return "Invalid partition decorator: " + String.join("$", name);
    }
    if (table.partitionField() == null) {
      return "the table is not partitioned by day";
    }
    if (!load.get("writeDisposition").getAsString().equals("WRITE_TRUNCATE")) {
      return "the fake knows WRITE_TRUNCATE alone";
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String line : lines.lines().toList()) {
      Map<String, Object> row = table.row(json(line.getBytes(StandardCharsets.UTF_8)));
      String fault = table.rowFault(row, false);
      if (fault != null) {
        return fault;
      }
      if (!table.partition(row).equals(day)) {
        return "Some rows belong to different partitions rather than destination partition " + day;
      }
      rows.add(row);
    }
    table.rows().removeIf(row -> table.partition(row).equals(day));
    table.rows().addAll(rows);
    return null;
  }

  private static JsonObject json(byte[] body) throws Refusal {
    try {
      return JsonParser.parseString(new String(body, StandardCharsets.UTF_8)).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new Refusal(400, "parseError", "Parse Error");
    }
  }

  private static byte[] body(HttpExchange exchange) throws IOException {
    byte[] bytes = exchange.getRequestBody().readAllBytes();
    if (!"gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
      return bytes;
    }
    try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return plain.readAllBytes();
    }
  }

  private static JsonObject error(Refusal refusal) {
    JsonObject one = new JsonObject();
    one.addProperty("domain", "global");
    one.addProperty("reason", refusal.reason);
    one.addProperty("message", refusal.getMessage());
    JsonArray errors = new JsonArray();
    errors.add(one);
    JsonObject error = new JsonObject();
    error.addProperty("code", refusal.status);
    error.addProperty("message", refusal.getMessage());
    error.add("errors", errors);
    JsonObject body = new JsonObject();
    body.add("error", error);
    return body;
  }

  private static void send(HttpExchange exchange, int status, JsonObject body) throws IOException {
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}

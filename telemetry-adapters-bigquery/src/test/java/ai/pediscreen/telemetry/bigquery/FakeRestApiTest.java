package ai.pediscreen.telemetry.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fake's REST API refuses what the service refuses. */
final class FakeRestApiTest {

  private static final String DATASETS = "/bigquery/v2/projects/p-1/datasets";
  private static final String TABLES = DATASETS + "/d/tables";
  private static final String FIELDS =
      """
      {"name":"date","type":"DATE","mode":"REQUIRED"},{"name":"calls","type":"INTEGER"}\
      """;

  private final FakeBigQuery fake = FakeBigQuery.start("p-1");
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void makeTable() {
    assertThat(send("POST", DATASETS, "{\"datasetReference\":{\"datasetId\":\"d\"}}"))
        .isEqualTo(200);
    assertThat(send("POST", TABLES, table("t", FIELDS))).isEqualTo(200);
  }

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void unknownPaths_areNotFound() {
    assertThat(send("GET", "/bigquery/v2/projects/p-1/nothing", "")).isEqualTo(404);
    assertThat(send("DELETE", TABLES + "/t", "")).isEqualTo(404);
    assertThat(send("GET", "/bigquery/v2/projects/other/datasets/d", "")).isEqualTo(404);
    assertThat(send("GET", DATASETS + "/other", "")).isEqualTo(404);
    assertThat(send("GET", TABLES + "/other", "")).isEqualTo(404);
    assertThat(send("POST", DATASETS + "/other/tables", table("t", FIELDS))).isEqualTo(404);
    assertThat(send("GET", "/bigquery/v2/projects/p-1/jobs/none", "")).isEqualTo(404);
  }

  @Test
  void existingTables_areNotCreatedAgain() {
    assertThat(send("POST", DATASETS, "{\"datasetReference\":{\"datasetId\":\"d\"}}"))
        .isEqualTo(409);
    assertThat(send("POST", TABLES, table("t", FIELDS))).isEqualTo(409);
  }

  @Test
  void invalidJson_orUnknownMembers_areRefused() {
    assertThat(send("POST", DATASETS, "{")).isEqualTo(400);
    assertThat(send("POST", TABLES, "{\"tableReference\":{\"tableId\":\"u\"},\"colour\":\"red\"}"))
        .isEqualTo(400);
  }

  @Test
  void columns_canOnlyBeAdded_andAreNullable() {
    assertThat(patch("{\"name\":\"calls\",\"type\":\"INTEGER\"}")).isEqualTo(400);
    assertThat(patch(FIELDS.replace("INTEGER", "STRING"))).isEqualTo(400);
    assertThat(patch(FIELDS + ",{\"name\":\"x\",\"type\":\"STRING\",\"mode\":\"REQUIRED\"}"))
        .isEqualTo(400);
    assertThat(patch(FIELDS.replace("\"INTEGER\"", "\"INTEGER\",\"mode\":\"REQUIRED\"")))
        .isEqualTo(400);
    assertThat(patch(FIELDS + ",{\"name\":\"x\",\"type\":\"STRING\"}")).isEqualTo(200);
  }

  @Test
  void load_replacesItsPartition_andNoOther() {
    assertThat(load("j-1", "t$20260301", "{\"date\":\"2026-03-01\",\"calls\":1}")).isEmpty();
    assertThat(load("j-2", "t$20260302", "{\"date\":\"2026-03-02\",\"calls\":2}")).isEmpty();
    assertThat(load("j-3", "t$20260301", "{\"date\":\"2026-03-01\",\"calls\":3}")).isEmpty();
    assertThat(load("j-4", "t$20260302", "")).isEmpty();
    assertThat(fake.jobIds()).containsExactly("j-1", "j-2", "j-3", "j-4");
  }

  @Test
  void loadThatDoesNotFit_fails() {
    assertThat(load("a", "t$20260301", "{\"date\":\"2026-03-02\"}")).contains("partitions");
    assertThat(load("b", "t$20260301", "{\"calls\":1}")).contains("date is missing");
    assertThat(load("c", "t$20260301", "{\"date\":\"2026-03-01\",\"x\":1}"))
        .contains("no such field");
    assertThat(load("d", "t$20260301", "{\"date\":\"yesterday\"}")).contains("no date");
    assertThat(load("e", "t$2026", "{\"date\":\"2026-03-01\"}")).contains("decorator");
    assertThat(load("f", "t", "{\"date\":\"2026-03-01\"}")).contains("decorator");
  }

  @Test
  void jobId_isUsedOnce() {
    assertThat(load("j", "t$20260301", "{\"date\":\"2026-03-01\"}")).isEmpty();
    assertThat(send("POST", upload(), job("j", "t$20260301"))).isEqualTo(409);
  }

  private int patch(String fields) {
    return send("PATCH", TABLES + "/t", table("t", fields));
  }

  /** Loads lines; returns the job's error, empty if it has none. */
  private String load(String id, String table, String lines) {
    HttpResponse<String> begun = exchange("POST", upload(), job(id, table));
    assertThat(begun.statusCode()).isEqualTo(200);
    String location = begun.headers().firstValue("Location").orElseThrow();
    HttpResponse<String> ended =
        exchange("PUT", location.substring(fake.endpoint().toString().length()), lines);
    assertThat(ended.statusCode()).isEqualTo(200);
    JsonObject status =
        JsonParser.parseString(ended.body()).getAsJsonObject().getAsJsonObject("status");
    return status.has("errorResult")
        ? status.getAsJsonObject("errorResult").get("message").getAsString()
        : "";
  }

  private static String upload() {
    return "/upload/bigquery/v2/projects/p-1/jobs?uploadType=resumable";
  }

  private static String job(String id, String table) {
    return """
    {"jobReference":{"jobId":"%s"},"configuration":{"load":{
      "sourceFormat":"NEWLINE_DELIMITED_JSON","writeDisposition":"WRITE_TRUNCATE",
      "destinationTable":{"projectId":"p-1","datasetId":"d","tableId":"%s"}}}}
    """
        .formatted(id, table);
  }

  private static String table(String name, String fields) {
    return """
    {"tableReference":{"tableId":"%s"},"timePartitioning":{"type":"DAY","field":"date"},
     "schema":{"fields":[%s]}}
    """
        .formatted(name, fields);
  }

  private int send(String method, String path, String body) {
    return exchange(method, path, body).statusCode();
  }

  private HttpResponse<String> exchange(String method, String path, String body) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create(fake.endpoint() + path))
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

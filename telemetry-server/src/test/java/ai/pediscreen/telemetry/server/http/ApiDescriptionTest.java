package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The description of the API holds for itself, and the check that uses it bites. */
class ApiDescriptionTest {

  private static final ApiDescription SHIPPED = ApiDescription.shipped();
  private static final String ALIVE = "{'status':'ok'}";

  @Test
  void everyExample_matchesItsSchema() {
    assertThat(SHIPPED.examples()).isGreaterThan(20);
    assertThat(SHIPPED.faultsOfExamples()).isEmpty();
  }

  @Test
  void anExampleThatBreaksItsSchema_isFound() {
    ObjectNode document = ApiDescription.shippedDocument();
    ((ObjectNode) document.at("/paths/~1livez/get/responses/200/content/application~1json/example"))
        .put("status", "well");

    assertThat(new ApiDescription(document).faultsOfExamples())
        .singleElement()
        .asString()
        .contains("/livez");
  }

  @Test
  void routesAndDescription_agree() {
    try (InMemoryServer server = InMemoryServer.start()) {
      // HEAD is answered wherever GET is.
      assertThat(server.routes().stream().filter(route -> !route.startsWith("HEAD ")))
          .containsExactlyInAnyOrderElementsOf(SHIPPED.operations());
    }
  }

  @Test
  void describedAnswer_hasNoFault() {
    assertThat(SHIPPED.faults("GET", URI.create("/livez"), 200, "application/json", bytes(ALIVE)))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "GET  | /livez  | 200 | application/json | {'status':'well'}",
        "GET  | /livez  | 200 | application/json | {'status':'ok','since':'today'}",
        "GET  | /livez  | 200 | application/json | {}",
        "GET  | /livez  | 200 | text/plain       | {'status':'ok'}",
        "GET  | /livez  | 204 | application/json | {'status':'ok'}",
        "POST | /livez  | 200 | application/json | {'status':'ok'}",
        "GET  | /livezz | 200 | application/json | {'status':'ok'}",
        "GET  | /livezz | 404 | application/json | {'status':'ok'}",
        "GET  | /jobs/1 | 200 | application/json |"
            + " {'job_id':'1','status':'done','result':null,'error':null}",
      })
  void undescribedAnswer_hasFaults(
      String method, String path, int status, String contentType, String body) {
    assertThat(SHIPPED.faults(method, URI.create(path), status, contentType, bytes(body)))
        .isNotEmpty();
  }

  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}

package ai.pediscreen.telemetry.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class NeighbourRequestsTest {

  @Test
  void requestsOfAnOrganisation_areComplete_andTheirEventsDiffer() {
    Requests requests = new OrganisationRequests("org-a", "key-1", 3);

    String first = text(requests.next(ByteBuffer.allocate(0)));
    String second = text(requests.next(ByteBuffer.allocate(0)));

    String body = body(first);
    assertThat(first).contains("apikey: key-1\r\n", "Content-Length: " + body.length() + "\r\n");
    assertThat(body.lines()).hasSize(3).doesNotHaveDuplicates();
    assertThat(body.lines()).doesNotContainAnyElementsOf(body(second).lines().toList());
    assertThat(body).contains("\"org_id\":\"org-a\"");
  }

  @Test
  void refusedRequest_isSmall_andHasTenThousandEvents() throws IOException {
    Requests requests = new RefusedRequests("key-1");

    String request = text(requests.next(ByteBuffer.allocate(0)));

    String body = body(request);
    assertThat(body).hasSizeLessThan(200);
    byte[] inflated =
        new GZIPInputStream(new ByteArrayInputStream(body.getBytes(StandardCharsets.ISO_8859_1)))
            .readAllBytes();
    assertThat(new String(inflated, StandardCharsets.US_ASCII).split(",", -1))
        .hasSize(requests.events());
  }

  private static String body(String request) {
    return request.substring(request.indexOf("\r\n\r\n") + 4);
  }

  private static String text(ByteBuffer buffer) {
    return StandardCharsets.ISO_8859_1.decode(buffer).toString();
  }
}

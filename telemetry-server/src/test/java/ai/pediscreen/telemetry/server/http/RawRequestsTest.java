package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.server.http.protocol.ArrivingBody;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that no HTTP client would make: broken ones, slow ones, hostile ones. */
final class RawRequestsTest {

  private static final String END = "Host: x\r\nConnection: close\r\n\r\n";

  private final InMemoryServer server = InMemoryServer.start();

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "'GET /telemetry?org_id=%zz HTTP/1.1', 400, INVALID_PARAMETER",
    "'GET /telemetry?org_id=%2 HTTP/1.1', 400, INVALID_PARAMETER",
    "'GET /telemetry?%=1 HTTP/1.1', 400, INVALID_PARAMETER",
    "'GET /telemetry?org_id=\u00e4 HTTP/1.1', 400, INVALID_PARAMETER",
    "'GET /tele%zzmetry HTTP/1.1', 400, BAD_REQUEST",
    "'GET /%2e%2e/telemetry HTTP/1.1', 400, BAD_REQUEST",
    "'GET', 400, BAD_REQUEST",
    "'GET /health HTTP/9.9', 505, HTTP_VERSION_NOT_SUPPORTED",
    "'\u0001\u0002 / HTTP/1.1', 400, BAD_REQUEST"
  })
  void aBrokenRequestLine_isAnsweredWithAProblem(String line, int status, String errorCode)
      throws IOException {
    assertProblem(RawConnection.exchange(server.uri(), line + "\r\n" + END), status, errorCode);
  }

  @Test
  void tooLargeHeader_isAnsweredWithAProblem() throws IOException {
    String large = "GET /health HTTP/1.1\r\nX-Large: " + "x".repeat(20_000) + "\r\n" + END;
    String longUri = "GET /health?" + "x".repeat(20_000) + " HTTP/1.1\r\n" + END;

    assertProblem(
        RawConnection.exchange(server.uri(), large), 431, "REQUEST_HEADER_FIELDS_TOO_LARGE");
    assertThat(RawConnection.exchange(server.uri(), longUri))
        .startsWith("HTTP/1.1 414")
        .contains("application/problem+json");
  }

  @Test
  void webSocketUpgrade_isIgnored() throws IOException {
    String request = "GET /nowhere HTTP/1.1\r\nSec-WebSocket-Version: 13\r\n" + END;

    assertProblem(RawConnection.exchange(server.uri(), request), 404, "NOT_FOUND");
  }

  @Test
  void aBrokenChunk_isABadRequest() throws IOException {
    String request =
        "POST /events HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + END + "zz\r\n{}\r\n0\r\n\r\n";

    assertProblem(RawConnection.exchange(server.uri(), request), 400, "BAD_REQUEST");
  }

  @Test
  void requestId_cannotBreakOutOfItsHeader() throws IOException {
    String request = "GET /health HTTP/1.1\r\nx-request-id: a\u0085b\r\n" + END;

    assertThat(RawConnection.exchange(server.uri(), request))
        .startsWith("HTTP/1.1 200")
        .containsPattern("x-request-id: [0-9a-f]{32}\r\n");
  }

  @Test
  void tooLargeAnnouncedBody_isRefusedBeforeItIsSent_withExpectContinue() throws IOException {
    String request =
        "POST /events HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n" + END;

    assertProblem(RawConnection.exchange(server.uri(), request), 413, "BODY_TOO_LARGE");
  }

  @Test
  void slowBodies_holdNoThread_andDoNotAffectOthers() throws IOException {
    String event = HttpContract.event("slow").toString();
    List<RawConnection> connections = new ArrayList<>();
    try {
      // More than the server has threads.
      for (int i = 0; i < 300; i++) {
        RawConnection connection = new RawConnection(server.uri());
        connections.add(connection);
        connection.send(head(event.length()) + "{");
      }
      for (int i = 0; i < 20; i++) {
        // Head and body in two segments, as java.net.http sends them.
        try (RawConnection other = new RawConnection(server.uri())) {
          other.send(head(event.length()));
          other.send(event);
          assertThat(other.receiveAll()).startsWith("HTTP/1.1 202");
        }
        assertThat(
                HttpContract.send(server.uri(), "GET", "/telemetry", BodyPublishers.noBody())
                    .status())
            .isEqualTo(200);
      }
      for (RawConnection connection : connections) {
        connection.send(event.substring(1));
      }
      for (RawConnection connection : connections) {
        assertThat(connection.receiveAll()).startsWith("HTTP/1.1 202");
      }
    } finally {
      for (RawConnection connection : connections) {
        connection.close();
      }
    }
  }

  @Test
  void bodyInPieces_isReadCompletely_withAndWithoutItsLength() throws IOException {
    String events = "[" + HttpContract.event("a") + "," + HttpContract.event("b") + "]";
    int half = events.length() / 2;
    for (String head :
        List.of(
            head(events.length()) + "%s%3$s",
            "POST /events HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
                + END
                + Integer.toHexString(half)
                + "\r\n%s\r\n|"
                + Integer.toHexString(events.length() - half)
                + "\r\n%3$s\r\n0\r\n\r\n")) {
      try (RawConnection connection = new RawConnection(server.uri())) {
        String request = head.formatted(events.substring(0, half), "", events.substring(half));
        int pause = request.indexOf(events.substring(half));
        connection.send(request.substring(0, pause).replace("|", ""));
        assertThat(connection.answersAtOnce()).isFalse();
        connection.send(request.substring(pause));
        assertThat(connection.receiveAll()).contains("\"accepted\":").contains("\"rejected\":0");
      }
    }
  }

  @Test
  void senderThatDisconnectsWithinItsBody_isForgotten() throws IOException {
    for (int i = 0; i < 20; i++) {
      try (RawConnection connection = new RawConnection(server.uri())) {
        connection.send(head(1_000) + "{");
      }
    }

    assertThat(
            HttpContract.send(server.uri(), "GET", "/telemetry", BodyPublishers.noBody()).status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, false",
    "10, 1, false",
    "11, 11000, true",
    "11, 12000, false",
    "60, 62000, false",
    "61, 16000000, true"
  })
  void body_isTooSlow_atAMinimalRate_orAfterTheTimeout(int seconds, long bytes, boolean tooSlow) {
    assertThat(ArrivingBody.isTooSlow(Duration.ofSeconds(seconds), bytes)).isEqualTo(tooSlow);
  }

  private static String head(int length) {
    return "POST /events HTTP/1.1\r\nContent-Length: " + length + "\r\n" + END;
  }

  private static void assertProblem(String answer, int status, String errorCode) {
    assertThat(answer)
        .startsWith("HTTP/1.1 " + status)
        .containsIgnoringCase("content-type: application/problem+json")
        .contains("\"error_code\":\"" + errorCode + "\"")
        .doesNotContainIgnoringCase("jetty")
        .doesNotContain("\tat ")
        .doesNotContainIgnoringCase("<html");
  }
}

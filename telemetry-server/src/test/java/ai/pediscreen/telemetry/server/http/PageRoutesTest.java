package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageRoutesTest {

  @Test
  void page_isServedWithAllItLoads_andNothingFromElsewhere() {
    try (InMemoryServer server = InMemoryServer.start()) {
      Answer page = get(server, "/");
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.header("content-type")).contains("text/html;charset=utf-8");
      List<String> loaded = references("(?:src|href)=\"([^\"#]+)\"", page.text());
      assertThat(loaded).contains("assets/page.js", "assets/page.css", "assets/uPlot.js");
      for (String path : loaded) {
        assertThat(get(server, "/" + path).status()).as(path).isEqualTo(200);
      }
      for (String module : List.of("api", "charts", "drift", "format", "html", "page")) {
        Answer script = get(server, "/assets/" + module + ".js");
        assertThat(script.header("content-type")).contains("text/javascript;charset=utf-8");
        for (String imported : references("from '\\./([^']+)'", script.text())) {
          assertThat(get(server, "/assets/" + imported).status()).as(imported).isEqualTo(200);
        }
        assertThat(script.text()).doesNotContain("innerHTML", "insertAdjacentHTML", "eval(");
      }
      assertThat(page.text()).doesNotContain("style=", "onclick", "http://", "https://");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/assets/page.js", "/assets/page.css", "/assets/icon.svg"})
  void everyAsset_hasSecurityHeaders_andIsCachedUntilItChanges(String path) {
    try (InMemoryServer server = InMemoryServer.start()) {
      Answer first = get(server, path);
      assertThat(first.header("content-security-policy").orElseThrow())
          .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
          .contains("frame-ancestors 'none'")
          .doesNotContain("unsafe", "*");
      assertThat(first.header("x-content-type-options")).contains("nosniff");
      assertThat(first.header("cache-control")).contains("no-cache");
      String etag = first.header("etag").orElseThrow();

      Answer again = get(server, path, "If-None-Match", etag);
      assertThat(again.status()).isEqualTo(304);
      assertThat(again.text()).isEmpty();
      assertThat(again.header("etag")).contains(etag);
      assertThat(get(server, path, "If-None-Match", "W/\"other\"").status()).isEqualTo(200);
    }
  }

  @Test
  void texts_areCompressed_whenTheBrowserAcceptsIt() {
    try (InMemoryServer server = InMemoryServer.start()) {
      Answer plain = get(server, "/assets/uPlot.js");
      Answer packed = get(server, "/assets/uPlot.js", "Accept-Encoding", "gzip");

      assertThat(packed.header("content-encoding")).contains("gzip");
      assertThat(packed.response().headers().allValues("vary")).contains("Accept-Encoding");
      assertThat(packed.response().body().length).isLessThan(plain.response().body().length / 2);
    }
  }

  @Test
  void page_isServedWithoutAKey_andFiguresAreNot() {
    try (InMemoryServer server = InMemoryServer.startWithKeys()) {
      assertThat(get(server, "/").status()).isEqualTo(200);
      assertThat(get(server, "/assets/page.js").status()).isEqualTo(200);
      for (String path :
          List.of(
              "/telemetry?action=series",
              "/telemetry/stream",
              "/organisations",
              "/drift/bins?date=2026-03-09&model_id=m")) {
        assertThat(get(server, path).status()).as(path).isEqualTo(401);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/assets/", "/assets/package-info.class", "/assets/..%2fpage.js", "/index.html"})
  void nothingElse_isServed(String path) {
    try (InMemoryServer server = InMemoryServer.start()) {
      assertThat(get(server, path).status()).isBetween(400, 404);
    }
  }

  private static List<String> references(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .toList();
  }

  private static Answer get(InMemoryServer server, String path, String... headers) {
    URI uri = server.uri();
    return HttpContract.send(uri, "GET", path, BodyPublishers.noBody(), headers);
  }
}

package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.logging.LogEntry;

/** The page that shows the description of the API, in a real browser. */
class DocsPageIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  @Test
  void everyOperation_isShown_andCanBeTried(@TempDir Path profile) {
    try (PostgresServer server = PostgresServer.start();
        Browser browser = Browser.start(profile)) {
      browser.resize(1440, 900);
      browser.driver().get(server.uri() + "/docs");
      Waiting.until("it is shown", LIMIT, () -> !all(browser, ".opblock").isEmpty());
      int operations = 0;
      for (JsonNode path :
          Http.json(Http.get(server.uri().resolve("/openapi.json"))).path("paths")) {
        operations += path.size();
      }
      assertThat(all(browser, ".opblock")).hasSize(operations);
      assertThat(all(browser, ".version-pragma, .errors-wrapper")).isEmpty();
      assertThat(browser.driver().findElement(By.tagName("body")).getText())
          .doesNotContain("Warning");

      // What is sent without filling anything in is a question about everything.
      for (JsonNode parameter :
          Http.json(Http.get(server.uri().resolve("/openapi.json"))).at("/components/parameters")) {
        boolean filters = parameter.path("in").asText().equals("query");
        boolean needed = parameter.path("required").asBoolean();
        assertThat(filters && !needed && parameter.has("example")).as("%s", parameter).isFalse();
      }
      click(browser, "#operations-Service-getHealth .opblock-summary-control");
      Waiting.until("it unfolds", LIMIT, () -> !all(browser, ".try-out__btn").isEmpty());
      click(browser, ".try-out__btn");
      Waiting.until("it can be sent", LIMIT, () -> !all(browser, ".execute").isEmpty());
      click(browser, ".execute");
      Waiting.until(
          "it is answered",
          LIMIT,
          () ->
              all(browser, ".live-responses-table .response-col_status").stream()
                  .anyMatch(status -> status.getText().startsWith("200")));

      assertThat(browser.console().stream().map(LogEntry::getMessage))
          .noneMatch(message -> message.contains("Content Security Policy"))
          .noneMatch(message -> message.contains("Uncaught"));
    }
  }

  private static void click(Browser browser, String selector) {
    browser.driver().findElement(By.cssSelector(selector)).click();
  }

  private static List<WebElement> all(Browser browser, String selector) {
    return browser.driver().findElements(By.cssSelector(selector));
  }
}

package ai.pediscreen.telemetry.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.access.KeyScope;
import ai.pediscreen.telemetry.access.KeySecret;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.server.demo.DemoEvents;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.logging.LogEntry;

/** The dashboard in a real browser, over PostgreSQL with the month of the demonstration in it. */
class DashboardIT {

  private static final Instant NOW = Instant.parse("2026-03-10T18:40:00Z");
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int BATCH = 1_500;
  private static final String HOSTILE = "<img src=x onerror=\"document.title='taken'\">";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path profile;

  private static PostgresServer filled;
  private static Browser browser;

  @BeforeAll
  static void fillAndStart() {
    filled =
        PostgresServer.start(Map.of("RETENTION_DAYS", "38", "DRIFT_FEATURES", DemoEvents.WATCHED));
    filled.clock().set(NOW);
    List<TelemetryEvent> history = new DemoEvents(DemoEvents.SEED, NOW).history();
    for (int from = 0; from < history.size(); from += BATCH) {
      post(filled, history.subList(from, Math.min(from + BATCH, history.size())));
    }
    LocalDate today = LocalDate.parse("2026-03-10");
    for (LocalDate day = today.minusDays(DemoEvents.DAYS); day.isBefore(today); ) {
      compute(filled, day);
      day = day.plusDays(1);
    }
    browser = Browser.start(profile);
    // The page says how long ago things were, which should be the same each time.
    browser.command(
        "Page.addScriptToEvaluateOnNewDocument",
        Map.of("source", "Date.now = () => " + NOW.plusSeconds(2).toEpochMilli() + ";"));
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    if (filled != null) {
      filled.close();
    }
  }

  @BeforeEach
  void begin() {
    browser.driver().get("about:blank");
    browser.resize(1440, 900);
    browser.prefer("light");
    browser.console();
  }

  /** Whatever a test did, the security policy has refused nothing and no script has failed. */
  @AfterEach
  void nothingWasRefusedAndNothingFailed() {
    assertThat(browser.console().stream().map(LogEntry::getMessage))
        .noneMatch(message -> message.contains("Content Security Policy"))
        .noneMatch(message -> message.contains("Uncaught"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"24h", "7d", "30d"})
  void figuresOnThePage_areThoseOfTheApi(String range) {
    open(filled, "?range=" + range);

    JsonNode overview = api("overview", range);
    assertThat(number("#tile-requests .figure"))
        .isEqualTo(overview.path("total_requests").longValue());
    assertThat(text("#tile-errors .aside"))
        .startsWith(whole(overview.path("error_count")) + " of ");
    assertThat(text("#tile-fallbacks .aside"))
        .startsWith(whole(overview.path("fallback_count")) + " ");
    assertThat(text("#tile-latency .figure")).isEqualTo(millis(overview.path("p95_latency_ms")));
    assertThat(text("#tile-latency .aside"))
        .isEqualTo(
            "p50 "
                + millis(overview.path("p50_latency_ms"))
                + " · p99 "
                + millis(overview.path("p99_latency_ms")));
    assertThat(text("#tile-tokens .aside")).contains(" in · ", " out · ", "0% cached");
    assertThat(text("#tile-cost .figure"))
        .isEqualTo("$%.2f".formatted(overview.path("total_cost_usd").doubleValue()));
    assertThat(all("#histogram .bar-value")).hasSize(8);

    JsonNode models = api("models", range, "&compare=previous").path("models");
    assertThat(all("#models tbody tr")).hasSize(models.size());
    for (JsonNode model : models) {
      WebElement row =
          all("#models tbody tr").stream()
              .filter(one -> one.getText().contains(model.path("model_id").textValue()))
              .findFirst()
              .orElseThrow();
      List<String> values = texts(row, ".value");
      assertThat(values.get(0)).isEqualTo(whole(model.path("p95_latency_ms")) + " ms");
      assertThat(values.get(1)).isEqualTo(rate(model.path("error_rate")));
      assertThat(values.get(2)).isEqualTo(rate(model.path("fallback_rate")));
      assertThat(values.get(4)).isEqualTo(whole(model.path("calls")));
      if (model.path("previous").isNull()) {
        assertThat(texts(row, ".change")).containsOnly("new");
      } else {
        double points =
            model.path("error_rate").doubleValue() - model.at("/previous/error_rate").doubleValue();
        assertThat(texts(row, ".change").get(1))
            .isEqualTo("%s%.2f pt".formatted(points < 0 ? "−" : "+", Math.abs(points)));
      }
    }

    for (String action : List.of("errors", "fallbacks")) {
      JsonNode report = api(action, range);
      assertThat(number("#" + action + "-total")).isEqualTo(report.path("total").longValue());
      assertThat(all("#" + action + " tbody tr"))
          .hasSize(Math.min(50, report.path("total").intValue()));
    }
    JsonNode reasons = api("errors", range).path("error_summary");
    assertThat(text("#errors-reasons .bar-name")).isEqualTo(reasons.fieldNames().next());
    assertThat(text("#errors-reasons .bar-value")).isEqualTo(whole(reasons.elements().next()));
  }

  @Test
  void seriesTable_isThatOfTheApi() {
    open(filled, "?range=24h");

    one("#calls-table summary").click();

    JsonNode series = api("series", "24h").path("series");
    List<WebElement> rows = all("#calls-table tbody tr");
    assertThat(rows).hasSize(series.size());
    for (int i = 0; i < series.size(); i++) {
      JsonNode point = series.get(series.size() - 1 - i);
      assertThat(rows.get(i).findElements(By.tagName("td")))
          .extracting(WebElement::getText)
          .containsExactly(
              point.path("time").textValue().substring(0, 16).replace('T', ' '),
              whole(point.path("calls")),
              whole(point.path("errors")),
              whole(point.path("fallbacks")));
    }
  }

  @Test
  void filters_applyToEveryFigure_andAreInTheAddress() {
    open(filled, "");
    assertThat(all("#org option"))
        .extracting(WebElement::getText)
        .containsExactly("All", "casa-infantil", "northlake-childrens", "riverbend-pediatrics");

    choose("#org", "casa-infantil");
    awaitRequests(api("overview", "7d", "&org_id=casa-infantil"));
    choose("#model", "gaze-tracker-2");
    awaitRequests(api("overview", "7d", "&org_id=casa-infantil&model_id=gaze-tracker-2"));
    one("input[value='30d'] + span").click();
    awaitRequests(api("overview", "30d", "&org_id=casa-infantil&model_id=gaze-tracker-2"));

    assertThat(browser.driver().getCurrentUrl())
        .endsWith("/?range=30d&org_id=casa-infantil&model_id=gaze-tracker-2");
    browser.driver().navigate().back();
    awaitRequests(api("overview", "7d", "&org_id=casa-infantil&model_id=gaze-tracker-2"));
    browser.driver().navigate().back();
    awaitRequests(api("overview", "7d", "&org_id=casa-infantil"));
    assertThat(one("#model").getDomProperty("value")).isEmpty();
    browser.driver().navigate().forward();
    browser.driver().navigate().forward();
    awaitRequests(api("overview", "30d", "&org_id=casa-infantil&model_id=gaze-tracker-2"));
    browser.driver().navigate().refresh();
    awaitRequests(api("overview", "30d", "&org_id=casa-infantil&model_id=gaze-tracker-2"));
    assertThat(one("#model").getDomProperty("value")).isEqualTo("gaze-tracker-2");
  }

  @Test
  void driftedDay_isOnThePageWithItsBins() {
    open(filled, "");

    JsonNode latest = api("drift", "30d").path("latest");
    assertThat(latest.path("model_id").textValue()).isEqualTo("speech-milestones-3");
    assertThat(latest.path("alert").booleanValue()).isTrue();
    assertThat(text("#alerts")).contains("Drift on 2026-03-09: speech-milestones-3, latency, PSI ");
    Waiting.until("the bins are there", LIMIT, () -> !all(".bins tbody tr").isEmpty());
    assertThat(text(".verdict"))
        .startsWith(
            "PSI %.3f: significant drift. Critical value "
                .formatted(latest.path("psi_score").doubleValue()));
    assertThat(all(".bins tbody tr")).hasSize(10);
    assertThat(requireNonNull(one("#drift-chart").getDomAttribute("aria-label")))
        .contains("speech-milestones-3 · latency", "critical");

    choose("#bins-model", "medgemma-4b-it · latency");
    choose("#bins-day", "2026-03-04");
    JsonNode bins =
        Http.json(
            Http.get(filled.uri().resolve("/drift/bins?date=2026-03-04&model_id=medgemma-4b-it")));
    awaitText(".verdict", "PSI %.3f".formatted(bins.path("psi_score").doubleValue()));
    assertThat(all(".bins tbody td:last-child").stream().map(WebElement::getText))
        .containsExactlyElementsOf(
            bins.path("bins").findValues("contribution").stream()
                .map(one -> "%.3f".formatted(one.doubleValue()))
                .toList());
  }

  @Test
  void anIncident_isNamedWithWhatChanged_andLeadsToItsBins() {
    open(filled, "");
    JsonNode incident = api("drift", "30d").path("incidents").path(0);

    awaitText("#drift-incidents li .badge", incident.path("state").textValue());
    assertThat(text("#drift-incidents li"))
        .contains("since " + incident.path("start").textValue())
        .contains(incident.path("summary").textValue());
    choose("#bins-model", "gemini-2.5-flash · latency");
    one("#drift-incidents li .link").click();

    String name = text("#drift-incidents li .link");
    assertThat(name).startsWith(incident.path("model_id").textValue() + " · ");
    Waiting.until(
        "its bins are shown", LIMIT, () -> name.equals(one("#bins-model").getDomProperty("value")));
    assertThat(one("#bins-day").getDomProperty("value"))
        .isEqualTo(incident.path("last_alert").textValue());
  }

  @Test
  void anEvent_isOnThePageWithinTwoSeconds() {
    try (PostgresServer server = PostgresServer.start()) {
      server.clock().set(NOW);
      open(server, "");
      assertThat(text("#empty-title")).isEqualTo("Waiting for the first event");
      Waiting.until(
          "the stream is open",
          LIMIT,
          () ->
              requireNonNull(one("#connection").getDomAttribute("data-state")).matches("waiting"));

      for (int i = 1; i <= 3; i++) {
        long posted = System.nanoTime();
        postJson(server, event("live-" + i, "my-model"));
        awaitText("#tile-requests .figure", Integer.toString(i));
        assertThat(Duration.ofNanos(System.nanoTime() - posted)).isLessThan(Duration.ofSeconds(2));
      }
      assertThat(text("#connection-state")).isEqualTo("Live");
    }
  }

  @Test
  void anEmptyServer_saysHowToSendTheFirstEvent() {
    try (PostgresServer server = PostgresServer.start()) {
      server.clock().set(NOW);
      open(server, "");
      assertThat(one("#panels").isDisplayed()).isFalse();
      assertThat(text("#empty-example"))
          .contains("curl " + server.uri() + "/events", "\"event_id\"");
      assertNoSeriousFinding();

      postJson(server, event("e-1", "my-model"));
      awaitState("ready");
      server.clock().set(NOW.plus(Duration.ofHours(2)));
      open(server, "?range=1h");
      assertThat(text("#empty-title")).isEqualTo("No events in the last hour");
      assertThat(text("#tile-errors .figure")).isEqualTo("–");
      assertThat(text("#tile-latency .figure")).isEqualTo("–");
      assertThat(text("#tile-cost .figure")).isEqualTo("–");
      open(server, "?org_id=nobody");
      assertThat(text("#empty-title")).isEqualTo("No events match the filters");
      one("#clear-filters").click();
      awaitState("ready");
    }
  }

  @Test
  void withoutTheServer_thePageSaysSo_keepsItsFigures_andRecovers() {
    String port = Integer.toString(ServerProcess.freePort());
    try (PostgresServer server = PostgresServer.start(Map.of("PORT", port))) {
      server.clock().set(NOW);
      postJson(server, event("e-1", "my-model"));
      open(server, "");

      server.stop();
      Waiting.until("the notice shows", LIMIT, () -> one("#notice").isDisplayed());
      assertThat(text("#notice-text")).startsWith("The server does not answer.");
      assertThat(text("#connection-state")).isEqualTo("No connection");
      assertThat(text("#tile-requests .figure")).isEqualTo("1");
      assertNoSeriousFinding();

      server.restartAt(NOW);
      Waiting.until("the notice goes", LIMIT, () -> !one("#notice").isDisplayed());
      awaitText("#connection-state", "Live");
    }
  }

  @Test
  void withoutAStream_thePagePolls() {
    try (PostgresServer server = PostgresServer.start()) {
      server.clock().set(NOW);
      browser.command("Network.enable", Map.of());
      browser.command("Network.setBlockedURLs", Map.of("urls", List.of("*telemetry/stream*")));
      try {
        open(server, "");
        awaitText("#connection-state", "Polling every 5 s");
        postJson(server, event("e-1", "my-model"));
        awaitText("#tile-requests .figure", "1");
      } finally {
        browser.command("Network.setBlockedURLs", Map.of("urls", List.of()));
      }
    }
  }

  @Test
  void key_isAskedForOnce_showsItsOrganisationOnly_andIsNeverInTheAddress() {
    try (PostgresServer server = PostgresServer.startWithKeys()) {
      server.clock().set(NOW);
      String admin = key(server, null, KeyScope.ADMIN);
      postJson(server, event("e-1", "mine"), "apikey", admin);
      postJson(server, event("e-2", "other").replace("\"o\"", "\"p\""), "apikey", admin);
      browser.driver().get(server.uri() + "/?range=24h");
      Waiting.until("the dialog opens", LIMIT, () -> one("#key-dialog").isDisplayed());
      assertNoSeriousFinding();

      one("#key-input").sendKeys("a-key-of-nobody", Keys.ENTER);
      awaitText("#key-fault", "The server did not accept this API key.");
      assertThat(one("#key-input").getDomProperty("value")).isEqualTo("a-key-of-nobody");
      one("#key-cancel").click();
      assertThat(one("#key-dialog").isDisplayed()).isFalse();
      one("#key-button").click();
      one("#key-input").clear();
      String key = key(server, "o", KeyScope.READ);
      one("#key-input").sendKeys(key, Keys.ENTER);

      awaitText("#tile-requests .figure", "1");
      assertThat(text("#models tbody .link")).isEqualTo("mine");
      Waiting.until("the choices are there", LIMIT, () -> all("#org option").size() == 2);
      awaitText("#connection-state", "Live");
      browser.driver().navigate().refresh();
      awaitText("#tile-requests .figure", "1");
      assertThat(one("#key-dialog").isDisplayed()).isFalse();
      assertThat(browser.run("return localStorage.length;")).isEqualTo(0L);
      assertThat(browser.driver().getCurrentUrl()).endsWith("/?range=24h");
      assertThat(
              browser.run(
                  "return performance.getEntriesByType('resource').map((e) => e.name).join(' ');"))
          .asString()
          .contains("telemetry?")
          .doesNotContain(key);
    }
  }

  @Test
  void markupInNames_isShownAsText() {
    try (PostgresServer server = PostgresServer.start()) {
      server.clock().set(NOW);
      String event =
          """
          {"event_id": "x-1", "timestamp": "NOW", "org_id": "NAME", "trace_id": "NAME",
           "model": {"model_id": "NAME", "provider": "NAME", "adapter_id": "NAME"},
           "response": {"status_code": 500, "error_code": "NAME", "fallback_to": "NAME"}}
          """;
      postJson(
          server,
          event.replace("NOW", NOW.toString()).replace("NAME", HOSTILE.replace("\"", "\\\"")));
      open(server, "");

      assertThat(all("#models .link").get(0).getText()).isEqualTo(HOSTILE);
      assertThat(text("#errors")).contains(HOSTILE);
      assertThat(text("#fallbacks")).contains(HOSTILE);
      assertThat(all("#org option").get(1).getText()).isEqualTo(HOSTILE);
      assertThat(all("img")).hasSize(1);
      assertThat(browser.driver().getTitle()).isEqualTo("PediScreen Telemetry");
    }
  }

  @Test
  void everything_canBeReachedByKeyboard() {
    open(filled, "");
    WebElement body = one("body");

    body.sendKeys(Keys.TAB);
    assertThat(focused()).isEqualTo("Skip to main content");
    assertThat(browser.driver().switchTo().activeElement().isDisplayed()).isTrue();
    tab();
    assertThat(browser.driver().switchTo().activeElement().getDomAttribute("id")).isEqualTo("find");
    tab();
    assertThat(focused()).isEqualTo("API key");
    tab();
    assertThat(browser.driver().switchTo().activeElement().getDomAttribute("id"))
        .isEqualTo("theme-button");
    browser.driver().switchTo().activeElement().sendKeys(Keys.ENTER);
    assertThat(one("html").getDomAttribute("data-theme")).isEqualTo("dark");
    tab();
    browser.driver().switchTo().activeElement().sendKeys(Keys.ARROW_LEFT);
    awaitRequests(api("overview", "24h"));
    tab();
    assertThat(browser.driver().switchTo().activeElement().getDomAttribute("id")).isEqualTo("org");

    for (int i = 0; i < 40 && !focused().equals("p95 latency"); i++) {
      tab();
    }
    browser.driver().switchTo().activeElement().sendKeys(Keys.ENTER);
    assertThat(focused()).as("the heading keeps the focus").isEqualTo("p95 latency");
    assertThat(one("#models th:nth-child(3)").getDomAttribute("aria-sort")).isEqualTo("descending");
    assertThat(text("#models tbody .link")).isEqualTo("speech-milestones-3");
    browser.driver().switchTo().activeElement().sendKeys(Keys.ENTER);
    assertThat(text("#models tbody .link")).isEqualTo("risk-stratifier-xgb");
    browser.run("localStorage.clear();");
  }

  @ParameterizedTest
  @CsvSource({
    "1440, light",
    "768, light",
    "390, light",
    "1440, dark",
    "768, dark",
    "390, dark",
  })
  void thePage_fitsTheScreen_andIsAccessible(int width, String scheme) throws IOException {
    browser.resize(width, 900);
    browser.prefer(scheme);
    open(filled, "");
    Waiting.until("the bins are there", LIMIT, () -> !all(".bins tbody tr").isEmpty());
    Waiting.until("it is live", LIMIT, () -> text("#connection-state").equals("Live"));

    assertThat((Long) browser.run("return document.documentElement.scrollWidth;"))
        .isLessThanOrEqualTo(width);
    assertThat(
            (Long)
                browser.run(
                    "return Math.max(...[...document.querySelectorAll('#models tbody th')]"
                        + ".map((row) => row.offsetHeight));"))
        .as("no name of a model is a column of letters")
        .isLessThan(80);
    assertNoSeriousFinding();

    Pictures.keep("dashboard", width, scheme, browser.screenshot(width));
  }

  @Test
  void thePageOfOneModel_hasItsCallsByAdapter_andItsDriftByFeature() throws IOException {
    open(filled, "?range=30d&model_id=medgemma-4b-it");
    Waiting.until("its calls are there", LIMIT, () -> !all("#model-adapters canvas").isEmpty());

    JsonNode groups = api("series", "30d", "&by=adapter&model_id=medgemma-4b-it").path("groups");
    assertThat(all("#model-adapters-legend li"))
        .extracting(WebElement::getText)
        .containsExactlyElementsOf(groups.findValuesAsText("name"));
    assertThat(all("#model-drift .small-multiple")).hasSizeGreaterThan(1);
    Waiting.until("the bins are there", LIMIT, () -> !all(".bins tbody tr").isEmpty());
    assertNoSeriousFinding();
    Pictures.keep("model", 1440, "light", browser.screenshot(1440));
  }

  /** Asks axe-core for what keeps people from using the page. */
  private static void assertNoSeriousFinding() {
    browser.run(resource("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js"));
    Object findings =
        browser
            .driver()
            .executeAsyncScript(
                """
                const done = arguments[arguments.length - 1];
                axe.run(document).then((result) => done(result.violations
                  .filter((one) => one.impact === 'serious' || one.impact === 'critical')
                  .map((one) => one.id + ': ' + one.nodes.map((node) =>
                    node.html + ' ' + node.failureSummary).join(' | '))));
                """);
    assertThat((List<?>) findings).as("findings of axe-core").isEmpty();
  }

  private static void open(PostgresServer server, String query) {
    browser.driver().get(server.uri() + "/" + query);
    Waiting.until(
        "the page is filled",
        LIMIT,
        () ->
            requireNonNull(one("body").getDomAttribute("data-state")).matches("ready|empty")
                && all("#org option").size() + all("#empty:not([hidden])").size() > 1);
  }

  /** The options may be filled anew between being found and being pressed. */
  private static void choose(String selector, String value) {
    Waiting.until(
        value + " is chosen",
        LIMIT,
        () -> {
          one(selector + " option[value='" + value + "']").click();
          return true;
        });
  }

  private static void awaitState(String state) {
    Waiting.until(
        "the page is " + state,
        LIMIT,
        () -> state.equals(one("body").getDomAttribute("data-state")));
  }

  private static void awaitRequests(JsonNode overview) {
    awaitText("#tile-requests .figure", whole(overview.path("total_requests")));
  }

  private static void awaitText(String selector, String text) {
    Waiting.until(selector + " is " + text, LIMIT, () -> text(selector).startsWith(text));
  }

  private static void tab() {
    browser.driver().switchTo().activeElement().sendKeys(Keys.TAB);
  }

  private static String focused() {
    return browser.driver().switchTo().activeElement().getText();
  }

  private static WebElement one(String selector) {
    return browser.driver().findElement(By.cssSelector(selector));
  }

  private static List<WebElement> all(String selector) {
    return browser.driver().findElements(By.cssSelector(selector));
  }

  private static List<String> texts(WebElement parent, String selector) {
    return parent.findElements(By.cssSelector(selector)).stream().map(WebElement::getText).toList();
  }

  private static String rate(JsonNode percent) {
    return "%.2f%%".formatted(percent.doubleValue());
  }

  private static String text(String selector) {
    return one(selector).getText();
  }

  private static long number(String selector) {
    return Long.parseLong(text(selector).replace(",", ""));
  }

  private static String whole(JsonNode number) {
    return "%,d".formatted(number.longValue());
  }

  private static String millis(JsonNode number) {
    long value = number.longValue();
    return value < 1_000 ? value + " ms" : "%.2f s".formatted(value / 1_000.0);
  }

  private static JsonNode api(String action, String range) {
    return api(action, range, "");
  }

  private static JsonNode api(String action, String range, String more) {
    return Http.json(
        Http.get(filled.uri().resolve("/telemetry?action=" + action + "&range=" + range + more)));
  }

  private static String event(String eventId, String modelId) {
    return """
    {"event_id": "%s", "timestamp": "%s", "org_id": "o", "model": {"model_id": "%s"},
     "response": {"latency_ms": 120, "status_code": 200}}
    """
        .formatted(eventId, NOW, modelId);
  }

  private static void postJson(PostgresServer server, String body, String... headers) {
    URI events = server.uri().resolve("/events");
    String[] all = headers.length == 0 ? new String[] {"Accept", "*/*"} : headers;
    assertThat(Http.postJson(events, body, all).statusCode()).isEqualTo(202);
  }

  private static String key(PostgresServer server, @Nullable String org, KeyScope scope) {
    KeySecret secret = KeySecret.generate();
    server.keys().add(secret, org, Set.of(scope), null);
    return secret.reveal();
  }

  /** Sends again what a busy machine did not take in time, as any client may. */
  private static void post(PostgresServer server, List<TelemetryEvent> events) {
    String body = json(events.stream().map(TelemetryEvent::toMap).toList());
    URI uri = server.uri().resolve("/events");
    Waiting.until(
        "the history is taken", LIMIT, () -> Http.postJson(uri, body).statusCode() == 202);
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void compute(PostgresServer server, LocalDate day) {
    URI jobs = server.uri().resolve("/jobs/daily-aggregates");
    String id =
        Http.json(Http.postJson(jobs, "{\"date\":\"" + day + "\"}")).path("job_id").textValue();
    Waiting.until(
        day + " is computed",
        LIMIT,
        () ->
            "succeeded"
                .equals(
                    Http.json(Http.get(server.uri().resolve("/jobs/" + id)))
                        .path("status")
                        .textValue()));
  }

  private static String resource(String name) {
    try (InputStream in = requireNonNull(DashboardIT.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}

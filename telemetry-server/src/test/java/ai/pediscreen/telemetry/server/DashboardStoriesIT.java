package ai.pediscreen.telemetry.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;

/** What the dashboard shows of one trouble each: an outage, one call, no cost, an event, a zoom. */
class DashboardStoriesIT {

  private static final Instant NOW = Instant.parse("2026-03-10T18:40:00Z");
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Keeps each chart where a test can ask what it draws. */
  private static final String KEEP_CHARTS =
      """
      window.charts = [];
      let kept;
      Object.defineProperty(window, 'uPlot', {
        get: () => kept,
        set: (library) => {
          kept = new Proxy(library, {
            construct: (target, options) => {
              const chart = new target(...options);
              window.charts.push(chart);
              return chart;
            },
          });
        },
      });
      window.chartIn = (id) =>
        window.charts.findLast((chart) => document.getElementById(id).contains(chart.root));
      """;

  private static final String FIRST_PAINT =
      "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime;";

  @TempDir private static Path profile;

  private static Browser browser;
  private static PostgresServer server;
  private static int tests;

  /** Each test has an organisation of its own, on one server. */
  private String org = "";

  @BeforeAll
  static void start() {
    server = PostgresServer.start();
    browser = Browser.start(profile);
    browser.command(
        "Page.addScriptToEvaluateOnNewDocument",
        Map.of(
            "source", KEEP_CHARTS + "Date.now = () => " + NOW.plusSeconds(2).toEpochMilli() + ";"));
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void begin() {
    tests++;
    org = "clinic-" + tests;
    server.clock().set(NOW);
    browser.driver().get("about:blank");
    browser.resize(1440, 900);
    browser.prefer("light");
    browser.console();
  }

  @AfterEach
  void nothingFailed() {
    browser.driver().get("about:blank");
    assertThat(browser.console().stream().map(LogEntry::getMessage))
        .noneMatch(message -> message.contains("Content Security Policy"))
        .noneMatch(message -> message.contains("Uncaught"));
  }

  @Test
  void outage_isAGap_andTheCurrentHourIsDrawnDifferently() {
    List<String> events = new ArrayList<>();
    for (int hour = 0; hour < 24; hour++) {
      if (hour < 5 || hour > 12) {
        events.add(event("e-" + hour, NOW.minus(Duration.ofHours(hour)), 120, 0.001));
      }
    }
    post(events);
    open("?range=24h");

    List<?> p95 = data("latency-chart", 2);
    assertThat(p95.subList(12, 19)).as("the hours of the outage").containsOnlyNulls();
    assertThat(p95.get(10)).isNotNull();
    assertThat(p95.get(p95.size() - 1)).as("this hour is not over").isNull();
    assertThat(data("latency-chart", 5).get(p95.size() - 1)).as("and drawn apart").isNotNull();
    assertThat(ask("return chartIn('latency-chart').series[2].spanGaps;")).isEqualTo(false);
    assertThat(ask("return chartIn('latency-chart').series[5].dash.length;")).isEqualTo(2L);
    assertThat(pixels("latency-chart", 2, p95.size() / 2 + 3))
        .as("nothing across the gap")
        .isZero();
    assertThat(text("#calls-title")).isEqualTo("Calls per hour");
    assertThat(text("#cost-title")).isEqualTo("Cost per hour, US$");
  }

  @Test
  void singleCall_isDrawnAsADot() {
    post(List.of(event("e-1", NOW.minus(Duration.ofHours(8)), 120, 0.001)));
    open("?range=24h");

    List<?> p50 = data("latency-chart", 3);
    int at = p50.size() - 1 - 8;
    assertThat(p50.get(at)).isEqualTo(120L);
    assertThat(pixels("latency-chart", 3, at)).as("it can be seen").isPositive();
    assertThat(text("#tile-requests .figure")).isEqualTo("1");
  }

  @Test
  void costAxis_endsAtACent_withoutCosts() {
    post(List.of(event("e-1", NOW.minusSeconds(60), 120, 0)));
    open("?range=1h");

    Object top = requireNonNull(ask("return chartIn('cost-chart').scales.y.max;"));
    assertThat(((Number) top).doubleValue()).isGreaterThanOrEqualTo(0.01);
    assertThat((List<?>) ask("return chartIn('cost-chart').axes[1]._values;"))
        .asString()
        .doesNotContain("e-");
    assertThat(text("#calls-title")).isEqualTo("Calls per minute");
  }

  @Test
  void errorRate_isRedForOneOfTwentyCalls_notForOneOfOne() {
    List<String> events = new ArrayList<>();
    events.add(failure("few-0", "few"));
    for (int i = 0; i < 20; i++) {
      events.add(failure("many-" + i, "many"));
    }
    post(events);
    open("");

    Waiting.until("both are there", LIMIT, () -> all("#models tbody tr").size() == 2);
    assertThat(all("#models tbody tr").get(0).getText()).contains("many", "failing");
    assertThat(all("#models tbody tr").get(1).getText()).contains("few", "few calls", "100.00%");
    assertThat(all("#models .high")).hasSize(1);
    assertThat(text("#alerts")).contains("Error rate over 1%, highest: many 100.00%");
    one("#alerts .link").click();
    Waiting.until("the model's page is shown", LIMIT, () -> one("#model-page").isDisplayed());
    assertThat(text("#model-name")).isEqualTo("many");
    assertThat(browser.driver().getTitle()).startsWith("many · ");
  }

  @Test
  void anEvent_isOpenedFromItsError_byTheKeyboard_withTheCallsOfItsTrace() {
    post(
        List.of(
            failure("e-1", "m").replace("}}", "},\"trace_id\":\"t-1\",\"case_id\":\"c-1\"}"),
            event("e-2", NOW.minusSeconds(30), 90, 0)
                .replace("}}", "},\"trace_id\":\"t-1\"}")
                .replace("\"m\"", "\"other\"")));
    open("");

    WebElement row = one("#errors .link");
    row.sendKeys(Keys.ENTER);
    Waiting.until("the event is shown", LIMIT, () -> !all(".payload").isEmpty());
    assertThat(text("#drawer")).contains("c-1", "Calls of the same trace", "other", "BROKEN");
    assertThat(text(".payload")).contains("\"event_id\": \"e-1\"", "\"error_code\": \"BROKEN\"");
    assertThat(browser.driver().getCurrentUrl()).endsWith("event=e-1");
    assertThat(all("[aria-label^='Copy ']")).hasSizeGreaterThanOrEqualTo(3);

    // A link to it shows the same, and Escape leads back to where it was opened from.
    browser.driver().navigate().refresh();
    Waiting.until("a link shows it", LIMIT, () -> !all(".payload").isEmpty());
    browser.driver().switchTo().activeElement().sendKeys(Keys.ESCAPE);
    Waiting.until("it is closed", LIMIT, () -> !one("#drawer").isDisplayed());
    assertThat(browser.driver().getCurrentUrl()).doesNotContain("event=");

    one("#find").sendKeys("t-1", Keys.ENTER);
    Waiting.until("it is found", LIMIT, () -> all("#drawer .neighbours li").size() == 2);
    assertThat(text("#drawer")).contains("Trace t-1");
  }

  @Test
  void draggingOverAChart_zooms_andBackUndoesIt() {
    List<String> events = new ArrayList<>();
    for (int hour = 0; hour < 24; hour++) {
      events.add(event("e-" + hour, NOW.minus(Duration.ofHours(hour)), 120, 0.001));
    }
    post(events);
    open("?range=24h");
    WebElement plot = one("#latency-chart .u-over");
    int width = plot.getSize().getWidth();
    ask("document.getElementById('latency-chart').scrollIntoView({block: 'center'});");

    new Actions(browser.driver())
        .moveToElement(plot, -width / 4, 0)
        .clickAndHold()
        .moveByOffset(width / 4, 0)
        .release()
        .perform();

    Waiting.until(
        "the address has the window",
        LIMIT,
        () -> browser.driver().getCurrentUrl().matches(".*from=2026-03-.*to=2026-03-.*"));
    Waiting.until("it is zoomed", LIMIT, () -> one("#zoomed").isDisplayed());
    Waiting.until(
        "the figures are of the window",
        LIMIT,
        () -> Integer.parseInt(text("#tile-requests .figure")) < 12);
    assertThat(Integer.parseInt(text("#tile-requests .figure"))).isBetween(5, 8);
    browser.driver().navigate().back();
    Waiting.until("all are back", LIMIT, () -> text("#tile-requests .figure").equals("24"));
    assertThat(one("#zoomed").isDisplayed()).isFalse();
  }

  @Test
  void chart_canBeReadByKeyboard_inUtc() {
    post(List.of(event("e-1", NOW.minus(Duration.ofHours(1)), 120, 0.001)));
    open("?range=24h");
    WebElement chart = one("#latency-chart");

    chart.sendKeys(Keys.END);
    chart.sendKeys(Keys.ARROW_LEFT);

    Waiting.until(
        "it is said",
        LIMIT,
        () ->
            requireNonNull(one("#latency-chart [aria-live]").getDomProperty("textContent"))
                .contains("10 Mar, 17:00–18:00 UTC"));
    assertThat(one("#latency-chart [aria-live]").getDomProperty("textContent")).contains("120 ms");
  }

  @Test
  void aNewAdapter_isMarkedWhereItWasFirstSeen() {
    List<String> events = new ArrayList<>();
    for (int hour = 0; hour < 48; hour += 2) {
      events.add(
          event("e-" + hour, NOW.minus(Duration.ofHours(hour)), 120, 0.001)
              .replace("\"m\"", "\"m\",\"adapter_id\":\"v" + (hour < 20 ? 2 : 1) + "\""));
    }
    post(events);
    open("?model_id=m");

    Waiting.until("it is named", LIMIT, () -> all("#model-history li").size() == 2);
    assertThat(text("#model-history")).contains("v2 adapter, first seen 10 Mar 00:00 UTC");
    assertThat(text("#model-adapters-legend")).contains("v1", "v2");
    assertThat(one("#model-adapters").getDomAttribute("aria-label")).contains("v1 14", "v2 10");
    assertThat(text("#model-drift-none")).isEqualTo("No drift records for this model yet.");
    one("#model-leave").click();
    Waiting.until("the model is left", LIMIT, () -> !one("#model-page").isDisplayed());
  }

  @Test
  void counts_areBarsAndSteps_andEmptyWhereThereIsNothing() {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      events.add(failure("e-" + i, NOW.minus(Duration.ofHours(8)), "m"));
    }
    events.add(event("last", NOW.minusSeconds(60), 120, 0));
    post(events);
    open("?range=24h");

    int at = data("calls-chart", 1).size() - 1 - 8;
    assertThat(data("calls-chart", 1).get(at)).isEqualTo(6L);
    // A spline would rise before the hour and fall after it.
    assertThat(pixelsWithin("calls-chart", 1, at - 1)).isZero();
    assertThat(pixelsWithin("calls-chart", 1, at)).isPositive();
    assertThat(pixelsWithin("calls-chart", 1, at + 1)).isZero();
    assertThat(pixelsWithin("failures-chart", 1, at - 1)).isZero();
    assertThat(pixelsWithin("failures-chart", 1, at)).isPositive();
    assertThat(pixelsWithin("failures-chart", 1, at + 1)).isZero();
  }

  @Test
  void anAlert_isMarkedWhereItBegan_andCanBeReadByTheKeyboard() {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      events.add(failure("e-" + i, NOW.minus(Duration.ofHours(2)), "m"));
    }
    events.add(event("last", NOW.minusSeconds(60), 120, 0));
    post(events);
    open("?range=24h");

    WebElement chart = one("#calls-chart");
    chart.sendKeys(Keys.END, Keys.ARROW_LEFT, Keys.ARROW_LEFT);
    Waiting.until(
        "it is said",
        LIMIT,
        () ->
            requireNonNull(one("#calls-chart [aria-live]").getDomProperty("textContent"))
                .contains("error rate over 1%"));
    chart.sendKeys(Keys.ARROW_RIGHT);
    assertThat(one("#calls-chart [aria-live]").getDomProperty("textContent"))
        .doesNotContain("error rate over 1%");
  }

  @Test
  void wrongClock_isReported_ofTheComputerAndOfASender() {
    post(List.of(event("e-1", NOW.minusSeconds(60), 120, 0)));
    open("?range=24h");
    assertThat(one("#clock-hint").isDisplayed()).isFalse();
    Waiting.until("it is live", LIMIT, () -> text("#connection-state").equals("Live"));

    for (int i = 0; text("#clock-hint").isEmpty() && i < 20; i++) {
      int stray = i;
      post(List.of(event("ahead-" + i, NOW.plus(Duration.ofMinutes(10)), 120, 0)));
      String seen = "return performance.getEntriesByName(location.origin + '%s').length;";
      String asked = seen.formatted("/telemetry?action=overview&range=24h&org_id=" + org);
      Object before = requireNonNull(ask(asked));
      Waiting.until("it has asked, " + stray, LIMIT, () -> !before.equals(ask(asked)));
    }
    Waiting.until("it is said", LIMIT, () -> text("#clock-hint").contains("clocks of the senders"));
    post(List.of(event("right", NOW.minusSeconds(1), 120, 0)));
    Waiting.until("it is taken back", LIMIT, () -> !one("#clock-hint").isDisplayed());

    server.clock().set(NOW.plus(Duration.ofMinutes(5)));
    open("?range=24h");
    assertThat(text("#clock-hint"))
        .startsWith("This computer's clock is 5 min behind the server's");
    assertThat(text("#connection-detail")).isEqualTo("last event 5 min ago");
  }

  @Test
  void nothingMoves_withReducedMotion() {
    post(List.of(event("e-1", NOW.minusSeconds(60), 120, 0)));
    open("?range=1h");
    Waiting.until("it is live", LIMIT, () -> text("#connection-state").equals("Live"));
    assertThat(ask("return document.getAnimations().length;")).isEqualTo(0L);

    browser.command(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-reduced-motion", "value", "no-preference"))));
    Waiting.until(
        "elsewhere the dot pulses",
        LIMIT,
        () -> !Long.valueOf(0).equals(ask("return document.getAnimations().length;")));
  }

  @Test
  void page_canBeExported_andNamesTheVersion() {
    post(List.of(event("e-1", NOW.minusSeconds(60), 120, 0.001)));
    open("?range=1h&model_id=m");

    String csv = requireNonNull(one("#export-csv").getDomProperty("href"));
    assertThat(csv).contains("/events.csv?from=2026-03-10T17%3A40%3A00.000Z", "model_id=m");
    assertThat(Http.get(URI.create(csv)).body()).contains("e-1");
    assertThat(text(".foot")).startsWith("PediScreen Telemetry").contains("API docs", "Copy link");
    assertThat(text(".foot")).doesNotContain("{{");
  }

  @Test
  void page_isSmall_andPaintedFast() {
    post(List.of(event("e-1", NOW.minusSeconds(60), 120, 0.001)));
    open("");

    Object bytes =
        requireNonNull(
            ask(
                """
                return [...performance.getEntriesByType('resource'),
                    ...performance.getEntriesByType('navigation')]
                  .filter((one) => !one.name.includes('/telemetry') && !one.name.includes('/drift'))
                  .reduce((sum, one) => sum + one.transferSize, 0);
                """));
    assertThat(((Number) bytes).longValue()).isBetween(10_000L, 150_000L);

    browser.driver().navigate().refresh();
    Waiting.until("it is painted", LIMIT, () -> ask(FIRST_PAINT) != null);
    Object millis = requireNonNull(ask(FIRST_PAINT));
    System.out.printf("first paint of a warm page: %s ms, %s bytes%n", millis, bytes);
    // Under a second where nothing else runs; a machine that tests is no measure.
    assertThat(((Number) millis).doubleValue()).isBetween(1.0, 10_000.0);
  }

  @Test
  void keys_areCreatedShownOnceAndRevoked_onThePage() {
    post(List.of(event("e-1", NOW.minusSeconds(60), 120, 0.001)));
    open("");

    one("#keys-button").click();
    one("#keys-org").sendKeys("clinic-7");
    one("#keys-form .primary").click();
    Waiting.until("it is shown", LIMIT, () -> one("#keys-made").isDisplayed());
    String key = text("#keys-secret");
    assertThat(key).startsWith("pst_");
    assertThat(text("#keys-list")).contains("clinic-7", "read", "valid until").doesNotContain(key);

    one("#keys-list button").click();
    assertThat(text("#keys-list button")).isEqualTo("Revoke permanently?");
    one("#keys-list button").click();
    Waiting.until("it is revoked", LIMIT, () -> text("#keys-list").contains("revoked"));
    one("#keys-close").click();
    one("#keys-button").click();
    assertThat(one("#keys-made").isDisplayed()).as("shown once").isFalse();
  }

  private void post(List<String> events) {
    assertThat(
            Http.postJson(server.uri().resolve("/events"), "[" + String.join(",", events) + "]")
                .statusCode())
        .isEqualTo(202);
  }

  private void open(String query) {
    browser.driver().get(server.uri() + "/?org_id=" + org + query.replace('?', '&'));
    Waiting.until(
        "the page is filled",
        LIMIT,
        () ->
            "ready".equals(one("body").getDomAttribute("data-state"))
                && all("#org option").size() > 1);
  }

  private String event(String id, Instant at, int latency, double cost) {
    return ("{\"event_id\":\"%s\",\"timestamp\":\"%s\",\"org_id\":\"%s\",\"cost_estimate_usd\":%s,"
            + "\"model\":{\"model_id\":\"m\"},\"response\":{\"latency_ms\":%d,\"status_code\":200}}")
        .formatted(id, at, org, cost, latency);
  }

  private String failure(String id, String model) {
    return failure(id, NOW.minusSeconds(60), model);
  }

  private String failure(String id, Instant at, String model) {
    return ("{\"event_id\":\"%s\",\"timestamp\":\"%s\",\"org_id\":\"%s\",\"model\":{\"model_id\":\"%s\"},"
            + "\"response\":{\"status_code\":500,\"error_code\":\"BROKEN\"}}")
        .formatted(id, at, org, model);
  }

  /** The values of a series, as the chart has them. */
  private static List<?> data(String chart, int series) {
    return (List<?>) requireNonNull(ask("return chartIn('%s').data[%d];".formatted(chart, series)));
  }

  /** How many pixels have the series' colour, around one of its positions. */
  private static long pixels(String chart, int series, int position) {
    return pixels(chart, series, position, 0);
  }

  /** The same in the middle of the step that begins there. */
  private static long pixelsWithin(String chart, int series, int position) {
    return pixels(chart, series, position, 0.5);
  }

  private static long pixels(String chart, int series, int position, double steps) {
    return (Long)
        requireNonNull(
            ask(
                """
                const u = chartIn('%s');
                const probe = document.createElement('canvas').getContext('2d');
                probe.fillStyle = u.series[%d].stroke();
                probe.fillRect(0, 0, 1, 1);
                const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
                const [from, to] = [u.data[0][%d], u.data[0][%d]];
                const x = Math.round(u.valToPos(from + (to - from) * %s, 'x', true)) - 3;
                // Without the line along the axis.
                const seen = u.ctx.getImageData(x, u.bbox.top, 7, u.bbox.height - 6).data;
                let count = 0;
                for (let i = 0; i < seen.length; i += 4) {
                  const off = Math.abs(seen[i] - r) + Math.abs(seen[i + 1] - g) + Math.abs(seen[i + 2] - b);
                  count += off < 30 && seen[i + 3] > 100 ? 1 : 0;
                }
                return count;
                """
                    .formatted(chart, series, position, position + 1, steps)));
  }

  private static @Nullable Object ask(String script) {
    return browser.run(script);
  }

  private static WebElement one(String selector) {
    return browser.driver().findElement(By.cssSelector(selector));
  }

  private static List<WebElement> all(String selector) {
    return browser.driver().findElements(By.cssSelector(selector));
  }

  private static String text(String selector) {
    return one(selector).getText();
  }
}

package ai.pediscreen.telemetry.server;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A headless Chromium of this machine. Where it is missing on Debian or Ubuntu it is installed, if
 * this user may do that; elsewhere a message says what to install.
 */
final class Browser implements AutoCloseable {

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");
  private static final List<String> PACKAGES =
      List.of("chromium", "chromium-driver", "fonts-inter");
  private static final int INSTALL_MINUTES = 8;

  /** Held here, since a logger that nobody holds forgets its level. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /**
   * Starts one with nothing in it.
   *
   * @param profile an empty directory
   */
  static Browser start(Path profile) {
    Path chrome;
    Path chromedriver;
    try (BuildLock lock = new BuildLock(BuildLock.PACKAGES)) {
      lock.take();
      if (findChrome() == null || findDriver() == null) {
        install();
      }
      chrome = findChrome();
      chromedriver = findDriver();
    }
    if (chrome == null || chromedriver == null) {
      throw new IllegalStateException(
          "These tests need Chromium or Chrome, and a chromedriver of the same version. On Debian:"
              + " apt-get install "
              + String.join(" ", PACKAGES)
              + ". Elsewhere put both on the PATH, or name them in CHROME_BIN and"
              + " CHROMEDRIVER_BIN.");
    }
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chrome.toFile());
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--force-color-profile=srgb",
        "--lang=en",
        "--user-data-dir=" + profile);
    // It warns of each version of Chromium that is newer than itself.
    SELENIUM.setLevel(Level.SEVERE);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    return new Browser(
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.toFile())
                .usingAnyFreePort()
                .build(),
            options));
  }

  ChromeDriver driver() {
    return driver;
  }

  /** Evaluates the body of a function. */
  @Nullable Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** A screen of that size in CSS pixels. */
  void resize(int width, int height) {
    command(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** What the system prefers, {@code light} or {@code dark}. */
  void prefer(String scheme) {
    command(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", scheme),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  /** The whole page as a PNG, as high as it is. */
  byte[] screenshot(int width) {
    long height =
        ((Number) Objects.requireNonNull(run("return document.documentElement.scrollHeight;")))
            .longValue();
    resize(width, (int) height);
    Object png =
        command("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true))
            .get("data");
    return Base64.getDecoder().decode((String) Objects.requireNonNull(png));
  }

  Map<String, Object> command(String name, Map<String, Object> parameters) {
    return driver.executeCdpCommand(name, parameters);
  }

  /** What the console has said since it was asked last: refusals by the security policy too. */
  List<LogEntry> console() {
    return driver.manage().logs().get(LogType.BROWSER).getAll();
  }

  @Override
  public void close() {
    driver.quit();
  }

  private static @Nullable Path findChrome() {
    return find(System.getenv("CHROME_BIN"), NAMES);
  }

  private static @Nullable Path findDriver() {
    return find(System.getenv("CHROMEDRIVER_BIN"), List.of("chromedriver"));
  }

  private static @Nullable Path find(@Nullable String named, List<String> names) {
    if (named != null && Files.isExecutable(Path.of(named))) {
      return Path.of(named);
    }
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .flatMap(directory -> names.stream().map(name -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  /** Tries to, and leaves it to the caller to see whether it worked. */
  private static void install() {
    if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")
        || !Files.isExecutable(Path.of("/usr/bin/apt-get"))) {
      return;
    }
    List<String> sudo =
        "root".equals(System.getProperty("user.name")) ? List.of() : List.of("sudo", "-n");
    if (succeeds(sudo, List.of("apt-get", "-qq", "update"))) {
      List<String> install =
          new ArrayList<>(List.of("apt-get", "-qq", "install", "-y", "--no-install-recommends"));
      install.addAll(PACKAGES);
      succeeds(sudo, install);
    }
  }

  private static boolean succeeds(List<String> prefix, List<String> command) {
    List<String> words = new ArrayList<>(prefix);
    words.addAll(command);
    try {
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(Path.of("target", "browser-install.log").toFile());
      builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
      Process process = builder.start();
      return process.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES) && process.exitValue() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.pediscreen.telemetry.server.cli.Banner;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.config.Setting;
import ai.pediscreen.telemetry.server.config.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kind of warehouse is known by being on the class path. */
class AnotherWarehouseTest {

  private static final Map<String, String> SHELF =
      Map.of("ENABLE_SHELF", "true", "SHELF_ROOM", "7", "SHELF_KEY", "k-secret");

  private @TempDir Path directory;

  @Test
  void itsSettings_areListedWithAllOthers() throws IOException {
    Shelf.onClassPath(
        directory,
        () -> {
          assertThat(Settings.all())
              .extracting(Setting::name)
              .containsSubsequence(
                  "ENABLE_BIGQUERY",
                  "BIGQUERY_PROJECT",
                  "ENABLE_SHELF",
                  "SHELF_ROOM",
                  "SHELF_KEY",
                  "QUERY_ENGINE");
          assertThat(help())
              .contains("SHELF_ROOM (unset): the room where it stands", "true: export to Shelf")
              .contains("usage queries are answered by Shelf");
        });
    assertThat(help()).doesNotContain("SHELF");
  }

  @Test
  void itsSettings_areReadAndTold_andSecretsAreNot() throws IOException {
    Shelf.onClassPath(
        directory,
        () -> {
          ServerConfig config = ServerConfig.of(SHELF);
          assertThat(Banner.lines(config, 8000, 8000, "here"))
              .contains("  Export   to Shelf, room 7");
          assertThat(config.reporting().settings())
              .containsEntry("SHELF_ROOM", "7")
              .containsEntry("SHELF_KEY", "set");
        });
  }

  @Test
  void everyFault_isToldWithAllOthers() throws IOException {
    Shelf.onClassPath(
        directory,
        () -> {
          assertThatThrownBy(() -> ServerConfig.of(Map.of("SHELF_ROOM", "7", "PORT", "x")))
              .hasMessageContaining("PORT must be")
              .hasMessageContaining("- SHELF_KEY must be set\n  - SHELF_ROOM is locked");
          assertThatThrownBy(() -> ServerConfig.of(Map.of("ENABLE_SHELF", "true")))
              .hasMessageContaining("SHELF_ROOM must be set when ENABLE_SHELF is");
          assertThatThrownBy(() -> ServerConfig.of(Map.of("QUERY_ENGINE", "shelf")))
              .hasMessageContaining("QUERY_ENGINE=shelf needs ENABLE_SHELF=true and SHELF_ROOM");
          assertThatThrownBy(() -> ServerConfig.of(Map.of("QUERY_ENGINE", "none")))
              .hasMessageContaining("QUERY_ENGINE must be one of postgres, bigquery, shelf");
          assertThatThrownBy(
                  () ->
                      ServerConfig.of(
                          Map.of("BIGQUERY_PROJECT", "p", "SHELF_ROOM", "7", "SHELF_KEY", "k")))
              .hasMessageContaining("set one of BIGQUERY_PROJECT or SHELF_ROOM");
        });
  }

  @Test
  void itsCommand_isThere() throws IOException {
    Shelf.onClassPath(
        directory,
        () -> {
          StringWriter err = new StringWriter();
          assertThat(Main.commandLine().setErr(new PrintWriter(err)).execute("shelf")).isEqualTo(2);
          assertThat(err.toString()).contains("say what to do there: init");
        });
    assertThat(Main.commandLine().getSubcommands()).doesNotContainKey("shelf");
  }

  private static String help() {
    StringWriter out = new StringWriter();
    assertThat(Main.commandLine().setOut(new PrintWriter(out)).execute("serve", "--help")).isZero();
    return out.toString();
  }
}

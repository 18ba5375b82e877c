package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.assertj.core.data.Percentage;

/**
 * Pictures of the page: all in {@code target/screenshots}, and some in {@code docs}, which {@code
 * -Dtelemetry.pictures=docs} takes anew.
 */
final class Pictures {

  private static final Path MADE = Path.of("target", "screenshots");
  private static final Path DOCS = Path.of("..", "docs");

  /** Which of them are in docs, and what they are called there. */
  private static final Map<String, String> SHOWN =
      Map.of(
          "dashboard-1440-light.png", "dashboard.png",
          "dashboard-1440-dark.png", "dashboard-dark.png",
          "dashboard-390-light.png", "dashboard-phone.png",
          "model-1440-light.png", "dashboard-model.png");

  /** Fonts differ from machine to machine; a panel that came or went is more. */
  private static final Percentage ALIKE = Percentage.withPercentage(15);

  private Pictures() {}

  /** Keeps a picture, and fails if the one in docs is of another page. */
  static void keep(String page, int width, String scheme, byte[] png) throws IOException {
    String name = page + "-" + width + "-" + scheme + ".png";
    Files.write(Files.createDirectories(MADE).resolve(name), png);
    String shown = SHOWN.get(name);
    if (shown == null) {
      return;
    }
    if ("docs".equals(System.getProperty("telemetry.pictures"))) {
      Files.write(DOCS.resolve(shown), png);
    }
    BufferedImage now = ImageIO.read(new ByteArrayInputStream(png));
    BufferedImage before = ImageIO.read(DOCS.resolve(shown).toFile());
    assertThat(before.getWidth()).as(shown).isEqualTo(now.getWidth());
    assertThat(before.getHeight())
        .as("height of docs/%s: take it anew, see CONTRIBUTING.md", shown)
        .isCloseTo(now.getHeight(), ALIKE);
  }
}

package ai.pediscreen.telemetry.server.embedded.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostmasterFileTest {
  @TempDir Path directory;

  @Test
  void completeFile_isRead() throws Exception {
    assertThat(read("4870\n/data\n1795463097\n25111\n\n127.0.0.1\n  2146308        16\nready   \n"))
        .isEqualTo(new PostmasterFile(4870, Instant.parse("2026-11-23T19:44:57Z"), 25111, true));
  }

  @Test
  void startingServer_isNotReady() throws Exception {
    assertThat(
            read("4870\n/data\n1795463097\n25111\n\n127.0.0.1\n  2146308   16\nstarting\n").ready())
        .isFalse();
    assertThat(read("4870\n/data\n1795463097\n25111\n").ready()).isFalse();
  }

  @Test
  void missingOrHalfWrittenFile_isEmpty() throws Exception {
    Path file = directory.resolve("postmaster.pid");
    assertThat(PostmasterFile.read(file)).isEmpty();
    for (String half : new String[] {"", "48", "4870\n/data\n", "x\n/data\n1795463097\n"}) {
      Files.writeString(file, half);
      assertThat(PostmasterFile.read(file)).as("'%s'", half).isEmpty();
    }
  }

  private PostmasterFile read(String text) throws Exception {
    return PostmasterFile.read(Files.writeString(directory.resolve("postmaster.pid"), text))
        .orElseThrow();
  }
}

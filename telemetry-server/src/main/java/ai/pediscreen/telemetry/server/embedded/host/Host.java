package ai.pediscreen.telemetry.server.embedded.host;

import com.sun.security.auth.module.UnixSystem;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What the machine offers to keep PostgreSQL apart from this process.
 *
 * @param windows no POSIX users, no signals
 * @param root this process is root, as which PostgreSQL refuses to run
 * @param mountNamespaces {@code unshare --mount} works: root can start a process that sees other
 *     directories than everybody else
 * @param sessions {@code setsid} exists: a child can be started out of reach of a terminal's Ctrl-C
 */
public record Host(boolean windows, boolean root, boolean mountNamespaces, boolean sessions) {

  public static Host detect() throws IOException, InterruptedException {
    if (osName().contains("windows")) {
      return new Host(true, false, false, false);
    }
    boolean root = new UnixSystem().getUid() == 0;
    return new Host(false, root, root && mountWorks(), onPath("setsid"));
  }

  /** As the archives of the PostgreSQL binaries name the operating system. */
  public static String osFamily() {
    String os = osName();
    if (os.contains("windows")) {
      return "windows";
    }
    return os.contains("mac") ? "darwin" : "linux";
  }

  /** As the archives of the PostgreSQL binaries name the processor. */
  public static String architecture() {
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return switch (arch) {
      case "amd64", "x86_64" -> "x86_64";
      case "aarch64", "arm64" -> "arm_64";
      default -> arch;
    };
  }

  private static String osName() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT);
  }

  private static boolean mountWorks() throws IOException, InterruptedException {
    return onPath("unshare")
        && Command.of(List.of("unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/tmp"))
            .run()
            .succeeded();
  }

  private static boolean onPath(String program) {
    for (String directory :
        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return false;
  }
}

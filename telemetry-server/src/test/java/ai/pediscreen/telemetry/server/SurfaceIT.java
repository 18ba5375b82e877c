package ai.pediscreen.telemetry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What others on this machine, and on others, can reach of a packaged server with its database. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SurfaceIT {

  private static final String OTHER_USER = "12345";
  private static final String NAMESPACE = "telemetry-surface";
  private static final String HERE = "10.213.77.1";
  private static final String THERE = "10.213.77.2";

  /** A line of {@code /proc/net/tcp}: local address and port, state 0A for listening, inode. */
  private static final Pattern LISTENING =
      Pattern.compile("^ *\\d+: ([0-9A-F]+):([0-9A-F]{4}) \\S+ 0A (?:\\S+ +){5}(\\d+).*");

  /** In {@code /proc/net/unix}: with flags 00010000 it listens. */
  private static final Pattern LISTENING_HERE =
      Pattern.compile("^\\S+ \\S+ \\S+ 00010000 \\S+ \\S+ +(\\d+).*");

  private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");

  @TempDir private Path directory;

  private final int port = ServerProcess.freePort();
  private final int metricsPort = ServerProcess.freePort();
  private ServerProcess server;
  private int databasePort;

  @BeforeEach
  void start() {
    server =
        ServerProcess.start(directory, Map.of("METRICS_PORT", Integer.toString(metricsPort)), port);
    URI database =
        URI.create(
            EmbeddedPostgres.runningIn(data()).orElseThrow().jdbcUrl().substring("jdbc:".length()));
    databasePort = database.getPort();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void onlyThePortsInTheReadme_listen_andOnlyOnLoopback() throws Exception {
    Set<String> inodes = new TreeSet<>();
    ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
    for (ProcessHandle one : Stream.concat(Stream.of(process), process.descendants()).toList()) {
      inodes.addAll(sockets(one.pid()));
    }
    assertThat(listening("tcp", LISTENING, 3, inodes))
        .extracting(line -> line.replaceFirst(LISTENING.pattern(), "$1:$2"))
        .containsOnly(loopback(databasePort));
    assertThat(listening("tcp6", LISTENING, 3, inodes))
        .extracting(line -> line.replaceFirst(LISTENING.pattern(), "$1:$2"))
        .containsExactlyInAnyOrder(
            "0000000000000000FFFF0000" + loopback(port),
            "0000000000000000FFFF0000" + loopback(metricsPort));
    assertThat(listening("unix", LISTENING_HERE, 1, inodes)).isEmpty();
    for (String protocol : List.of("udp", "udp6", "raw", "raw6")) {
      assertThat(lines(protocol).filter(line -> inodes.contains(field(line, 9))))
          .as(protocol)
          .isEmpty();
    }
  }

  @Test
  void anotherUser_canReadNeitherTheDataNorThePassword() throws Exception {
    String url = "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(databasePort);
    for (String user : List.of("telemetry", "telemetry_server", "postgres")) {
      assertThatThrownBy(() -> DriverManager.getConnection(url, user, "guessed").close())
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isIn("28P01", "28000"));
    }
    assumeTrue(isRoot(), "only root becomes another user");
    // What a directory of tests keeps out is not to be seen as the server's doing.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(asOther("test", "-x", directory.toString())).isZero();
    for (String path : List.of("postgres", "postgres/password", "postgres/data/PG_VERSION")) {
      assertThat(asOther("cat", data().resolve(path).toString())).as(path).isNotZero();
      assertThat(asOther("ls", data().resolve(path).toString())).as(path).isNotZero();
    }
    assertThat(asOther("touch", data().resolve("mine").toString())).isNotZero();
  }

  @Test
  void anotherMachine_cannotConnect() throws Exception {
    assumeTrue(isRoot() && hasNamespace(), "no network of its own can be made here");
    try (ServerSocket open = new ServerSocket()) {
      open.bind(new InetSocketAddress(HERE, 0));
      assertThat(reaches(open.getLocalPort())).as("what listens there is reached").isTrue();
      for (int closed : List.of(port, metricsPort, databasePort)) {
        assertThat(reaches(closed)).as("port %d", closed).isFalse();
      }
    } finally {
      run("ip", "netns", "delete", NAMESPACE);
    }
  }

  private Path data() {
    return directory.resolve("telemetry-data");
  }

  /** As the kernel writes it, in the order of this machine's bytes. */
  private static String loopback(int port) {
    return "0100007F:%04X".formatted(port);
  }

  private static Set<String> sockets(long pid) throws IOException {
    Set<String> inodes = new TreeSet<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      for (Path descriptor : descriptors.toList()) {
        try {
          Matcher socket = SOCKET.matcher(Files.readSymbolicLink(descriptor).toString());
          if (socket.matches()) {
            inodes.add(socket.group(1));
          }
        } catch (NoSuchFileException e) {
          // Closed meanwhile.
        }
      }
    } catch (NoSuchFileException e) {
      // A backend that has ended meanwhile.
    }
    return inodes;
  }

  private static List<String> listening(
      String protocol, Pattern pattern, int group, Set<String> inodes) throws IOException {
    return lines(protocol)
        .filter(
            line -> {
              Matcher matcher = pattern.matcher(line);
              return matcher.matches() && inodes.contains(matcher.group(group));
            })
        .toList();
  }

  private static Stream<String> lines(String protocol) throws IOException {
    Path file = Path.of("/proc/net", protocol);
    return Files.exists(file)
        ? Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
        : Stream.of();
  }

  private static String field(String line, int number) {
    String[] fields = line.strip().split(" +", -1);
    return fields.length > number ? fields[number] : "";
  }

  private static boolean isRoot() throws Exception {
    return run("test", "-w", "/proc/1/oom_score_adj") == 0;
  }

  private static int asOther(String... command) throws Exception {
    return run(
        Stream.concat(
                Stream.of(
                    "setpriv", "--reuid=" + OTHER_USER, "--regid=" + OTHER_USER, "--clear-groups"),
                Stream.of(command))
            .toArray(String[]::new));
  }

  /** A network with another machine in it, which is this one seen from outside. */
  private static boolean hasNamespace() throws Exception {
    run("ip", "netns", "delete", NAMESPACE);
    return Stream.of(
            "ip netns add " + NAMESPACE,
            "ip link add tlm-here type veth peer name tlm-there netns " + NAMESPACE,
            "ip address add %s/30 dev tlm-here".formatted(HERE),
            "ip link set tlm-here up",
            "ip -n %s address add %s/30 dev tlm-there".formatted(NAMESPACE, THERE),
            "ip -n %s link set tlm-there up".formatted(NAMESPACE))
        .allMatch(command -> succeeds(command.split(" ")));
  }

  private static boolean reaches(int port) throws Exception {
    return run(
            "ip",
            "netns",
            "exec",
            NAMESPACE,
            "timeout",
            "5",
            "bash",
            "-c",
            "exec 3<>/dev/tcp/%s/%d".formatted(HERE, port))
        == 0;
  }

  private static boolean succeeds(String... command) {
    try {
      return run(command) == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}

package ai.pediscreen.telemetry.server.embedded;

import ai.pediscreen.telemetry.server.embedded.host.Command;
import ai.pediscreen.telemetry.server.embedded.host.Host;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * As whom PostgreSQL runs. An ordinary user starts it as himself. Root, as whom it refuses to run,
 * starts it as an account without rights or, if the data already have an owner, as that owner.
 * Where such an account cannot enter the directory, say below {@code /root}, PostgreSQL sees an
 * empty directory in place of the closed one, with nothing in it but what is PostgreSQL's.
 *
 * @param prefix words to put before a command of PostgreSQL
 * @param owner who has to own the files of PostgreSQL, when that is not this process's user
 */
record Account(List<String> prefix, Optional<UserPrincipal> owner) {
  private static final Logger LOG = LoggerFactory.getLogger(Account.class);

  /** Not that of another PostgreSQL first, whose files it may read. */
  private static final List<String> WITHOUT_RIGHTS = List.of("nobody", "postgres");

  /**
   * In a mount namespace of its own: covers directories, and puts back only two that lie below
   * them. Arguments are these two, the directories to cover, {@code --}, and a command.
   */
  private static final String COVER =
      """
      set -e
      umask 022
      data=$1 binaries=$2
      shift 2
      data_aside=$(mktemp -d)
      binaries_aside=$(mktemp -d)
      mount --bind "$data" "$data_aside"
      mount --bind "$binaries" "$binaries_aside"
      while [ "$1" != -- ]; do
        mount -t tmpfs -o mode=755,size=1m tmpfs "$1"
        shift
      done
      shift
      mkdir -p "$data"
      mount --move "$data_aside" "$data"
      mkdir -p "$binaries"
      mount --move "$binaries_aside" "$binaries"
      rmdir "$data_aside" "$binaries_aside"
      exec "$@"
      """;

  Account {
    prefix = List.copyOf(prefix);
  }

  /**
   * Chooses the account for a cluster.
   *
   * @param directory where the cluster is or will be
   * @param binaries where the programs are, an absolute path
   * @throws EmbeddedPostgresException when no account can work with these files
   */
  static Account of(Host host, Path directory, Path binaries)
      throws IOException, InterruptedException {
    Path cluster = Cluster.homeIn(directory);
    UserPrincipal me = me();
    if (!host.windows() && Files.exists(cluster) && !Files.getOwner(cluster).equals(me)) {
      UserPrincipal owner = Files.getOwner(cluster);
      if (!host.root()) {
        throw new EmbeddedPostgresException(
            cluster + " belongs to " + owner.getName() + ": start the server as that user.");
      }
      return reaching(host, owner, directory, binaries)
          .orElseThrow(() -> noneReaches(directory, "account '" + owner.getName() + "'"));
    }
    if (!host.root()) {
      return new Account(List.of(), Optional.empty());
    }
    for (String name : WITHOUT_RIGHTS) {
      Optional<UserPrincipal> found = lookUp(name);
      if (found.isPresent()) {
        Optional<Account> account = reaching(host, found.get(), directory, binaries);
        if (account.isPresent()) {
          return account.get();
        }
      }
    }
    throw noneReaches(directory, "account 'nobody' or 'postgres'");
  }

  private static EmbeddedPostgresException noneReaches(Path directory, String account) {
    return new EmbeddedPostgresException(
        "PostgreSQL refuses to run as root, and this system has no "
            + account
            + " that can enter "
            + directory.resolveSibling("")
            + ". Start the server as an ordinary user, set DATA_DIR to a place such as"
            + " /var/lib/pedi-telemetry, or set DATABASE_URL.");
  }

  /** An account that can enter both directories, by its rights or because others are covered. */
  private static Optional<Account> reaching(
      Host host, UserPrincipal owner, Path directory, Path binaries)
      throws IOException, InterruptedException {
    Account plain = as(owner);
    if (plain.reaches(directory, binaries)) {
      return Optional.of(plain);
    }
    if (!host.mountNamespaces()) {
      return Optional.empty();
    }
    Set<String> closed = new LinkedHashSet<>();
    plain.closedAbove(directory).ifPresent(closed::add);
    plain.closedAbove(binaries).ifPresent(closed::add);
    List<String> words = new ArrayList<>();
    words.addAll(List.of("unshare", "--mount", "sh", "-c", COVER, "sh"));
    words.addAll(List.of(directory.toString(), binaries.toString()));
    words.addAll(closed);
    words.add("--");
    words.addAll(plain.prefix);
    Account covered = new Account(words, plain.owner);
    return covered.reaches(directory, binaries) ? Optional.of(covered) : Optional.empty();
  }

  private boolean reaches(Path directory, Path binaries) throws InterruptedException {
    return mayEnter(directory.resolveSibling("")) && mayEnter(binaries.resolveSibling(""));
  }

  /** The first directory on the way to another that this account may not enter. */
  private Optional<String> closedAbove(Path directory) throws InterruptedException {
    Path root = directory.getRoot();
    for (int names = 1; names < directory.getNameCount(); names++) {
      Path above = root.resolve(directory.subpath(0, names));
      if (!mayEnter(above)) {
        return Optional.of(above.toString());
      }
    }
    return Optional.empty();
  }

  private static Account as(UserPrincipal owner) throws IOException, InterruptedException {
    return new Account(
        List.of(
            "setpriv",
            "--reuid=" + id("-u", owner.getName()),
            "--regid=" + id("-g", owner.getName()),
            "--clear-groups"),
        Optional.of(owner));
  }

  private static String id(String which, String name) throws IOException, InterruptedException {
    Command.Result id = Command.of(List.of("id", which, name)).run();
    if (!id.succeeded()) {
      throw new EmbeddedPostgresException("No such user: " + name + " (" + id.output() + ")");
    }
    return id.output();
  }

  private static UserPrincipal me() throws IOException {
    Path probe = Files.createTempFile("telemetry", ".owner");
    try {
      return Files.getOwner(probe);
    } finally {
      Files.delete(probe);
    }
  }

  private static Optional<UserPrincipal> lookUp(String name) throws IOException {
    try {
      return Optional.of(
          FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name));
    } catch (UserPrincipalNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Puts this account's words before a command of PostgreSQL. */
  List<String> command(List<String> words) {
    return Stream.concat(prefix.stream(), words.stream()).toList();
  }

  /** Whether it can be become at all, and then get through to what is in a directory. */
  private boolean mayEnter(Path directory) throws InterruptedException {
    try {
      return Command.of(command(List.of("test", "-x", directory.toString()))).run().succeeded();
    } catch (IOException e) {
      LOG.debug("cannot become {}", owner, e);
      return false;
    }
  }

  /** Lets the account through a directory of this process's. */
  void open(Path directory) throws IOException {
    if (owner.isEmpty()) {
      return;
    }
    Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(directory));
    if (permissions.add(PosixFilePermission.OTHERS_EXECUTE)) {
      Files.setPosixFilePermissions(directory, permissions);
    }
  }

  /** Hands a directory and all that is in it over to the account, and lets it reach it. */
  void handOver(Path directory) throws IOException {
    if (owner.isEmpty()) {
      return;
    }
    List<Path> files;
    try (Stream<Path> found = Files.walk(directory)) {
      files = new ArrayList<>(found.toList());
    }
    // The directory itself last: it tells whose all of it is.
    Collections.reverse(files);
    for (Path file : files) {
      Files.setAttribute(file, "posix:owner", owner.get(), LinkOption.NOFOLLOW_LINKS);
    }
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      open(parent);
    }
  }

  /** Hands a cluster over that a server of this process's user has made. */
  void adopt(Path cluster) throws IOException {
    if (owner.isPresent() && !Files.getOwner(cluster).equals(owner.get())) {
      LOG.info("{} now belongs to {}, as whom PostgreSQL runs", cluster, owner.get().getName());
      handOver(cluster);
    }
  }
}

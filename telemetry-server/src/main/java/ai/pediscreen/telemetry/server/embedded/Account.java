package ai.pediscreen.telemetry.server.embedded;

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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * As whom PostgreSQL runs. An ordinary user starts it as himself. Root, as whom it refuses to run,
 * starts it as an account without rights; if the data already belong to somebody, as that somebody.
 * Where no such account can enter the directory, say below {@code /root}, it runs in a user
 * namespace, where it has root's rights on files still.
 *
 * @param prefix words to put before a command of PostgreSQL
 * @param owner who has to own the files of PostgreSQL, when that is not this process's user
 */
record Account(List<String> prefix, Optional<UserPrincipal> owner) {
  private static final Logger LOG = LoggerFactory.getLogger(Account.class);

  /** Not that of another PostgreSQL first, whose files it may read. */
  private static final List<String> WITHOUT_RIGHTS = List.of("nobody", "postgres");

  Account {
    prefix = List.copyOf(prefix);
  }

  /**
   * Chooses the account for a cluster.
   *
   * @param directory where the cluster is or will be
   * @param binaries where the programs are
   * @throws EmbeddedPostgresException when no account can work with these files
   */
  static Account of(Host host, Path directory, Path binaries)
      throws IOException, InterruptedException {
    Path cluster = Cluster.homeIn(directory);
    boolean exists = Files.exists(cluster);
    if (host.windows()) {
      return new Account(List.of(), Optional.empty());
    }
    UserPrincipal me = me();
    if (exists && !Files.getOwner(cluster).equals(me)) {
      UserPrincipal owner = Files.getOwner(cluster);
      if (!host.root()) {
        throw new EmbeddedPostgresException(
            cluster + " belongs to " + owner.getName() + ": start the server as that user.");
      }
      return as(owner);
    }
    if (!host.root()) {
      return new Account(List.of(), Optional.empty());
    }
    for (String name : WITHOUT_RIGHTS) {
      Optional<UserPrincipal> found = lookUp(name);
      if (found.isPresent()) {
        Account account = as(found.get());
        if (account.mayEnter(directory.resolveSibling(""))
            && account.mayEnter(binaries.toAbsolutePath().resolveSibling(""))) {
          return account;
        }
      }
    }
    if (host.userNamespaces()) {
      LOG.warn(
          "Started as root, and no other account can enter {}: PostgreSQL keeps root's rights on"
              + " files. Set DATA_DIR to a place such as /var/lib/pedi-telemetry, or start the"
              + " server as an ordinary user.",
          directory.resolveSibling(""));
      return new Account(List.of("unshare", "-U"), Optional.empty());
    }
    throw new EmbeddedPostgresException(
        "PostgreSQL refuses to run as root, and this system has neither user namespaces nor an"
            + " account 'nobody' or 'postgres' that can enter "
            + directory.resolveSibling("")
            + ". Start the server as an ordinary user, set DATA_DIR to a place such as"
            + " /var/lib/pedi-telemetry, or set DATABASE_URL.");
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

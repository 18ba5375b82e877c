package ai.pediscreen.telemetry.server.embedded;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * As whom PostgreSQL runs. An ordinary user starts it as himself. Root, as whom it refuses to run,
 * starts it in a user namespace of its own, where its files still are root's; where the system
 * allows none (most containers), as an account without rights; and if the data already belong to
 * somebody, as that somebody.
 *
 * @param prefix words to put before a command of PostgreSQL
 * @param owner who has to own the files of PostgreSQL, when that is not this process's user
 */
record Account(List<String> prefix, Optional<UserPrincipal> owner) {
  private static final Logger LOG = LoggerFactory.getLogger(Account.class);

  Account {
    prefix = List.copyOf(prefix);
  }

  /**
   * Chooses the account for a cluster.
   *
   * @param cluster its directory, which need not exist yet
   * @throws EmbeddedPostgresException when no account can work with these files
   */
  static Account of(Host host, Path cluster) throws IOException, InterruptedException {
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
    if (host.userNamespaces()) {
      return new Account(List.of("unshare", "-U"), Optional.empty());
    }
    if (exists) {
      throw new EmbeddedPostgresException(
          cluster
              + " belongs to root, PostgreSQL refuses to run as root, and this system allows no"
              + " user namespaces. Give the directory to an ordinary user and start the server as"
              + " that user, or set DATABASE_URL.");
    }
    for (String name : List.of("postgres", "nobody")) {
      Optional<UserPrincipal> account = lookUp(name);
      if (account.isPresent()) {
        LOG.warn(
            "Started as root on a system without user namespaces: PostgreSQL runs as {}."
                + " Better start the server as an ordinary user.",
            name);
        return as(account.get());
      }
    }
    throw new EmbeddedPostgresException(
        "PostgreSQL refuses to run as root, and this system has neither user namespaces nor an"
            + " account 'postgres' or 'nobody'. Start the server as an ordinary user, or set"
            + " DATABASE_URL.");
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

  /** Hands what this process has made so far over to the account, and lets it reach it. */
  void handOver(Path directory) throws IOException {
    if (owner.isEmpty()) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.toList()) {
        Files.setOwner(file, owner.get());
      }
    }
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(parent));
      if (permissions.add(PosixFilePermission.OTHERS_EXECUTE)) {
        Files.setPosixFilePermissions(parent, permissions);
      }
    }
  }
}

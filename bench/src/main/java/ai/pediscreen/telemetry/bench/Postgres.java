package ai.pediscreen.telemetry.bench;

import ai.pediscreen.telemetry.server.embedded.EmbeddedPostgres;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * The PostgreSQL of a run, and in it a database of its own, which goes when this is closed: the
 * embedded one in a directory, or another with {@code DATABASE_URL}.
 */
final class Postgres implements AutoCloseable {

  private final @Nullable EmbeddedPostgres embedded;
  private final String host;
  private final int port;
  private final String user;
  private final String password;
  private final String database;
  private final String added;
  private final long postmaster;

  private Postgres(@Nullable EmbeddedPostgres embedded, URI server, String user, String password) {
    this.embedded = embedded;
    this.host = server.getHost();
    this.port = server.getPort() < 0 ? 5432 : server.getPort();
    this.user = user;
    this.password = password;
    this.database = "telemetry_bench_" + ProcessHandle.current().pid();
    this.added = database + "_added";
    execute("postgres", "CREATE DATABASE " + database);
    this.postmaster = postmaster();
  }

  /** The server's own PostgreSQL, with its settings. */
  static Postgres embedded(Path directory) {
    EmbeddedPostgres embedded = EmbeddedPostgres.start(directory);
    URI server = URI.create(embedded.jdbcUrl().substring("jdbc:".length()));
    // Databases are made and dropped, and the server's role may not.
    EmbeddedPostgres.Access access = embedded.administrator();
    return new Postgres(embedded, server, access.username(), access.password());
  }

  /**
   * One that runs already.
   *
   * @param databaseUrl {@code postgresql://user:password@host:port/…} of a user who may make
   *     databases
   */
  static Postgres at(String databaseUrl) {
    URI server = URI.create(databaseUrl);
    String userInfo = server.getRawUserInfo();
    if (userInfo == null || !userInfo.contains(":")) {
      throw new IllegalArgumentException("DATABASE_URL must name a user and a password");
    }
    String[] parts = userInfo.split(":", 2);
    return new Postgres(null, server, decode(parts[0]), decode(parts[1]));
  }

  String host() {
    return host;
  }

  int port() {
    return port;
  }

  String user() {
    return user;
  }

  String password() {
    return password;
  }

  /** The name of the run's own database. */
  String database() {
    return database;
  }

  /** Its URL, as the server takes it. */
  String url() {
    return url(database);
  }

  /** The same for JDBC. */
  String jdbcUrl() {
    return jdbcUrl(database);
  }

  /** Makes another database, which goes with this one; returns its URL. */
  String addDatabase() {
    execute("postgres", "CREATE DATABASE " + added);
    return url(added);
  }

  private String url(String database) {
    return "postgresql://%s:%s@%s:%d/%s"
        .formatted(encode(user), encode(password), host, port, database);
  }

  private String jdbcUrl(String database) {
    return "jdbc:postgresql://%s:%d/%s".formatted(host, port, database);
  }

  /** Time of all its processes on the processors; NaN where that is not known. */
  double processorMillis() {
    return postmaster == 0 ? Double.NaN : ProcFiles.millisWithChildren(postmaster);
  }

  Connection connect() {
    return connect(database);
  }

  /** What a query answers in the first column of its first row, as text. */
  String ask(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      if (!rows.next()) {
        throw new IllegalStateException("no row: " + sql);
      }
      return String.valueOf(rows.getString(1));
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The server's table of events, with its schema. */
  String eventTable() {
    return ask(
            "SELECT quote_ident(table_schema) FROM information_schema.tables"
                + " WHERE table_name = 'event' AND table_type = 'BASE TABLE'")
        + ".event";
  }

  void execute(String sql) {
    execute(database, sql);
  }

  @Override
  public void close() {
    execute("postgres", "DROP DATABASE IF EXISTS " + added + " WITH (FORCE)");
    execute("postgres", "DROP DATABASE " + database + " WITH (FORCE)");
    if (embedded != null) {
      embedded.close();
    }
  }

  private long postmaster() {
    // The process that answers must still be there when it is looked at.
    try (Connection connection = connect()) {
      return ProcFiles.postmasterOf(connection.unwrap(PGConnection.class).getBackendPID());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void execute(String in, String sql) {
    try (Connection connection = connect(in);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private Connection connect(String name) {
    try {
      return DriverManager.getConnection(jdbcUrl(name), user, password);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot connect to " + host + ":" + port, e);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}

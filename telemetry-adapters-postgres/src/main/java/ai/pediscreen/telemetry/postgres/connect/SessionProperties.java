package ai.pediscreen.telemetry.postgres.connect;

import java.time.Duration;
import java.util.Properties;
import org.postgresql.PGProperty;

/** How sessions of each kind are reached and set up, with every wait bounded. */
public final class SessionProperties {

  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(4);
  public static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(5);

  /** A machine may be busy when a program starts or a fault is being looked for. */
  private static final Duration PATIENT_TIMEOUT = Duration.ofSeconds(8);

  /** A day of millions of events is read, or the lock of another server awaited. */
  private static final Duration DAY_STATEMENT_TIMEOUT = Duration.ofMinutes(5);

  public static final Duration DAY_SOCKET_TIMEOUT = DAY_STATEMENT_TIMEOUT.plusSeconds(10);

  /** Some hundred events are read, from partitions that may be cold. */
  public static final Duration EXPORT_STATEMENT_TIMEOUT = Duration.ofSeconds(30);

  /** A program that is stopped while it exports loses its lease to others after this. */
  private static final Duration EXPORT_IDLE_TIMEOUT = Duration.ofSeconds(60);

  /** A server that is stopped in the middle must not keep its locks. */
  public static final String SHORT_TIMEOUTS =
      "-c statement_timeout="
          + STATEMENT_TIMEOUT.toMillis()
          + " -c idle_in_transaction_session_timeout="
          + SOCKET_TIMEOUT.toMillis();

  /**
   * The one statement is planned once, and whatever the statistics say of a ledger that grows by
   * the second, it is to be looked up by its key.
   */
  public static final String ONE_PLAN =
      " -c plan_cache_mode=force_generic_plan -c jit=off -c enable_seqscan=off"
          + " -c enable_bitmapscan=off -c enable_hashjoin=off -c enable_mergejoin=off";

  public static final String EXPORT_OPTIONS =
      "-c statement_timeout="
          + EXPORT_STATEMENT_TIMEOUT.toMillis()
          + " -c idle_in_transaction_session_timeout="
          + EXPORT_IDLE_TIMEOUT.toMillis()
          + " -c idle_session_timeout="
          + EXPORT_IDLE_TIMEOUT.toMillis()
          + " -c plan_cache_mode=force_custom_plan -c jit=off";

  private SessionProperties() {}

  /** What pins the schema for a session, as an option of its start. */
  public static String searchPath(String schema) {
    return "-c search_path=\"%s\",pg_temp".formatted(schema);
  }

  /** Where to connect to; all that decides about the schema is in the properties. */
  public static String urlOf(ConnectionParameters parameters) {
    return PinnedUrl.of(parameters.jdbcUrl()).url();
  }

  /**
   * What JDBC needs to reach the database, with every wait bounded.
   *
   * @param options settings of the session, in the form {@code -c name=value}. They and the schema
   *     count for more than what the database, the role or the URL say.
   */
  static Properties connectionProperties(
      ConnectionParameters parameters, Duration socketTimeout, String options) {
    Properties properties = new Properties();
    PGProperty.OPTIONS.set(
        properties,
        PinnedUrl.of(parameters.jdbcUrl()).options(options, searchPath(parameters.schema())));
    if (parameters.user() != null) {
      PGProperty.USER.set(properties, parameters.user());
    }
    if (parameters.password() != null) {
      PGProperty.PASSWORD.set(properties, parameters.password());
    }
    PGProperty.APPLICATION_NAME.set(properties, "pedi-telemetry");
    PGProperty.CONNECT_TIMEOUT.set(properties, (int) CONNECT_TIMEOUT.toSeconds());
    PGProperty.LOGIN_TIMEOUT.set(properties, (int) CONNECT_TIMEOUT.toSeconds());
    PGProperty.SOCKET_TIMEOUT.set(properties, (int) socketTimeout.toSeconds());
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.REWRITE_BATCHED_INSERTS.set(properties, true);
    // Details quote the values of a row.
    PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
    return properties;
  }

  /** The same for a connection before there are pools, which is waited for longer. */
  public static Properties startProperties(
      ConnectionParameters parameters, Duration socketTimeout, String options) {
    Properties properties = connectionProperties(parameters, socketTimeout, options);
    PGProperty.CONNECT_TIMEOUT.set(properties, (int) PATIENT_TIMEOUT.toSeconds());
    PGProperty.LOGIN_TIMEOUT.set(properties, (int) PATIENT_TIMEOUT.toSeconds());
    return properties;
  }

  /** The same for a connection that may only read, and that is tried once. */
  public static Properties inspectionProperties(ConnectionParameters parameters) {
    return startProperties(parameters, PATIENT_TIMEOUT, "-c default_transaction_read_only=on");
  }

  public static String sessionOptions(boolean readOnly) {
    return SHORT_TIMEOUTS
        // A generic plan locks every partition; a custom one only those of the window.
        + " -c plan_cache_mode=force_custom_plan"
        // Rollups are mostly in memory. With the default, which is for rotating disks, PostgreSQL
        // would read all of a table for a month of it.
        + " -c random_page_cost=1.1"
        // Each question sees one state of the database.
        + (readOnly ? " -c default_transaction_isolation=repeatable\\ read" : "");
  }

  /**
   * What sessions that compute days are set up with.
   *
   * @param silenceLimit the database ends one that is silent for so long
   */
  public static String dayOptions(Duration silenceLimit) {
    return "-c statement_timeout="
        + DAY_STATEMENT_TIMEOUT.toMillis()
        + " -c idle_in_transaction_session_timeout="
        + silenceLimit.toMillis()
        + " -c idle_session_timeout="
        + silenceLimit.toMillis()
        + " -c jit=off";
  }

  public static Properties exportProperties(ConnectionParameters parameters) {
    return connectionProperties(
        parameters, EXPORT_STATEMENT_TIMEOUT.plus(SOCKET_TIMEOUT), EXPORT_OPTIONS);
  }
}

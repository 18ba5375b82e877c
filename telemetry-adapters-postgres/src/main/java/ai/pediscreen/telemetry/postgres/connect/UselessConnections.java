package ai.pediscreen.telemetry.postgres.connect;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a pool drop a connection that works but is useless: it reaches a read-only server, such as
 * the former primary after a failover, or one that is shutting down. The pool itself only detects
 * broken connections, and would hand out such a one for half an hour.
 */
final class UselessConnections implements SQLExceptionOverride {

  private static final Logger LOG = LoggerFactory.getLogger(UselessConnections.class);

  /** Of PostgreSQL: read_only_sql_transaction, admin_shutdown, crash_shutdown. */
  private static final Set<String> STATES = Set.of("25006", "57P01", "57P02");

  /** One failed statement is enough to replace all connections. */
  private static final Duration PERIOD = Duration.ofMillis(500);

  private final Runnable makeAnew;
  private final AtomicLong lastNanos = new AtomicLong(System.nanoTime() - PERIOD.toNanos());

  /**
   * @param makeAnew gives up the other connections, too
   */
  UselessConnections(Runnable makeAnew) {
    this.makeAnew = makeAnew;
  }

  @java.lang.Override
  public Override adjudicate(SQLException failure) {
    if (!STATES.contains(String.valueOf(failure.getSQLState()))) {
      return Override.CONTINUE_EVICT;
    }
    long now = System.nanoTime();
    long last = lastNanos.get();
    if (now - last >= PERIOD.toNanos() && lastNanos.compareAndSet(last, now)) {
      LOG.warn(
          "the database server cannot be used; all connections are replaced: {} (SQLSTATE {})",
          failure.getMessage(),
          failure.getSQLState());
      makeAnew.run();
    }
    return Override.MUST_EVICT;
  }
}

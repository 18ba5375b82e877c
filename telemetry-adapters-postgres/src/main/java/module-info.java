/**
 * Keeps telemetry in PostgreSQL: {@link ai.pediscreen.telemetry.postgres.PostgresStore} is the
 * entry.
 */
@SuppressWarnings("opens") // Of files, not of classes.
module ai.pediscreen.telemetry.postgres {
  requires transitive ai.pediscreen.telemetry.core;
  requires transitive java.sql;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires com.zaxxer.hikari;
  // For Jdbi, which has no descriptor to say so.
  requires io.leangen.geantyref;
  requires org.jdbi.v3.core;
  requires org.postgresql.jdbc;
  requires org.slf4j;
  // Named after its file. At run time it is read by whatever name, as every automatic module is.
  requires static flyway.core;
  requires static org.checkerframework.checker.qual;
  requires static transitive org.jspecify;

  exports ai.pediscreen.telemetry.postgres;

  // Flyway looks there for what it is to run.
  opens ai.pediscreen.telemetry.postgres.migration;
}

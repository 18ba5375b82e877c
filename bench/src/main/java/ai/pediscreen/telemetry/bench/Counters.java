package ai.pediscreen.telemetry.bench;

/**
 * What was used up to a moment, or in a time.
 *
 * @param serverMillis of the processors, by the server; NaN where that is not known
 * @param databaseMillis of the processors, by all processes of PostgreSQL; NaN where that is not
 *     known
 * @param walBytes written to the write-ahead log
 * @param diskBytes that the database takes
 */
record Counters(double serverMillis, double databaseMillis, double walBytes, double diskBytes) {

  /**
   * @param serverPid of the server
   */
  static Counters now(Postgres postgres, long serverPid) {
    return new Counters(
        ProcFiles.millis(serverPid),
        postgres.processorMillis(),
        Double.parseDouble(postgres.ask("SELECT pg_current_wal_lsn() - CAST('0/0' AS pg_lsn)")),
        Double.parseDouble(postgres.ask("SELECT pg_database_size(current_database())")));
  }

  Counters since(Counters earlier) {
    return new Counters(
        serverMillis - earlier.serverMillis,
        databaseMillis - earlier.databaseMillis,
        walBytes - earlier.walBytes,
        diskBytes - earlier.diskBytes);
  }
}

package ai.pediscreen.telemetry.postgres.event;

/** Payloads that are read at once: a megabyte, and the one that goes beyond. */
public final class FirstBytes {

  public static final int LIMIT = 1 << 20;

  /**
   * Of payloads with their positions, which are to be put in, the texts of the first ones that hold
   * a megabyte. How much is stored for them is asked first, which is at hand, so that the texts of
   * all are not made for the sake of a few. OFFSET 0 keeps a text from being made twice, once for
   * its length.
   */
  public static final String QUERY =
      """
      SELECT payload
      FROM (
        SELECT payload, position, coalesce(sum(octet_length(payload)) OVER before, 0) AS bytes_before
        FROM (
          SELECT CAST(payload AS text) AS payload, position
          FROM (
            SELECT payload, position, coalesce(sum(pg_column_size(payload)) OVER before, 0)
              AS stored_before
            FROM (%s) AS asked
            WINDOW before AS (
              ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS stored
          WHERE stored_before < :bytes
          OFFSET 0) AS written
        WINDOW before AS (
          ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS measured
      WHERE bytes_before < :bytes
      ORDER BY position
      """;

  private FirstBytes() {}
}

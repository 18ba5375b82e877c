/**
 * Telemetry in Google BigQuery: rows leave for it by the Storage Write API and by load jobs, and
 * questions are answered there in GoogleSQL.
 *
 * <p>{@link ai.pediscreen.telemetry.bigquery.BigQueryTelemetry} is the entry and hands out the
 * ports; {@link ai.pediscreen.telemetry.bigquery.BigQuerySettings} says which dataset. {@link
 * ai.pediscreen.telemetry.bigquery.BigQueryProvider} is how the server finds both. A program that
 * leaves this module out needs nothing of Google's.
 */
@NullMarked
package ai.pediscreen.telemetry.bigquery;

import org.jspecify.annotations.NullMarked;

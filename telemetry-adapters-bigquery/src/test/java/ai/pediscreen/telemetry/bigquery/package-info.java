/** Tests of the adapter, and the BigQuery on this machine that they and others run against. */
@NullMarked
package ai.pediscreen.telemetry.bigquery;

import org.jspecify.annotations.NullMarked;

/** Routes of erasures, legal holds and the audit log. */
@NullMarked
package ai.pediscreen.telemetry.server.http.compliance;

import org.jspecify.annotations.NullMarked;

/** Settings: from the environment and the file .env, checked before anything starts. */
@NullMarked
package ai.pediscreen.telemetry.server.config;

import org.jspecify.annotations.NullMarked;

/**
 * Settings: from the environment and the file .env, checked before anything starts.
 *
 * <p>{@code ServerConfig} is the entry. Each of its groups declares its settings and says what they
 * come to; {@code Settings} lists them all.
 */
@NullMarked
package ai.pediscreen.telemetry.server.config;

import org.jspecify.annotations.NullMarked;
